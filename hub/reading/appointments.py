"""The appointments of one day, with what people said and what was asked for."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import may_see
from hub.core import Hub
from hub.handling import STANDING
from hub.reading.texts import key_of, listed_name
from hub.reading.wording import APPOINTMENTS
from hub.states import NudgeState
from hub.store.tables import Appointment, MoveRequest, Nudge, Person, Worker
from hub.times import at_local, say_day, say_time, say_when
from hub.words import AppointmentState


@dataclass(frozen=True, slots=True)
class Request:
    """Another time that the person asked for."""

    id: int
    wanted_at: datetime | None
    wanted: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    ref: str
    person_ref: str
    name: str
    day: str
    time: str
    place: str
    with_whom: str
    status: str
    state: AppointmentState
    stands: bool
    over: bool
    reminders: str
    request: Request | None


async def of_day(hub: Hub, session: AsyncSession, worker: Worker, day: date) -> list[Row]:
    zone = worker.team.agency.time_zone
    start, end = (at_local(d, time(0), zone) for d in (day, day + timedelta(days=1)))
    wanted = (
        select(Appointment)
        .join(Person, Person.id == Appointment.person_id)
        .where(may_see(worker), Appointment.starts_at >= start, Appointment.starts_at < end)
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return await _rows(hub, session, list((await session.scalars(wanted)).all()))


async def one(hub: Hub, session: AsyncSession, appointment: Appointment) -> Row:
    return (await _rows(hub, session, [appointment]))[0]


async def of_person(hub: Hub, session: AsyncSession, person: Person) -> list[Row]:
    """All of a person's, the newest first."""
    wanted = select(Appointment).where(Appointment.person_id == person.id).order_by(Appointment.starts_at.desc())
    return await _rows(hub, session, list((await session.scalars(wanted.limit(50))).all()))


async def _rows(hub: Hub, session: AsyncSession, appointments: list[Appointment]) -> list[Row]:
    ids = [appointment.id for appointment in appointments]
    asked = select(MoveRequest).where(MoveRequest.appointment_id.in_(ids), MoveRequest.state == "open")
    requests = {request.appointment_id: request for request in await session.scalars(asked)}
    nudges = select(Nudge).where(Nudge.subject_kind == "appointment", Nudge.subject_id.in_(ids))
    planned: dict[int, list[NudgeState]] = {}
    for nudge in await session.scalars(nudges):
        planned.setdefault(nudge.subject_id, []).append(nudge.state)
    now = hub.clock.now()
    return [_row(hub, a, requests.get(a.id), planned.get(a.id, []), now) for a in appointments]


def _row(
    hub: Hub, appointment: Appointment, request: MoveRequest | None, nudges: list[NudgeState], now: datetime
) -> Row:
    person = appointment.person
    zone = person.agency.time_zone
    return Row(
        ref=appointment.ref,
        person_ref=person.ref,
        name=listed_name(hub, person),
        day=say_day(appointment.starts_at, zone),
        time=say_time(appointment.starts_at, zone),
        place=appointment.place,
        with_whom=appointment.with_whom,
        status=APPOINTMENTS[appointment.state],
        state=appointment.state,
        stands=appointment.state in STANDING,
        over=appointment.starts_at <= now,
        reminders=_reminders(nudges),
        request=_request(hub, person, request) if request else None,
    )


def _request(hub: Hub, person: Person, request: MoveRequest) -> Request:
    key, zone = key_of(hub, person), person.agency.time_zone
    return Request(
        id=request.id,
        wanted_at=request.wanted_at,
        wanted=say_when(request.wanted_at, zone) if request.wanted_at else "",
        words=key.open(request.words_sealed, "words") if key and request.words_sealed else "",
    )


def _reminders(states: list[NudgeState]) -> str:
    """ "1 sent, 2 planned": what is not coming any more is left out."""
    words = {NudgeState.QUEUED: "sent", NudgeState.PLANNED: "planned", NudgeState.MISSED: "missed"}
    counted = [(sum(state is wanted for state in states), word) for wanted, word in words.items()]
    return ", ".join(f"{number} {word}" for number, word in counted if number) or "none"
