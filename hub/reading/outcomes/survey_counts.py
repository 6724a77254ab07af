"""The counts behind the results of a survey: runs and answers by question, provider, month and audience. Shows nothing.

A provider is whom the last appointment before the invitation was with. Where that is somebody of ours by name, it is
their team: no worker is ranked.
"""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from hub.reading.outcomes.scope import PEOPLE, Scope
from hub.surveys.definition import Survey
from hub.surveys.kinds import Question, QuestionKind

NO_PROVIDER = "No appointment before it"
SKIPPED, WORDS = "-", "+"  # codes of what is no answer to be counted: left out, or in their own words
_RUNS = f"""
    WITH runs AS (
        SELECT r.id, r.state, to_char(r.invited_at AT TIME ZONE :zone, 'YYYY-MM') AS month,
               coalesce(ours.name, nullif(last.with_whom, ''), :no_provider) AS provider,
               p.language, coalesce(way.channel, '') AS channel, coalesce(own.name, '') AS team
        FROM survey_runs r JOIN people p ON p.id = r.person_id
        LEFT JOIN workers worker ON worker.id = p.worker_id
        LEFT JOIN teams own ON own.id = worker.team_id
        LEFT JOIN LATERAL (
            SELECT c.channel FROM contact_points c WHERE c.person_id = p.id
            ORDER BY c.stopped_at IS NOT NULL, c.preferred DESC, c.id LIMIT 1
        ) way ON true
        LEFT JOIN LATERAL (
            SELECT a.with_whom FROM appointments a WHERE a.person_id = r.person_id AND a.starts_at <= r.invited_at
              AND a.state <> 'cancelled' ORDER BY a.starts_at DESC LIMIT 1
        ) last ON true
        LEFT JOIN LATERAL (
            SELECT t.name FROM workers w JOIN teams t ON t.id = w.team_id
            WHERE t.agency_id = :agency AND last.with_whom ILIKE w.first_name || '%' LIMIT 1
        ) ours ON true
        WHERE r.survey = :survey AND r.invited_at >= :since AND r.invited_at < :until
          AND r.state <> 'withdrawn' AND {PEOPLE}
    )
"""  # noqa: S608  # our own words
_STATES = f"""{_RUNS}
    SELECT state, provider, month, count(*), count(*) FILTER (WHERE EXISTS (
        SELECT 1 FROM answers a WHERE a.run_id = runs.id AND a.code IS NOT NULL))
    FROM runs GROUP BY state, provider, month
"""  # noqa: S608
_ANSWERS = f"""{_RUNS}
    SELECT a.question, coalesce(a.code, CASE WHEN a.words_sealed IS NULL THEN '{SKIPPED}' ELSE '{WORDS}' END),
           provider, month, count(*) FROM runs JOIN answers a ON a.run_id = runs.id
    GROUP BY 1, 2, provider, month
"""  # noqa: S608
# Who did not answer: the people of each audience, and how many of them answered nothing at all.
_AUDIENCES = f"""{_RUNS}, told AS (SELECT runs.*, EXISTS (SELECT 1 FROM answers a WHERE a.run_id = runs.id
        AND (a.code IS NOT NULL OR a.words_sealed IS NOT NULL)) AS answered FROM runs)
    SELECT CASE WHEN grouping(channel) = 0 THEN 'channel' WHEN grouping(language) = 0 THEN 'language' ELSE 'team' END,
           coalesce(channel, language, team), count(*), count(*) FILTER (WHERE NOT answered)
    FROM told GROUP BY GROUPING SETS ((channel), (language), (team))
"""  # noqa: S608


@dataclass(slots=True)
class Group:
    """Some runs: how many people answered anything, and how many of the answers that can be good were."""

    people: int = 0
    completed: int = 0
    invited: int = 0
    good: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True)
class Silent:
    """People of one audience, and how many of them answered nothing."""

    invited: int
    silent: int


@dataclass(slots=True)
class Counts:
    states: Counter[str] = field(default_factory=Counter)
    answers: dict[str, Counter[str]] = field(default_factory=dict)  # by question, by code
    providers: dict[str, Group] = field(default_factory=dict)
    months: dict[str, Group] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)  # by question: asked, and left out


async def count(session: AsyncSession, scope: Scope, survey: Survey) -> Counts:
    facts = scope.facts | {"survey": survey.name, "no_provider": NO_PROVIDER}
    counts = Counts(answers={name: Counter() for name in survey.questions})
    for state, provider, month, runs, people in await session.execute(text(_STATES), facts):
        counts.states[state] += runs
        for group in _groups(counts, provider, month):
            group.people, group.invited = group.people + people, group.invited + runs
            group.completed += runs if state == "completed" else 0
    for name, code, provider, month, number in await session.execute(text(_ANSWERS), facts):
        if (question := survey.questions.get(name)) is None:
            continue  # a question that the survey had before
        if code in {SKIPPED, WORDS}:
            counts.skipped[name] += number if code == SKIPPED else 0
            continue
        counts.answers[name][code] += number
        for group in _groups(counts, provider, month):
            _weigh(group, question, code, number)
    return counts


async def audiences(session: AsyncSession, scope: Scope, survey: Survey) -> dict[str, dict[str, Silent]]:
    """By channel, by language and by team: how many were invited, and how many answered nothing."""
    facts = scope.facts | {"survey": survey.name, "no_provider": NO_PROVIDER}
    found: dict[str, dict[str, Silent]] = {"channel": {}, "language": {}, "team": {}}
    for kind, name, invited, silent in await session.execute(text(_AUDIENCES), facts):
        found[kind][name] = Silent(invited, silent)
    return found


def is_good(question: Question, code: str) -> bool | None:
    """Yes, or one of the two best marks; None for questions whose answers are neither good nor bad."""
    if question.kind is QuestionKind.SCALE:
        return code in question.codes()[-2:]
    if question.kind is QuestionKind.YES_NO:
        return code == ("no" if question.concern == "yes" else "yes")
    return None


def _groups(counts: Counts, provider: str, month: str) -> tuple[Group, Group]:
    return counts.providers.setdefault(provider, Group()), counts.months.setdefault(month, Group())


def _weigh(group: Group, question: Question, code: str, number: int) -> None:
    match is_good(question, code):
        case True:
            group.good += number
        case False:
            group.other += number
