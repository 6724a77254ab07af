"""How busy and how well the hub is, in numbers: what waits, for how long, what providers said. For monitoring.

Every query runs on a partial index of what is not finished, so it costs the same with a million messages as with ten.
Literals and no parameters stand where such an index is to be found. Knows no format and nothing of anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from hub.heartbeat import last_beat
from hub.reasons import INTERRUPTING
from hub.words import Priority

# Seconds from due to accepted by the provider: an urgent answer should be below 2, a reminder below 60.
BUCKETS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 14400.0)
# A transaction that began before we looked may end after: what is younger than this is counted the next time.
SETTLED = timedelta(seconds=10)

_STATES = ("received", "held", "queued", "claimed", "sending", "uncertain")
# `sending` and `claimed` share an index whose condition names both.
_UNFINISHED = " UNION ALL ".join(
    f"SELECT '{state}', count(*), min(state_at) FROM messages WHERE state = '{state}'"  # noqa: S608  # our own words
    for state in _STATES
)
_QUEUE = "SELECT rank, count(*), min(due_at) FROM messages WHERE state = 'queued' AND due_at <= :now GROUP BY rank"
_TEXTS = "SELECT 'texts', count(*), min(waiting_since) FROM conversations WHERE waiting_since IS NOT NULL"
_ESCALATIONS = "SELECT reason, count(*), min(opened_at) FROM escalations WHERE state <> 'closed' GROUP BY reason"
_UNTAKEN = """
    SELECT reason, count(*), min(opened_at) FROM escalations
    WHERE state <> 'closed' AND state = 'open' GROUP BY reason
"""
# A message that had to be tried again has its due time moved: its first attempt tells when it could have gone.
_ACCEPTED = """
    SELECT rank, width_bucket(seconds, CAST(:buckets AS float8[])), count(*), sum(seconds)
    FROM attempts a JOIN messages m ON m.id = a.message_id
    CROSS JOIN LATERAL (SELECT min(started_at) AS at FROM attempts WHERE message_id = m.id) first
    CROSS JOIN LATERAL (
        SELECT CAST(greatest(extract(epoch FROM a.finished_at - least(m.due_at, first.at)), 0) AS float8) AS seconds
    ) took
    WHERE a.finished_at > :since AND a.finished_at <= :until AND a.outcome = 'accepted' GROUP BY 1, 2
"""
_REFUSED = """
    SELECT l.channel, CASE WHEN a.outcome = 'refused' THEN coalesce(nullif(m.reason, ''), 'refused') ELSE a.outcome END,
           count(*)
    FROM attempts a JOIN messages m ON m.id = a.message_id JOIN lines l ON l.id = m.line_id
    WHERE a.finished_at > :since AND a.finished_at <= :until AND a.outcome <> 'accepted' GROUP BY 1, 2
"""
_UNDELIVERED = """
    SELECT l.channel, r.meaning, count(*)
    FROM receipts r JOIN messages m ON m.provider_message_id = r.provider_message_id AND m.direction = 'out'
    JOIN lines l ON l.id = m.line_id
    WHERE r.at > :since AND r.at <= :until AND r.meaning <> '' GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Wait:
    """How many wait, and since when the first of them."""

    number: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Load:
    """What is so at this moment. An absent key means that none waits."""

    beat: datetime | None
    unfinished: Mapping[str, Wait]  # messages by state
    due: Mapping[str, Wait]  # messages that could leave now, by priority
    texts: Wait | None  # conversations with a text that nobody has looked at
    escalations: Mapping[str, Wait]  # not closed, by reason
    untaken: Mapping[str, Wait]  # nobody has taken them, by reason
    crisis: Wait | None  # of those, the ones that are a cry for help


@dataclass(frozen=True, slots=True)
class Accepted:
    """`number` messages of a priority took as long as bucket `bucket` of `BUCKETS` says (the last: longer), together
    `seconds`."""

    priority: str
    bucket: int
    number: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Problem:
    """`number` times a provider said no, in the hub's words for why."""

    channel: str
    meaning: str
    number: int


async def load(session: AsyncSession, now: datetime) -> Load:
    untaken = await _waits(session, _UNTAKEN)
    cries = [wait for reason, wait in untaken.items() if reason in INTERRUPTING]
    return Load(
        beat=await last_beat(session),
        unfinished=await _waits(session, _UNFINISHED),
        due={_priority(rank): wait for rank, wait in (await _waits(session, _QUEUE, now=now)).items()},
        texts=(await _waits(session, _TEXTS)).get("texts"),
        escalations=await _waits(session, _ESCALATIONS),
        untaken=untaken,
        crisis=Wait(sum(w.number for w in cries), min(w.since for w in cries)) if cries else None,
    )


async def accepted(session: AsyncSession, since: datetime, until: datetime) -> list[Accepted]:
    """What providers took in (since, until]."""
    found = await _rows(session, _ACCEPTED, since=since, until=until, buckets=list(BUCKETS))
    return [Accepted(_priority(rank), bucket, number, seconds) for rank, bucket, number, seconds in found]


async def problems(session: AsyncSession, since: datetime, until: datetime) -> list[Problem]:
    """What providers refused, put off or could not deliver in (since, until]."""
    asked = [await _rows(session, query, since=since, until=until) for query in (_REFUSED, _UNDELIVERED)]
    return [Problem(*row) for rows in asked for row in rows]


async def _waits(session: AsyncSession, query: str, **facts: Any) -> dict[Any, Wait]:
    return {key: Wait(number, since) for key, number, since in await _rows(session, query, **facts) if number}


async def _rows(session: AsyncSession, query: str, **facts: Any) -> Sequence[Any]:
    return (await session.execute(text(query), facts)).all()


def _priority(rank: int) -> str:
    return list(Priority)[rank].value
