"""Supporters in and out of a person's thread, and what each may see. By the consent of both; ended by either, at once.

    join()      somebody has given the code: from now on they hear what they may
    change()    the person, or a worker with the person's yes, allows more or less
    end()       left, taken out, run out: nothing more from the next text on

Knows no code and no talk.
"""

from datetime import datetime

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
from hub.threads import consents, replanning
from hub.threads.standing import thread_for
from hub.words import Awaiting, Purpose, Relation, Sees

# How it can end.
ENDED_FOR = {
    "left": "Left by themselves",
    "declined": "Said no",
    "revoked": "The person ended it",
    "removed": "A worker ended it",
    "expired": "The time that was agreed is over",
    "no_contact": "Is on the no-contact list",
    "grown_up": "The person is 18 now and has not asked for them",
}


async def join(
    hub: Hub,
    session: AsyncSession,
    thread: Thread,
    supporter: Person,
    *,
    sees: Sees,
    relation: Relation,
    ends_at: datetime | None = None,
    staff_id: int | None = None,
) -> ThreadMember:
    """Raises `SidesMeet` for somebody of the other side."""
    if thread.side is not supporter.side:
        raise SidesMeet
    now = hub.clock.now()
    member = await session.get(ThreadMember, (thread.id, supporter.id))
    if member is None:
        member = ThreadMember(thread_id=thread.id, person_id=supporter.id, side=thread.side, invited_at=now)
        session.add(member)
    member.sees, member.relation, member.ends_at, member.staff_id = sees, relation, ends_at, staff_id
    member.accepted_at, member.left_at, member.muted_at, member.ended_for = now, None, None, ""
    _record(hub, session, f"person:{supporter.id}", supporter, "supporter_accepted")
    consents.note(hub, session, thread.id, "accepted", f"person:{supporter.id}", member=member, how="code")
    await _replan(hub, session, thread.person_id)
    return member


async def change(
    hub: Hub, session: AsyncSession, actor: str, member: ThreadMember, sees: Sees, ends_at: datetime | None, how: str
) -> None:
    """What waits to go out and needs more than is allowed now does not leave."""
    member.sees, member.ends_at = sees, ends_at
    audit.record(
        session, hub.clock.now(), actor, "supporter_changed", f"person:{member.person_id}", person_id=member.person_id
    )
    consents.note(hub, session, member.thread_id, "changed", actor, member=member, how=how)
    await _replan(hub, session, (await session.get_one(Thread, member.thread_id)).person_id)


async def end(hub: Hub, session: AsyncSession, actor: str, member: ThreadMember, why: str, how: str = "") -> None:
    """`why`: a key of `ENDED_FOR`. Nothing more is told to them; what waits for them does not leave."""
    member.left_at, member.ended_for = hub.clock.now(), why
    supporter = await session.get_one(Person, member.person_id)
    _record(hub, session, actor, supporter, f"supporter_{why}")
    consents.note(hub, session, member.thread_id, "ended", actor, member=member, how=how or why)
    await _replan(hub, session, (await session.get_one(Thread, member.thread_id)).person_id)


async def invite(
    hub: Hub, session: AsyncSession, person: Person, supporter: Person, sees: Sees = Sees.DATES
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
    thread = await thread_for(session, person, now)
    member = await session.get(ThreadMember, (thread.id, supporter.id))
    if member is None:
        member = ThreadMember(thread_id=thread.id, person_id=supporter.id, side=person.side, invited_at=now)
        session.add(member)
    member.sees, member.invited_at, member.left_at = sees, now, None
    await session.flush()
    _record(hub, session, f"person:{supporter.id}", supporter, "supporter_invited")
    handling = await speak_to(hub, session, supporter, Purpose.UPDATE)
    if handling and member.accepted_at is None:
        await handling.ask(
            "supporters.invitation",
            Awaiting.THREAD_INVITATION,
            subject=("thread", thread.id),
            lasts=None,
            their_name=name_of(hub, person).split(" ")[0],
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
    thread = await session.get_one(Thread, member.thread_id)
    await join(hub, session, thread, supporter, sees=member.sees, relation=member.relation, ends_at=member.ends_at)
    return person


async def decline(hub: Hub, session: AsyncSession, supporter: Person) -> None:
    """The supporter says no. Raises `NotFound` when nobody has invited them."""
    member, _ = await _membership(session, supporter)
    await end(hub, session, f"person:{supporter.id}", member, "declined")


async def leave(hub: Hub, session: AsyncSession, supporter: Person) -> None:
    """The supporter goes; nothing more is told to them. Raises `NotFound` when they stand by nobody."""
    member, _ = await _membership(session, supporter)
    await end(hub, session, f"person:{supporter.id}", member, "left")


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


async def _replan(hub: Hub, session: AsyncSession, person_id: int) -> None:
    """Who hears of the person, and how much, has changed."""
    await session.flush()
    ahead = select(Appointment.id).where(
        Appointment.person_id == person_id,
        Appointment.state.in_(STANDING),
        Appointment.starts_at > hub.clock.now(),
    )
    await replan_all(hub, session, "appointment", (await session.scalars(ahead)).all())
    await replanning.replan_heard(hub, session, person_id)


def _record(hub: Hub, session: AsyncSession, actor: str, supporter: Person, what: str) -> None:
    audit.record(session, hub.clock.now(), actor, what, f"person:{supporter.id}", person_id=supporter.id)
