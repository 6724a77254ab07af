"""Moving an appointment: times are offered, the person picks or proposes, a worker decides.

Until then the appointment stands. Knows nothing of screens.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import appointments, escalations
from hub.core import Hub
from hub.dates import Wish, understand
from hub.errors import MoveNotAllowed
from hub.free_slots import free_slots, is_free
from hub.handling import STANDING, Handling
from hub.promises import answer_by, promise
from hub.store import audit
from hub.store.tables import Appointment, MoveRequest, Worker
from hub.times import at_local, local, say_when
from hub.words import AppointmentState, Awaiting

MOVABLE = appointments.OPEN_ENDED


async def ask_to_move(handling: Handling, appointment: Appointment) -> None:
    """The person wants another time: take the one that the text names, else offer free ones."""
    theirs = local(appointment.starts_at, handling.agency.time_zone)  # "the day before", "an hour later"
    wish = understand(handling.text, _today(handling), theirs) if handling.text else None
    if wish is None and _is_choosing(handling):
        return await _ask_again(handling, appointment)
    moment = _moment(wish, handling)
    if moment and await is_free(handling.session, appointment, moment, handling.now):
        return await _request(handling, appointment, moment)
    text_key = "appointments.time_closed" if moment else "appointments.offer_times"
    slots = await free_slots(handling.session, appointment, handling.now, wish)
    if wish and not slots:
        text_key, slots = (
            "appointments.time_closed",
            await free_slots(handling.session, appointment, handling.now),
        )
    await offer(handling, appointment, slots, text_key)


async def pick(handling: Handling, appointment: Appointment, number: str) -> None:
    """The number of an offered time."""
    offered = list(handling.prompt.facts.get("slots", [])) if handling.prompt else []
    if not number.isdecimal() or not 1 <= int(number) <= len(offered):
        return await _ask_again(handling, appointment)
    moment = datetime.fromisoformat(offered[int(number) - 1])
    if await is_free(handling.session, appointment, moment, handling.now):
        return await _request(handling, appointment, moment)
    slots = await free_slots(handling.session, appointment, handling.now)  # somebody else has got it meanwhile
    await offer(handling, appointment, slots, "appointments.time_closed")


async def offer(
    handling: Handling, appointment: Appointment, slots: Sequence[datetime], text_key: str, **facts: str
) -> None:
    """Ask for a time, with numbered ones where there are any."""
    times = [_say(handling, slot) for slot in slots]
    numbered = ", ".join(f"{number} {time}" for number, time in enumerate(times, 1))
    opening, closing = handling.agency.open_from, handling.agency.open_until
    hours: dict[str, Any] = {"open_from": f"{opening:%H:%M}", "open_until": f"{closing:%H:%M}"}
    await handling.ask(
        text_key if slots else "appointments.ask_for_time",
        Awaiting.RESCHEDULE_TIME,
        subject=("appointment", appointment.id),
        keep={"slots": [slot.isoformat() for slot in slots]},
        choices=[{"reply": str(number), "label": time} for number, time in enumerate(times, 1)],
        **hours | {"slots": numbered} | facts,
    )


async def decide(
    hub: Hub, session: AsyncSession, worker: Worker, request: MoveRequest, *, starts_at: datetime | None
) -> None:
    """The worker's answer: the new time, or None when it stays as it is. The person is told.

    Raises
    ------
    MoveNotAllowed
        when the request has been decided, or the appointment is over or called off.
    """
    appointment = request.appointment
    if request.state != "open" or appointment.state not in MOVABLE:
        raise MoveNotAllowed
    now = hub.clock.now()
    request.state = "accepted" if starts_at else "declined"
    request.decided_at, request.decided_by_id = now, worker.id
    actor = f"worker:{worker.id}"
    audit.record(
        session,
        now,
        actor,
        f"move_{request.state}",
        f"appointment:{appointment.id}",
        person_id=appointment.person_id,
    )
    await session.flush()
    outcome, ref = "appointment_changed" if starts_at else "answered", appointment.ref
    await escalations.settle(session, appointment.person_id, ("wants_to_move",), worker.id, outcome, now, detail=ref)
    if starts_at:
        await appointments.move(hub, session, actor, appointment, starts_at)
        return
    if appointment.state is AppointmentState.ASKED_TO_MOVE:
        appointment.state, appointment.state_at = AppointmentState.PLANNED, now
    if appointment.starts_at > now:
        await appointments.ask_about(hub, session, appointment, "appointments.move_declined")


async def _request(handling: Handling, appointment: Appointment, moment: datetime) -> None:
    """Note what is wanted, put it to the worker, say that the old time stands until then."""
    request = await _open_request(handling.session, appointment)
    if request is None:
        request = MoveRequest(
            appointment_id=appointment.id, asked_at=handling.now, state="open", appointment=appointment
        )
        handling.session.add(request)
    request.slots = list(handling.prompt.facts.get("slots", [])) if handling.prompt else []
    request.words_sealed = handling.key.seal(handling.text, "words")
    request.wanted_at = moment
    if appointment.state in {AppointmentState.PLANNED, AppointmentState.CONFIRMED}:
        appointment.state, appointment.state_at = AppointmentState.ASKED_TO_MOVE, handling.now
    handling.record("move_asked", f"appointment:{appointment.id}", wanted=moment.isoformat())
    await handling.answered()
    by = await promise(handling, "wants_to_move", detail=appointment.ref)
    stands = appointment.state in STANDING and appointment.starts_at > handling.now
    text_key = "appointments.time_asked" if stands else "appointments.time_asked_after_miss"
    when = handling.appointment_facts(appointment)["when"]
    await handling.say(text_key, wanted=_say(handling, moment), when=when, answer_by=by)


async def _ask_again(handling: Handling, appointment: Appointment) -> None:
    """Not understood once: ask again. Twice: a human finds a time."""
    kept = dict(handling.prompt.facts) if handling.prompt else {}
    if kept.get("asked_again"):
        await handling.answered()
        await handling.escalate("wants_to_move", detail=appointment.ref)
        await handling.say("appointments.cannot_be_moved", answer_by=answer_by(handling, "wants_to_move"))
        return
    await handling.ask(
        "appointments.time_unclear",
        Awaiting.RESCHEDULE_TIME,
        subject=("appointment", appointment.id),
        keep=kept | {"asked_again": True},
    )


async def _open_request(session: AsyncSession, appointment: Appointment) -> MoveRequest | None:
    found: MoveRequest | None = await session.scalar(
        select(MoveRequest).where(MoveRequest.appointment_id == appointment.id, MoveRequest.state == "open")
    )
    return found


def _is_choosing(handling: Handling) -> bool:
    return handling.prompt is not None and handling.prompt.awaiting is Awaiting.RESCHEDULE_TIME


def _moment(wish: Wish | None, handling: Handling) -> datetime | None:
    if wish is None or wish.exact is None:
        return None
    return at_local(*wish.exact, handling.agency.time_zone)


def _today(handling: Handling) -> date:
    return local(handling.now, handling.agency.time_zone).date()


def _say(handling: Handling, moment: datetime) -> str:
    return say_when(moment, handling.agency.time_zone, handling.language)
