"""Who stands by a person, by that person's own consent. A supporter learns that there is something and
when, no more."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotFound, SidesMeet
from hub.handling import STANDING
from hub.nudges.planner import replan_all
from hub.people import name_of
from hub.speaking import speak_to
from hub.store import audit
from hub.store.tables import Appointment, Person, Thread, ThreadMember
from hub.words import Awaiting, Purpose


async def invite(
    hub: Hub, session: AsyncSession, person: Person, supporter: Person, sees: str = "dates"
) -> ThreadMember:
    """Ask a supporter whether they will stand by; the person has agreed before this is called.

    Raises
    ------
    SidesMeet
        when the two are on different sides.
    """
    if person.side is not supporter.side:
        raise SidesMeet
    now = hub.clock.now()
    thread = await _thread_of(session, person)
    if thread is None:
        thread = Thread(person_id=person.id, side=person.side, created_at=now)
        session.add(thread)
        await session.flush()
    member = await session.get(ThreadMember, (thread.id, supporter.id))
    if member is None:
        member = ThreadMember(thread_id=thread.id, person_id=supporter.id, sees=sees, invited_at=now)
        session.add(member)
    member.sees, member.invited_at, member.left_at = sees, now, None
    await session.flush()
    _record(hub, session, supporter, "supporter_invited")
    handling = await speak_to(hub, session, supporter, Purpose.UPDATE)
    if handling and member.accepted_at is None:
        await handling.ask(
            "supporters.invitation",
            Awaiting.THREAD_INVITATION,
            subject=("thread", thread.id),
            lasts=None,
            their_name=_first_name(hub, person),
        )
    return member


async def accept(hub: Hub, session: AsyncSession, supporter: Person) -> Person:
    """The supporter says yes: from now on they hear of days and times. Returns whom they stand by.

    Raises
    ------
    NotFound
        when nobody has invited them.
    """
    member, person = await _membership(session, supporter)
    member.accepted_at, member.left_at = hub.clock.now(), None
    _record(hub, session, supporter, "supporter_accepted")
    await _replan(hub, session, person)
    return person


async def decline(hub: Hub, session: AsyncSession, supporter: Person) -> None:
    """The supporter says no. Raises `NotFound` when nobody has invited them."""
    await _end(hub, session, supporter, "supporter_declined")


async def leave(hub: Hub, session: AsyncSession, supporter: Person) -> None:
    """The supporter goes; nothing more is told to them. Raises `NotFound` when they stand by nobody."""
    await _end(hub, session, supporter, "supporter_left")


async def _end(hub: Hub, session: AsyncSession, supporter: Person, what: str) -> None:
    member, person = await _membership(session, supporter)
    member.left_at = hub.clock.now()
    _record(hub, session, supporter, what)
    await _replan(hub, session, person)


async def _membership(session: AsyncSession, supporter: Person) -> tuple[ThreadMember, Person]:
    """The latest invitation that has not been left."""
    wanted = (
        select(ThreadMember, Person)
        .join(Thread, Thread.id == ThreadMember.thread_id)
        .join(Person, Person.id == Thread.person_id)
        .where(ThreadMember.person_id == supporter.id, ThreadMember.left_at.is_(None))
        .order_by(ThreadMember.invited_at.desc())
        .limit(1)
    )
    row = (await session.execute(wanted)).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


async def _thread_of(session: AsyncSession, person: Person) -> Thread | None:
    found: Thread | None = await session.scalar(select(Thread).where(Thread.person_id == person.id))
    return found


async def _replan(hub: Hub, session: AsyncSession, person: Person) -> None:
    """Who hears of the person's appointments has changed."""
    await session.flush()
    ahead = select(Appointment.id).where(
        Appointment.person_id == person.id,
        Appointment.state.in_(STANDING),
        Appointment.starts_at > hub.clock.now(),
    )
    await replan_all(hub, session, "appointment", (await session.scalars(ahead)).all())


def _first_name(hub: Hub, person: Person) -> str:
    return name_of(hub, person).split(" ")[0]


def _record(hub: Hub, session: AsyncSession, supporter: Person, what: str) -> None:
    audit.record(
        session,
        hub.clock.now(),
        f"person:{supporter.id}",
        what,
        f"person:{supporter.id}",
        person_id=supporter.id,
    )
