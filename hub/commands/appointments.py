"""Appointments: coming, not coming, another time, and every question that people ask back.

A question is answered from the appointment's own facts. A fact that is not there is asked of a human, never
invented,
and the open question stays open.
"""

from hub import answering, missed, move_requests, when_safe
from hub.answering import Kind, takes_answers
from hub.commands.registry import carries_out
from hub.free_slots import free_slots
from hub.handling import STANDING, Handling
from hub.promises import answer_by, hand_over, promise
from hub.speaking import facts_about
from hub.store.tables import Appointment
from hub.when_safe import told_when_safe
from hub.words import AppointmentState, Awaiting

CAN_SAY_YES = frozenset(STANDING)


@carries_out("confirm_attendance")
async def confirm_attendance(handling: Handling, _entities: dict[str, str]) -> None:
    """ "Yes, I will come." """
    appointment = await _appointment(handling)
    if appointment is None:
        return
    await _set_state(handling, appointment, AppointmentState.CONFIRMED)
    await _answered(handling)
    await handling.say("appointments.confirmed", **facts_about(handling, appointment))


@carries_out("cannot_attend")
async def cannot_attend(handling: Handling, _entities: dict[str, str]) -> None:
    """ "cant make 2moro kids ill": noted, told to the worker, and free times offered."""
    appointment = await _appointment(handling)
    if appointment is None:
        return
    await _set_state(handling, appointment, AppointmentState.CANNOT_ATTEND)
    by = await promise(handling, "cannot_attend", detail=appointment.ref)
    await _answered(handling)
    slots = await free_slots(handling.session, appointment, handling.now)
    if slots:
        await move_requests.offer(handling, appointment, slots, "appointments.cannot_attend_offer", answer_by=by)
    else:
        await handling.say("appointments.cannot_attend", answer_by=by)


@carries_out("ask_to_move")
async def ask_to_move(handling: Handling, entities: dict[str, str]) -> None:
    """Another time: by the number of one that was offered, or in their own words."""
    appointment = await _movable(handling)
    if appointment is None:
        return
    if "choice" in entities:
        await move_requests.pick(handling, appointment, entities["choice"])
    else:
        await move_requests.ask_to_move(handling, appointment)


@carries_out("running_late")
async def running_late(handling: Handling, _entities: dict[str, str]) -> None:
    """For an appointment; where we asked whether they are back, it says "not yet"."""
    if handling.prompt and handling.prompt.subject_kind == "return_check":
        await answering.take(handling, Kind.NO)
        return
    appointment = await _appointment(handling)
    if appointment is None:
        return
    await handling.escalate("running_late", detail=appointment.ref)
    handling.record("running_late", f"appointment:{appointment.id}")
    await handling.say("appointments.running_late")


@carries_out("ask_when")
async def ask_when(handling: Handling, _entities: dict[str, str]) -> None:
    await _tell(handling, "appointments.when")


@carries_out("ask_where")
async def ask_where(handling: Handling, _entities: dict[str, str]) -> None:
    await _tell_when_safe(handling, "where")


@carries_out("ask_what_to_bring")
async def ask_what_to_bring(handling: Handling, _entities: dict[str, str]) -> None:
    appointment = await _appointment(handling)
    if appointment is None:
        return None
    if appointment.bring:
        return await when_safe.tell(handling, "bring", appointment.id)
    by = await hand_over(handling, "wants_a_person", detail="what_to_bring")
    await handling.say("appointments.bring_unknown", answer_by=by)


@carries_out("ask_travel_help")
async def ask_travel_help(handling: Handling, _entities: dict[str, str]) -> None:
    """How to get there and who pays: the way is said when it is known, and a human always looks at it."""
    appointment = await _appointment(handling)
    if appointment is None:
        return
    await handling.escalate("travel_help", detail=appointment.ref)
    await when_safe.tell(handling, "travel", appointment.id)


@carries_out("ask_who_with")
async def ask_who_with(handling: Handling, _entities: dict[str, str]) -> None:
    appointment = await _appointment(handling)
    if appointment is None:
        return None
    if appointment.with_whom:
        return await when_safe.tell(handling, "with_whom", appointment.id)
    by = await hand_over(handling, "wants_a_person", detail="who_with")
    await handling.say("appointments.with_whom_unknown", answer_by=by)


@told_when_safe("where")
async def _where(handling: Handling, number: int | None) -> None:
    appointment = await _numbered(handling, number)
    if appointment:
        known = "appointments.where_directions" if appointment.directions else "appointments.where"
        await handling.say(known, **facts_about(handling, appointment))


@told_when_safe("bring")
async def _bring(handling: Handling, number: int | None) -> None:
    appointment = await _numbered(handling, number)
    if appointment:
        await handling.say("appointments.bring", **facts_about(handling, appointment))


@told_when_safe("travel")
async def _travel(handling: Handling, number: int | None) -> None:
    appointment = await _numbered(handling, number)
    if appointment:
        known = "appointments.travel" if appointment.directions else "appointments.travel_unknown"
        by = answer_by(handling, "travel_help")
        await handling.say(known, answer_by=by, **facts_about(handling, appointment))


@told_when_safe("with_whom")
async def _with_whom(handling: Handling, number: int | None) -> None:
    appointment = await _numbered(handling, number)
    if appointment:
        await handling.say("appointments.with_whom", **facts_about(handling, appointment))


@carries_out("ask_what_if_missed")
async def ask_what_if_missed(handling: Handling, _entities: dict[str, str]) -> None:
    """Plain and kind, without a threat; true with or without an appointment."""
    await handling.say("appointments.if_missed")


@takes_answers("appointment")
async def take(handling: Handling, kind: Kind, words: str) -> None:
    """Why they could not come; CHANGE is about whether they will come."""
    appointment, prompt = await handling.appointment(), handling.prompt
    if appointment and prompt and prompt.text_key == missed.ASKS:
        return await missed.take_why(handling, appointment, kind, words)
    if appointment and kind is Kind.CHANGE and appointment.state in STANDING:
        return await ask_again(handling, appointment)
    await handling.say("surveys.nothing_to_change" if kind is Kind.CHANGE else "surveys.nothing_open")


async def ask_again(handling: Handling, appointment: Appointment) -> None:
    """The appointment's question once more (after CHANGE)."""
    await handling.ask(
        "appointments.ask_again",
        Awaiting.APPOINTMENT_CONFIRMATION,
        subject=("appointment", appointment.id),
        **facts_about(handling, appointment),
    )


async def _tell(handling: Handling, text_key: str) -> None:
    appointment = await _appointment(handling)
    if appointment:
        await handling.say(text_key, **facts_about(handling, appointment))


async def _tell_when_safe(handling: Handling, what: str) -> None:
    """A place, a name and a way give away too much for a phone that others may read."""
    appointment = await _appointment(handling)
    if appointment:
        await when_safe.tell(handling, what, appointment.id)


async def _numbered(handling: Handling, number: int | None) -> Appointment | None:
    """The one that was asked about, if it still stands."""
    found = await handling.session.get(Appointment, number) if number else None
    theirs = found if found and found.person_id == handling.person.id else None
    if theirs is None or theirs.state not in CAN_SAY_YES:
        await handling.say("appointments.none")
        return None
    return theirs


async def _appointment(handling: Handling) -> Appointment | None:
    """The one that is meant and still stands; without one, the person hears so."""
    appointment = await handling.appointment()
    if appointment is None or appointment.state not in CAN_SAY_YES:
        await handling.say("appointments.none")
        return None
    return appointment


async def _movable(handling: Handling) -> Appointment | None:
    appointment = await handling.appointment()
    if appointment is None or appointment.state not in move_requests.MOVABLE:
        await handling.say("appointments.none")
        return None
    return appointment


async def _set_state(handling: Handling, appointment: Appointment, state: AppointmentState) -> None:
    if appointment.state is not state:
        appointment.state, appointment.state_at = state, handling.now
        handling.record(f"appointment_{state}", f"appointment:{appointment.id}")


async def _answered(handling: Handling) -> None:
    """Close the open question when this was its answer; a digression leaves it open."""
    about = (Awaiting.APPOINTMENT_CONFIRMATION, Awaiting.RESCHEDULE_TIME)
    if handling.prompt and handling.prompt.awaiting in about:
        await handling.answered()
