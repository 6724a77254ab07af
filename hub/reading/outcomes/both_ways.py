"""Feedback both ways by provider: what people say of its sessions, and what those who hold them say of taking part.

People were not put there by lot, and who goes where differs: this compares no two providers.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.reading.outcomes.figure import Cell, Figure, Row, say_percent, shown
from hub.reading.outcomes.scope import PEOPLE, Scope
from hub.reading.outcomes.small import LEAST, TOO_FEW, hide, is_small, percent
from hub.reading.outcomes.survey_counts import is_good
from hub.store.tables import Worker

LATELY = timedelta(weeks=12)
# Sessions with a provider that somebody came to. One of ours by name is their team: no worker is ranked.
_SESSIONS = f"""
    WITH sessions AS (
        SELECT a.id, a.person_id, a.worker_id, coalesce(ours.name, a.with_whom) AS provider
        FROM appointments a JOIN people p ON p.id = a.person_id
        LEFT JOIN workers staff ON staff.id = a.worker_id
        LEFT JOIN LATERAL (
            SELECT t.name FROM workers w JOIN teams t ON t.id = w.team_id
            WHERE t.agency_id = :agency AND w.role <> 'provider' AND a.with_whom ILIKE w.first_name || '%' LIMIT 1
        ) ours ON true
        WHERE a.state = 'attended' AND a.starts_at >= :since AND a.starts_at < :until
          AND (a.worker_id IS NULL OR staff.role = 'provider') AND {PEOPLE}
    )
"""  # noqa: S608  # our own words
_SAID = f"""{_SESSIONS}
    SELECT provider, r.survey, x.question, x.code, count(*) FROM sessions
    JOIN survey_runs r ON r.appointment_id = sessions.id JOIN answers x ON x.run_id = r.id
    WHERE x.code IS NOT NULL AND (CAST(:of AS bigint) IS NULL OR sessions.worker_id = :of)
    GROUP BY provider, r.survey, x.question, x.code
"""  # noqa: S608
_WHO = f"""{_SESSIONS}
    SELECT provider, count(DISTINCT sessions.person_id) FILTER (WHERE x.id IS NOT NULL),
           count(DISTINCT f.id), count(DISTINCT f.id) FILTER (WHERE f.took_part >= 3)
    FROM sessions LEFT JOIN survey_runs r ON r.appointment_id = sessions.id
    LEFT JOIN answers x ON x.run_id = r.id AND x.code IS NOT NULL
    LEFT JOIN session_feedback f ON f.appointment_id = sessions.id
    WHERE CAST(:of AS bigint) IS NULL OR sessions.worker_id = :of
    GROUP BY provider ORDER BY lower(provider)
"""  # noqa: S608
_WORKERS = """
    SELECT provider, count(*), count(*) FILTER (WHERE useful >= 4) FROM provider_feedback
    WHERE agency_id = :agency AND side = :side AND at >= :since AND at < :until GROUP BY provider
"""


@dataclass(slots=True)
class _Counts:
    people: int = 0  # who answered anything
    good: int = 0
    other: int = 0
    told: int = 0  # sessions that staff told about
    well: int = 0  # of these, with people who took part well
    workers: int = 0  # what workers said of it, once a month each
    useful: int = 0


async def figure(hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    counts = await _count(hub, session, scope)
    names = list(counts)
    people = hide([counts[name].people for name in names], [_tells(counts[name]) for name in names])
    return Figure(
        key="both-ways",
        title="Feedback both ways, by provider",
        definition=(
            "Sessions in the period that people came to: what they said of them, what those who held them said of "
            "taking part, and how useful workers find the provider. Who goes where differs, so a difference is a "
            "question and no verdict."
        ),
        columns=(
            "Provider",
            "People who answered",
            "Good answers",
            "Sessions told about",
            "Took part well",
            "Told by workers",
            "Useful, say workers",
        ),
        rows=[_row(name, counts[name], cell) for name, cell in zip(names, people, strict=True)],
        drawn="How many in a hundred of people's answers were good",
        whole=100,
        if_any=True,
    )


async def of_provider(hub: Hub, session: AsyncSession, worker: Worker) -> str:
    """What people say of this provider's own sessions, as numbers that name nobody."""
    agency, now = worker.team.agency, hub.clock.now()
    scope = Scope(agency, worker.team.side, None, "", now - LATELY, now)
    counts = (await _count(hub, session, scope, of=worker.id)).values()
    people, good = sum(each.people for each in counts), sum(each.good for each in counts)
    other = sum(each.other for each in counts)
    if people < LEAST or is_small(good) or is_small(other):
        return "Too few people have answered in the last 12 weeks to show numbers: they could be recognised."
    return f"{people} people answered in the last 12 weeks. {percent(good, good + other)}% of their answers were good."


async def _count(hub: Hub, session: AsyncSession, scope: Scope, of: int | None = None) -> dict[str, _Counts]:
    counts: dict[str, _Counts] = defaultdict(_Counts)
    facts = scope.facts | {"of": of}
    for provider, people, told, well in await session.execute(text(_WHO), facts):
        found = counts[provider]
        found.people, found.told, found.well = people, told, well
    for provider, name, question, code, number in await session.execute(text(_SAID), facts):
        survey = hub.flows.surveys.get(name)
        asked = survey.questions.get(question) if survey else None
        good = is_good(asked, code) if asked else None
        counts[provider].good += number if good else 0
        counts[provider].other += number if good is False else 0
    if of is None:
        for provider, workers, useful in await session.execute(text(_WORKERS), facts):
            counts[provider].workers, counts[provider].useful = workers, useful
    return dict(counts)


def _tells(found: _Counts) -> bool:
    return is_small(found.good) or is_small(found.other)


def _row(name: str, found: _Counts, cell: int | None) -> Row:
    share = percent(found.good, found.good + found.other) if cell else None
    good: Cell = say_percent(share, found.good + found.other) if cell else shown(cell) if cell is None else "–"
    staff = _pair(found.told, found.well)
    cells = (shown(cell), good, *staff, *_pair(found.workers, found.useful))
    return Row(name, cells, share, "" if share is None else f"{share}% of {cell:,} people")


def _pair(base: int, part: int) -> tuple[Cell, Cell]:
    """A number and its share; neither, where the few could be recognised."""
    if is_small(base) or is_small(part) or is_small(base - part):
        return TOO_FEW, TOO_FEW
    return base, say_percent(percent(part, base), base)
