"""How long until a human acts: in all, and reason by reason. Never by worker."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.reading.outcomes.figure import Figure, Row, say_length
from hub.reading.outcomes.scope import PEOPLE, Scope
from hub.reading.outcomes.small import LEAST, TOO_FEW, hide
from hub.reading.outcomes.working import opening_hours, worked
from hub.reasons import INTERRUPTING, REASONS

# `acted`: the first of taken, closed and written to; `replied`: written to.
_OPENED = f"""
    WITH opened AS (
        SELECT e.reason, e.opened_at, replied, least(e.taken_at, e.closed_at, replied) AS acted
        FROM escalations e JOIN conversations c ON c.id = e.conversation_id JOIN people p ON p.id = c.person_id
        LEFT JOIN LATERAL (
            SELECT min(m.created_at) AS replied FROM messages m WHERE m.conversation_id = e.conversation_id
              AND m.author_id IS NOT NULL AND m.created_at >= e.opened_at AND m.created_at < :until
        ) first ON true
        WHERE e.opened_at >= :since AND e.opened_at < :until AND {PEOPLE}
    )
"""  # noqa: S608  # our own words
_MIDDLE = "percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY"
_TO_A_HUMAN = f"""{_OPENED}
    SELECT reason = ANY(:safety), count(*), count(acted),
           {_MIDDLE} extract(epoch FROM acted - opened_at)),
           {_MIDDLE} greatest({worked("acted")} - {worked("opened_at")}, 0)) FILTER (WHERE acted IS NOT NULL)
    FROM opened GROUP BY 1
"""  # noqa: S608
_BY_REASON = f"""{_OPENED}
    SELECT reason, count(*), count(replied), {_MIDDLE} extract(epoch FROM replied - opened_at))
    FROM opened GROUP BY reason ORDER BY count(*) DESC, reason
"""  # noqa: S608
_NONE = (None, None)


async def time_to_a_human(_hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    facts = scope.facts | opening_hours(scope) | {"safety": sorted(INTERRUPTING)}
    found = {row[0]: row[1:] for row in await session.execute(text(_TO_A_HUMAN), facts)}
    rows = [_human_row(words, found.get(safety, (0, 0, None, None))) for safety, words in _KINDS.items()]
    return Figure(
        key="time-to-a-human",
        title="Time until a human acts",
        definition="From the moment when something was put in front of a worker until somebody took it, wrote or "
        "closed it. Middle: half were faster. Slowest tenth: nine in ten were. Working time: opening hours alone.",
        columns=("What", "Came in", "Still waiting", *(f"{what}, {time}" for time in _TIMES for what in _WHICH)),
        rows=rows,
        drawn="Middle time by the clock, in minutes",
        notes=["Those still waiting are in no middle. In danger, the clock counts, day and night."],
    )


async def by_reason(_hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    found: Sequence[Any] = (await session.execute(text(_BY_REASON), scope.facts)).all()
    counts = hide([row[1] for row in found])
    return Figure(
        key="escalations",
        title="Why a human was needed",
        definition="What was put in front of a worker in the period, by its reason, and how long it was until a worker "
        "wrote to the person. A call leaves no message: those who were only called count as “no reply by message”.",
        columns=("Reason", "Times", "No reply by message", "Middle time to first reply", "Slowest tenth"),
        rows=_reason_rows(found, counts),
        drawn="How many times",
    )


_KINDS = {True: "Somebody may come to harm", False: "All other reasons"}
_TIMES = ("by the clock", "in working time")
_WHICH = ("Middle", "Slowest tenth")


def _human_row(label: str, found: Sequence[Any]) -> Row:
    count, acted, clock, working = found
    if 0 < count < LEAST:
        return Row(label, (TOO_FEW,) * 6)
    clock, working = (clock, working) if acted >= LEAST else (_NONE, _NONE)
    lengths = [TOO_FEW if 0 < acted < LEAST else say_length(seconds) for seconds in (*clock, *working)]
    size = None if clock[0] is None else clock[0] / 60
    return Row(label, (count, count - acted, *lengths), size, "" if size is None else say_length(clock[0]))


def _reason_rows(found: Sequence[Any], counts: Sequence[int | None]) -> list[Row]:
    """Those that are too few share a row."""
    rows = [_reason_row(row, count) for row, count in zip(found, counts, strict=True) if count is not None]
    few = [_words(row[0]) for row, count in zip(found, counts, strict=True) if count is None]
    return [*rows, Row(", ".join(sorted(few)), (TOO_FEW,) * 4)] if few else rows


def _reason_row(found: Sequence[Any], count: int) -> Row:
    reason, _, replied, lengths = found
    said = [
        say_length(seconds) if replied >= LEAST else TOO_FEW if replied else "None yet" for seconds in lengths or _NONE
    ]
    return Row(_words(reason), (count, count - replied, *said), count, f"{count:,}")


def _words(reason: str) -> str:
    return REASONS[reason].words if reason in REASONS else reason.replace("_", " ")
