"""Facts of the audit as lines of a timeline, each with its record. Knows no page."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.case_closing import CLOSED_FOR
from hub.proposals import ANSWERS, DECISIONS
from hub.reading.court.known import Known, know_workers
from hub.reading.court.line import Line
from hub.reading.court.words import CASES, EVENTS, IN_ONE, KNOWN_FROM
from hub.states import CheckInState
from hub.store.tables import Appointment, AuditEvent
from hub.times import say_when

SETS_A_DAY = frozenset({"condition_added", "condition_changed", "extension_accepted"})


async def events_of(session: AsyncSession, found: Known) -> Sequence[AuditEvent]:
    """Those that a timeline tells, of this case and in its time."""
    wanted = select(AuditEvent).where(AuditEvent.person_id == found.case.person_id, AuditEvent.what.in_(EVENTS))
    opened, closed = found.case.opened_at, found.case.closed_at
    events = [
        event
        for event in await session.scalars(wanted.order_by(AuditEvent.id))
        if found.has(*_subject(event)) and event.at >= opened and (closed is None or event.at <= closed)
    ]
    await know_workers(session, found, events)
    for event in events:
        if event.what == "appointment_moved":
            found.moves[_subject(event)[1]].append((event.id, str(event.details["before"])))
        if event.what in SETS_A_DAY:
            found.last_set[_subject(event)[1]] = event.id
    return events


def fact_lines(found: Known, events: Sequence[AuditEvent], said: Mapping[datetime, int]) -> list[Line]:
    """`said`: their texts, by the moment at which they were understood."""
    return [_line(found, event, _message(event, said)) for event in events] + _silences(found)


def messages_named(events: Sequence[AuditEvent], said: Mapping[datetime, int]) -> set[int]:
    """Their texts that these lines speak of already."""
    return {message for event in events if (message := _message(event, said))}


def _message(event: AuditEvent, said: Mapping[datetime, int]) -> int | None:
    return said.get(event.at) if event.actor.startswith("person:") else None


def _line(found: Known, event: AuditEvent, message: int | None) -> Line:
    facts, words = _facts(found, event), EVENTS[event.what]
    source = f"Record {event.id} by {found.who(event.actor)}" + (f", message {message}" if message else "")
    if event.what in IN_ONE:
        tail = f", with {facts['with_whom']}"
        return Line(event.at, facts["before"], source, event.id, group=words, tail=tail)
    return Line(event.at, words.format_map(facts), source, event.id)


def _facts(found: Known, event: AuditEvent) -> dict[str, str]:
    kind, number = _subject(event)
    if kind == "proof":
        kind, number = "appointment", found.proofs[number].appointment_id
    reason = str(event.details.get("reason", ""))
    milestone = str(event.details.get("milestone", "")).replace("_", " ")
    facts = {"milestone": milestone, "closed": CASES.get(reason) or CLOSED_FOR.get(reason, "").lower()}
    if kind == "proposal":
        answer, decision = (str(event.details.get(name, "")) for name in ("answer", "decision"))
        facts |= {"answer": ANSWERS.get(answer, "").lower(), "decision": DECISIONS.get(decision, "").lower()}
    if kind == "appointment":
        facts |= _appointment(found, event, found.appointments[number])
    if event.what.startswith(("condition_", "extension_")):
        facts |= {"condition": f"“{found.conditions.get(number, '')}”", "due": _due(found, event, number)}
    return facts


def _appointment(found: Known, event: AuditEvent, row: Appointment) -> dict[str, str]:
    """At the time that it had then."""
    before, after = (_time(found, row, event.id, after=after) for after in (False, True))
    return {
        "appointment": f"{before}, with {row.with_whom}",
        "with_whom": row.with_whom,
        "before": before,
        "after": after,
        "known": _known_from(found, event, row),
    }


def _time(found: Known, row: Appointment, event_id: int, *, after: bool) -> str:
    moved = (
        before for number, before in found.moves[row.id] if number > event_id or (number == event_id and not after)
    )
    first = next(moved, None)
    return say_when(datetime.fromisoformat(first) if first else row.starts_at, found.zone)


def _known_from(found: Known, event: AuditEvent, row: Appointment) -> str:
    proof = found.proof_of(row.id)
    if event.what == "appointment_attended" and proof and proof.decided_at == event.at:
        by = found.names.get(proof.decided_by_id or 0, "a worker")
        return KNOWN_FROM.get(proof.kind, proof.kind.replace("_", " ")).format(by=by)
    return found.who(event.actor)


def _due(found: Known, event: AuditEvent, number: int) -> str:
    """The day that it had then: as the record tells, or as it is now where nothing has changed it since."""
    told = event.details.get("due_on")
    day = date.fromisoformat(str(told)) if told else found.due.get(number)
    known_then = told or found.last_set.get(number) == event.id
    return f", by {day.day} {day:%B %Y}" if day and known_then else ""


def _silences(found: Known) -> list[Line]:
    """Nobody answered in time: a fact without a record of its own."""
    silent = (row for row in found.check_ins.values() if row.state is CheckInState.EXPIRED)
    return [
        Line(row.closes_at, f"No answer to the check-in of {say_when(row.due_at, found.zone)}", f"Check-in {row.id}")
        for row in silent
    ]


def _subject(event: AuditEvent) -> tuple[str, int]:
    kind, _, number = event.subject.partition(":")
    return kind, int(number) if number.isdecimal() else 0
