"""Appointments of a day, a week or a person, with what people said, what was asked for and how the reminders stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import may_see_appointment
from hub.core import Hub
from hub.handling import STANDING
from hub.reading.texts import key_of, listed_name
from hub.reading.wording import APPOINTMENTS
from hub.states import NudgeState
from hub.store.tables import Appointment, MoveRequest, Nudge, Person, Worker
from hub.times import at_local, local, say_day, say_time, say_when
from hub.words import AppointmentState

HOW = {"in_person": "In person", "phone": "By phone", "video": "By video"}
SHOWN = 50  # past ones of a person


class Whose(StrEnum):
    MINE = "mine"
    TEAM = "team"


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
    on: date  # on the agency's wall, as `day` and `time`
    day: str
    time: str
    minutes: int
    place: str
    how: str
    with_whom: str
    worker: str
    bring: str
    directions: str
    repeats: bool
    status: str
    state: AppointmentState
    stands: bool
    over: bool
    has_code: bool
    by_video: bool
    meeting: str  # where a video call is held
    reminders: str
    request: Request | None
    why_missed: str  # in the person's own words


async def between(
    hub: Hub, session: AsyncSession, worker: Worker, first: date, last: date, whose: Whose | None = None
) -> list[Row]:
    """All from the first day to the last, both included, in order."""
    zone = worker.team.agency.time_zone
    start, end = (at_local(day, time(0), zone) for day in (first, last + timedelta(days=1)))
    wanted = (
        select(Appointment)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            may_see_appointment(worker),
            Appointment.starts_at >= start,
            Appointment.starts_at < end,
            _of(whose, worker),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return await _rows(hub, session, list((await session.scalars(wanted)).all()))


def _of(whose: Whose | None, worker: Worker) -> ColumnElement[bool]:
    """Mine: with me, or of my people; of the team the same for every colleague."""
    if whose is None:
        return true()
    team = select(Worker.id).where(Worker.team_id == worker.team_id)
    if whose is Whose.TEAM:
        return or_(Appointment.worker_id.in_(team), Person.worker_id.in_(team))
    return or_(Appointment.worker_id == worker.id, Person.worker_id == worker.id)


async def one(hub: Hub, session: AsyncSession, appointment: Appointment) -> Row:
    return (await _rows(hub, session, [appointment]))[0]


async def ahead_of_person(hub: Hub, session: AsyncSession, worker: Worker, person: Person) -> list[Row]:
    """What stands and lies ahead, the nearest first."""
    ahead = Appointment.state.in_(STANDING), Appointment.starts_at > hub.clock.now()
    wanted = _of_person(worker, person, *ahead).order_by(Appointment.starts_at, Appointment.id)
    return await _rows(hub, session, list((await session.scalars(wanted)).all()))


async def past_of_person(hub: Hub, session: AsyncSession, worker: Worker, person: Person) -> list[Row]:
    """What has passed or was called off, the newest first."""
    past = or_(Appointment.state.not_in(STANDING), Appointment.starts_at <= hub.clock.now())
    wanted = _of_person(worker, person, past).order_by(Appointment.starts_at.desc(), Appointment.id.desc())
    return await _rows(hub, session, list((await session.scalars(wanted.limit(SHOWN))).all()))


def _of_person(worker: Worker, person: Person, *conditions: ColumnElement[bool]) -> Select[Appointment]:
    theirs = select(Appointment).join(Person, Person.id == Appointment.person_id)
    return theirs.where(Appointment.person_id == person.id, may_see_appointment(worker), *conditions)


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
    hub: Hub, appointment: Appointment, request: MoveRequest | None, nudges: Sequence[NudgeState], now: datetime
) -> Row:
    person = appointment.person
    zone = person.agency.time_zone
    return Row(
        ref=appointment.ref,
        person_ref=person.ref,
        name=listed_name(hub, person),
        on=local(appointment.starts_at, zone).date(),
        day=say_day(appointment.starts_at, zone),
        time=say_time(appointment.starts_at, zone),
        minutes=appointment.minutes,
        place=appointment.place,
        how=HOW.get(appointment.how, appointment.how),
        with_whom=appointment.with_whom,
        worker=appointment.worker.name if appointment.worker else "Nobody",
        bring=appointment.bring,
        directions=appointment.directions,
        repeats=appointment.series_id is not None,
        status=_status(appointment, nudges, now),
        state=appointment.state,
        stands=appointment.state in STANDING,
        over=appointment.starts_at <= now,
        has_code=appointment.venue_secret_sealed is not None,
        by_video=appointment.how == "video",
        meeting=_meeting(hub, appointment),
        reminders=_reminders(nudges),
        request=_request(hub, person, request) if request else None,
        why_missed=_why_missed(hub, appointment),
    )


def _status(appointment: Appointment, nudges: Sequence[NudgeState], now: datetime) -> str:
    """Nobody can have replied to what has not been asked, and what is over waits for a worker's word."""
    if appointment.state in STANDING and appointment.starts_at <= now:
        return "What happened?"
    unasked = appointment.state is AppointmentState.PLANNED and NudgeState.QUEUED not in nudges
    return "Planned" if unasked else APPOINTMENTS[appointment.state]


def _why_missed(hub: Hub, appointment: Appointment) -> str:
    key = key_of(hub, appointment.person)
    return key.open(appointment.why_missed_sealed, "words") if key and appointment.why_missed_sealed else ""


def _request(hub: Hub, person: Person, request: MoveRequest) -> Request:
    key, zone = key_of(hub, person), person.agency.time_zone
    return Request(
        id=request.id,
        wanted_at=request.wanted_at,
        wanted=say_when(request.wanted_at, zone) if request.wanted_at else "",
        words=key.open(request.words_sealed, "words") if key and request.words_sealed else "",
    )


def _reminders(states: Sequence[NudgeState]) -> str:
    """ "1 sent, 2 planned": what is not coming any more is left out."""
    words = {NudgeState.QUEUED: "sent", NudgeState.PLANNED: "planned", NudgeState.MISSED: "missed"}
    counted = [(sum(state is wanted for state in states), word) for wanted, word in words.items()]
    return ", ".join(f"{number} {word}" for number, word in counted if number) or "none"


def _meeting(hub: Hub, appointment: Appointment) -> str:
    if appointment.meeting_sealed is None or appointment.person.wrapped_key is None:
        return ""
    return hub.vault.open_person_key(appointment.person.wrapped_key).open(appointment.meeting_sealed, "meeting")
