"""Who came? A provider is asked by text when a session of theirs is over, and the answer is their word (hub/proofs.py).

Only providers with a number are asked; first names are all that the text says of anybody. Who does not answer is not
asked again: the page of the day asks, too. Knows no screen.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import Integer, and_, cast, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import appointments, proofs, roll_words
from hub.answering import Kind
from hub.core import Hub
from hub.errors import SharedNumber
from hub.handling import STANDING, Handling
from hub.people import add_contact, create_person, find_contact, name_of
from hub.repair import repair
from hub.speaking import speak_to
from hub.store import audit
from hub.store.tables import Appointment, Person, ProviderPhone, Worker
from hub.times import say_time
from hub.words import AppointmentState, Awaiting, ChannelKind, Priority, Purpose, Role, WorkerRole

WITHIN = timedelta(hours=3)  # after its end; later nobody knows for certain
CAN_BE_ANSWERED = timedelta(hours=12)
SUBJECT = "session_roll"
CAN_BE_SAID = (*STANDING, AppointmentState.UNKNOWN)
OVER_AT = Appointment.starts_at + func.make_interval(0, 0, 0, 0, 0, cast(Appointment.minutes, Integer))
IS_WAITED_FOR = and_(
    Appointment.state.in_(STANDING),
    Appointment.roll_asked_at.is_(None),
    Appointment.worker_id.in_(
        select(ProviderPhone.worker_id)
        .join(Worker, Worker.id == ProviderPhone.worker_id)
        .where(Worker.role == WorkerRole.PROVIDER, Worker.disabled_at.is_(None))
    ),
)


async def set_mobile(hub: Hub, session: AsyncSession, actor: str, worker: Worker, number: str) -> None:
    """The number at which a provider is asked (E.164); empty: they are asked no more.

    Raises
    ------
    SharedNumber
        when it is somebody else's on this side.
    """
    before = await person_of(session, worker)
    theirs = await find_contact(hub, session, worker.team.side, ChannelKind.SMS, number) if number else None
    if theirs and (before is None or theirs.person_id != before.id):
        raise SharedNumber
    if theirs:
        return
    if before:
        before.ended_at = before.ended_at or hub.clock.now()
        await session.execute(delete(ProviderPhone).where(ProviderPhone.worker_id == worker.id))
    if number:
        team = worker.team
        person = await create_person(
            hub, session, agency_id=team.agency_id, side=team.side, role=Role.SUPPORTER, name=worker.name
        )
        await add_contact(hub, session, person, ChannelKind.SMS, number, safe_by="colleague")
        session.add(ProviderPhone(worker_id=worker.id, person_id=person.id, set_at=hub.clock.now()))
    what = "worker_mobile_set" if number else "worker_mobile_taken_away"
    audit.record(session, hub.clock.now(), actor, what, f"worker:{worker.id}")


async def person_of(session: AsyncSession, worker: Worker) -> Person | None:
    """The provider as somebody we write to."""
    found: Person | None = await session.scalar(
        select(Person)
        .join(ProviderPhone, ProviderPhone.person_id == Person.id)
        .where(ProviderPhone.worker_id == worker.id)
    )
    return found


async def ask_due(hub: Hub, session: AsyncSession, now: datetime) -> int:
    """Ask about sessions that have just ended; what ended longer ago is left to the page. Returns how many ended."""
    wanted = (
        select(Appointment)
        .where(IS_WAITED_FOR, now >= OVER_AT)
        .order_by(Appointment.worker_id, Appointment.starts_at, Appointment.id)
        .with_for_update(skip_locked=True, of=Appointment)
    )
    sessions = [list(some) for _, some in groupby(await session.scalars(wanted), key=_session_of)]
    for some in sessions:
        for appointment in some:
            appointment.roll_asked_at = now
        if some[0].starts_at + timedelta(minutes=some[0].minutes) > now - WITHIN:
            await _ask(hub, session, some)
    return len(sessions)


async def take(handling: Handling, kind: Kind, words: str) -> None:
    """The numbers of those who did not come; 0 or "all" when everybody did."""
    worker: Worker | None = await handling.session.scalar(
        select(Worker).join(ProviderPhone).where(ProviderPhone.person_id == handling.person.id)
    )
    ids: list[int] = list(handling.prompt.facts.get("ids", [])) if handling.prompt else []
    if worker is None or kind in {Kind.SKIP, Kind.LATER, Kind.CHANGE}:
        await handling.answered()
        return await handling.say("attendance.who_came_page")
    away = roll_words.away(words or handling.text, len(ids))
    if away is None:
        return await repair(handling, "attendance.who_came_unclear")
    for number, appointment_id in enumerate(ids, 1):
        await _note(handling, worker, appointment_id, came=number not in away)
    await handling.answered()
    await handling.say("attendance.who_came_noted", came=str(len(ids) - len(away)), away=str(len(away)))


async def _ask(hub: Hub, session: AsyncSession, some: Sequence[Appointment]) -> None:
    worker = some[0].worker
    person = await person_of(session, worker) if worker else None
    if person is None or person.ended_at or len(some) > roll_words.MOST:
        return
    handling = await speak_to(hub, session, person, Purpose.REMINDER)
    if handling is None:
        return
    names = [f"{number} {name}" for number, name in enumerate(_names(hub, some), 1)]
    await handling.ask(
        "attendance.who_came",
        Awaiting.SURVEY_TEXT,
        subject=(SUBJECT, some[0].id),
        keep={"ids": [appointment.id for appointment in some]},
        lasts=CAN_BE_ANSWERED,
        priority=Priority.REMINDER,
        expires_at=handling.now + WITHIN,
        at=say_time(some[0].starts_at, handling.agency.time_zone),
        names=", ".join(names),
    )


async def _note(handling: Handling, worker: Worker, appointment_id: int, *, came: bool) -> None:
    """What somebody has entered meanwhile stays."""
    appointment = await handling.session.get_one(Appointment, appointment_id, with_for_update={"of": Appointment})
    if appointment.state not in CAN_BE_SAID:
        return
    state = AppointmentState.ATTENDED if came else AppointmentState.MISSED
    await appointments.set_outcome(handling.hub, handling.session, f"worker:{worker.id}", appointment, state)
    if came:
        await proofs.said_by(handling.hub, handling.session, worker, appointment)


def _names(hub: Hub, some: Sequence[Appointment]) -> list[str]:
    """First names; of two who share one, the first letter of the rest, too."""
    whole = [name_of(hub, appointment.person).split() or ["?"] for appointment in some]
    often = Counter(name[0] for name in whole)
    return [f"{name[0]} {name[-1][0]}" if often[name[0]] > 1 and len(name) > 1 else name[0] for name in whole]


def _session_of(appointment: Appointment) -> tuple[int | None, datetime, str]:
    return appointment.worker_id, appointment.starts_at, appointment.place
