"""The whole timeline of a case, in order, with what proves that nobody has changed its records since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.reading.court.facts import events_of, fact_lines, messages_named
from hub.reading.court.known import known
from hub.reading.court.line import Line, in_order
from hub.reading.court.texts import said_in, text_lines
from hub.reading.texts import shown_name
from hub.store import audit
from hub.store.tables import AuditEvent, AuditSeal, Case
from hub.times import local, say_time, say_when


@dataclass(frozen=True, slots=True)
class Said:
    time: str
    words: str
    source: str


@dataclass(frozen=True, slots=True)
class Timeline:
    reference: str
    person_ref: str
    name: str
    kind: str
    since: str
    until: str
    made: str  # by whom and when
    days: list[tuple[str, list[Said]]]
    left_out: int  # texts of the time that are not listed
    with_words: bool
    seal: str  # what the records can be checked by


async def timeline(hub: Hub, session: AsyncSession, case: Case, by: str, *, with_words: bool = False) -> Timeline:
    """`by`: who prints it. `with_words`: what was written by hand is quoted."""
    found = await known(hub, session, case)
    events = await events_of(session, found)
    said = await said_in(session, found)
    lines = fact_lines(found, events, said.turns)
    lines += text_lines(hub, found, said, messages_named(events, said.turns), with_words=with_words)
    if not any(event.what == "case_opened" for event in events):
        lines.append(Line(case.opened_at, "The case was opened", f"Case {case.id}"))
    zone, now = found.zone, hub.clock.now()
    return Timeline(
        reference=case.reference,
        person_ref=case.person.ref,
        name=shown_name(hub, case.person),
        kind=case.kind.replace("_", " "),
        since=_day(case.opened_at, zone),
        until=_day(case.closed_at, zone) if case.closed_at else "",
        made=f"{say_when(now, zone)} {local(now, zone).year} by {by}",
        days=_by_day(in_order(lines), zone),
        left_out=said.left_out,
        with_words=with_words,
        seal=await seal_of(session, events),
    )


async def seal_of(session: AsyncSession, events: Sequence[AuditEvent]) -> str:
    """The chain as it stands, and whether it holds as far back as the first of these events."""
    last = (await session.scalars(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))).first()
    if last is None or not events:
        return "The records of this timeline are not sealed yet: that is done every minute. Look again then."
    since = select(func.count()).select_from(AuditEvent).where(AuditEvent.id >= events[0].id)
    broken = await audit.verify(session, newest=int(await session.scalar(since) or 1))
    if broken is not None:
        return f"The records do not fit seal {broken}: do not rely on this timeline, and tell your administrator."
    sealed = max((event.id for event in events if event.transaction <= last.last_transaction), default=0)
    return (
        f"Records up to {sealed} are sealed and unchanged: seal {last.id}, SHA-256 {last.digest.hex()}. "
        "“handrail audit verify” checks it again."
    )


def _by_day(lines: Sequence[Line], zone: str) -> list[tuple[str, list[Said]]]:
    days: dict[str, list[Said]] = {}
    for line in lines:
        days.setdefault(_day(line.at, zone), []).append(Said(say_time(line.at, zone), line.words, line.source))
    return list(days.items())


def _day(moment: datetime, zone: str) -> str:
    day = local(moment, zone)
    return f"{day:%A} {day.day} {day:%B %Y}"
