"""Making, moving, cancelling and closing appointments; each replans its nudges and tells the person.

`actor` is who did it, for the audit: "worker:7", "key:3", "hub", "person:12". Knows nothing of screens.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Required, TypedDict, Unpack

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import encouragement, silence, venues
from hub.core import Hub
from hub.errors import MoveNotAllowed
from hub.escalations import escalate
from hub.handling import STANDING
from hub.nudges.planner import Change, replan, replan_all
from hub.people import conversation_for
from hub.speaking import facts_about, speak_to
from hub.states import NUDGE_MOVES, NudgeState, check_move
from hub.store import audit
from hub.store.refs import new_ref
from hub.store.tables import Appointment, MoveRequest, Nudge, Person
from hub.surveys import invitations
from hub.words import AppointmentState, Awaiting, Priority, Purpose

# A missed one can still be moved, and a late proof can settle it; attended and cancelled are ends.
OPEN_ENDED = frozenset((*STANDING, AppointmentState.MISSED, AppointmentState.UNKNOWN))
JUST_TOLD = timedelta(hours=6)
OUTCOME_WITHIN = timedelta(days=1)  # after that an appointment that nobody has closed counts as unknown


class Details(TypedDict, total=False):
    """What an appointment is made of. `starts_at` is aware; `minutes` is how long it takes."""

    person: Required[Person]
    starts_at: Required[datetime]
    with_whom: Required[str]
    place: Required[str]
    minutes: int
    how: str
    directions: str
    bring: str
    proof_wanted: bool
    case_id: int | None
    worker_id: int | None
    external_id: str | None
    series_id: int | None
    occurrence_on: date | None


_USUAL = {"minutes": 30, "how": "in_person", "directions": "", "bring": "", "proof_wanted": False}


def new(hub: Hub, **details: Unpack[Details]) -> Appointment:
    """One that is not stored yet: give it to `store`."""
    person = details["person"]
    return Appointment(
        ref=new_ref(),
        agency_id=person.agency_id,
        person_id=person.id,
        side=person.side,
        state=AppointmentState.PLANNED,
        state_at=hub.clock.now(),
        **(_USUAL | details),
    )


async def store(hub: Hub, session: AsyncSession, actor: str, made: Sequence[Appointment]) -> Change:
    """Store new ones, many at once, with their nudges planned."""
    await venues.give_secrets(hub, session, [appointment for appointment in made if appointment.proof_wanted])
    session.add_all(made)
    await session.flush()
    for appointment in made:
        _record(session, hub.clock.now(), actor, "appointment_made", appointment)
    return await replan_all(hub, session, "appointment", [appointment.id for appointment in made])


async def schedule(hub: Hub, session: AsyncSession, actor: str, **details: Unpack[Details]) -> Appointment:
    """A new appointment with its nudges planned."""
    appointment = new(hub, **details)
    await store(hub, session, actor, [appointment])
    await session.refresh(appointment, ["worker"])
    return appointment


async def move(hub: Hub, session: AsyncSession, actor: str, appointment: Appointment, starts_at: datetime) -> Change:
    """Give it another time, replan its nudges, tell the person and ask whether that suits.

    Raises
    ------
    MoveNotAllowed
        when they came, or when it was called off.
    """
    check_can_move(appointment)
    now = hub.clock.now()
    before = appointment.starts_at
    appointment.starts_at = starts_at
    _set_state(appointment, AppointmentState.PLANNED, now)
    await _close_move_requests(session, appointment, now)
    _record(session, now, actor, "appointment_moved", appointment, before=before.isoformat())
    change = await replan(hub, session, "appointment", appointment.id)
    if starts_at > now:
        await ask_about(hub, session, appointment, "appointments.moved")
        await _leave_out_reminders(session, appointment, now)
    return change


async def cancel(hub: Hub, session: AsyncSession, actor: str, appointment: Appointment, *, tell: bool = True) -> Change:
    """Call it off, cancel its nudges and tell the person, unless another text does.

    Raises
    ------
    MoveNotAllowed
        when it does not stand any more.
    """
    _check_state(appointment, frozenset(STANDING))
    now = hub.clock.now()
    _set_state(appointment, AppointmentState.CANCELLED, now)
    await _close_move_requests(session, appointment, now)
    _record(session, now, actor, "appointment_cancelled", appointment)
    change = await replan(hub, session, "appointment", appointment.id)
    handling = await speak_to(hub, session, appointment.person, Purpose.REMINDER) if tell else None
    if handling and appointment.starts_at > now:
        if _is_about(handling.prompt, appointment):
            await handling.answered()
        facts = facts_about(handling, appointment)
        await handling.say(
            "appointments.cancelled", priority=Priority.REMINDER, expires_at=appointment.starts_at, **facts
        )
    return change


async def set_outcome(
    hub: Hub,
    session: AsyncSession,
    actor: str,
    appointment: Appointment,
    state: AppointmentState,
    *,
    thank: bool = True,
) -> None:
    """Attended, missed or unknown. A miss that somebody else has noted is shown to the person's own worker.

    `thank`: a kind word for having come, where one is due; not when the caller says one itself.

    Raises
    ------
    MoveNotAllowed
        when it was called off, or has that outcome or `attended` already.
    """
    _check_state(appointment, OPEN_ENDED - {state})
    now = hub.clock.now()
    _set_state(appointment, state, now)
    _record(session, now, actor, f"appointment_{state}", appointment)
    await replan(hub, session, "appointment", appointment.id)
    if state is AppointmentState.MISSED and actor != f"worker:{appointment.worker_id}":
        await _escalate(hub, session, appointment, "missed_appointment")
    if state is not AppointmentState.ATTENDED:
        await silence.look(hub, session, appointment)
        return
    await invitations.after_session(hub, session, appointment)
    if thank:
        await encouragement.praise_coming(hub, session, appointment)


async def close_past(hub: Hub, session: AsyncSession, now: datetime) -> int:
    """What nobody has closed a day later is unknown, an outcome of its own, and put to a human. Returns how many."""
    past = select(Appointment).where(Appointment.state.in_(STANDING), Appointment.starts_at <= now - OUTCOME_WITHIN)
    in_order = past.order_by(Appointment.starts_at, Appointment.id)
    found = (await session.scalars(in_order.with_for_update(skip_locked=True, of=Appointment))).all()
    for appointment in found:
        _set_state(appointment, AppointmentState.UNKNOWN, now)
        _record(session, now, "hub", "appointment_unknown", appointment)
        await _escalate(hub, session, appointment, "attendance_unknown")
        await silence.look(hub, session, appointment)
    await replan_all(hub, session, "appointment", [appointment.id for appointment in found])
    return len(found)


async def ask_about(hub: Hub, session: AsyncSession, appointment: Appointment, text_key: str) -> None:
    """Tell the person something about an appointment that stands, and ask whether they will come."""
    handling = await speak_to(hub, session, appointment.person, Purpose.REMINDER)
    if handling:
        await handling.ask(
            text_key,
            Awaiting.APPOINTMENT_CONFIRMATION,
            subject=("appointment", appointment.id),
            priority=Priority.REMINDER,
            expires_at=appointment.starts_at,
            **facts_about(handling, appointment),
        )


async def _leave_out_reminders(session: AsyncSession, appointment: Appointment, now: datetime) -> None:
    """Somebody who has just been told of a new time needs no reminder of it within hours."""
    soon = select(Nudge).where(
        Nudge.subject_kind == "appointment",
        Nudge.subject_id == appointment.id,
        Nudge.person_id == appointment.person_id,
        Nudge.state == NudgeState.PLANNED,
        Nudge.due_at <= now + JUST_TOLD,
        Nudge.due_at < appointment.starts_at,
    )
    for nudge in (await session.scalars(soon)).all():
        nudge.state = check_move(NUDGE_MOVES, nudge.state, NudgeState.SKIPPED)
        nudge.state_at, nudge.reason = now, "just_told"


async def _close_move_requests(session: AsyncSession, appointment: Appointment, now: datetime) -> None:
    """Whatever was asked for is settled now; a request that is being decided has been closed by then."""
    asked = select(MoveRequest).where(MoveRequest.appointment_id == appointment.id, MoveRequest.state == "open")
    for request in (await session.scalars(asked)).all():
        request.state, request.decided_at = "withdrawn", now


async def _escalate(hub: Hub, session: AsyncSession, appointment: Appointment, reason: str) -> None:
    conversation = await conversation_for(session, appointment.person)
    if conversation:
        await escalate(session, conversation, reason, hub.clock.now(), detail=appointment.ref)


def check_can_move(appointment: Appointment) -> None:
    """Raises `MoveNotAllowed` when they came, or when it was called off."""
    _check_state(appointment, OPEN_ENDED)


def _check_state(appointment: Appointment, allowed: Collection[AppointmentState]) -> None:
    if appointment.state not in allowed:
        raise MoveNotAllowed(f"(it is {appointment.state})")


def _set_state(appointment: Appointment, state: AppointmentState, now: datetime) -> None:
    appointment.state, appointment.state_at = state, now


def _is_about(prompt: object, appointment: Appointment) -> bool:
    return (getattr(prompt, "subject_kind", ""), getattr(prompt, "subject_id", 0)) == (
        "appointment",
        appointment.id,
    )


def _record(
    session: AsyncSession, now: datetime, actor: str, what: str, appointment: Appointment, **details: str
) -> None:
    audit.record(session, now, actor, what, f"appointment:{appointment.id}", person_id=appointment.person_id, **details)
