"""Who stands by whom, now. The one place that says what "in force" means; reads, changes nothing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, ScalarSelect, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from hub.store.loading import PERSON_ALONE
from hub.store.tables import Conversation, Person, Thread, ThreadMember
from hub.words import Sees, Side


def in_force(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Of `ThreadMember`: accepted, not left, not past its end."""
    return and_(
        ThreadMember.accepted_at.is_not(None),
        ThreadMember.left_at.is_(None),
        or_(ThreadMember.ends_at.is_(None), ThreadMember.ends_at > now),
    )


def sees(needed: Sees) -> ColumnElement[bool]:
    """Of `ThreadMember`: allowed at least this much."""
    return ThreadMember.sees.in_([each for each in Sees if each.allows(needed)])


def circles_in_hand(now: BindParameter[datetime]) -> ScalarSelect[int]:
    """Of whoever speaks in a `Conversation`: in how many circles of others they may talk. On one side only."""
    return (
        select(func.count())
        .select_from(ThreadMember)
        .where(
            ThreadMember.person_id == Conversation.person_id,
            ThreadMember.side == Side.SUPERVISION,
            in_force(now),
            sees(Sees.CHAT),
        )
        .correlate(Conversation)
        .scalar_subquery()
    )


async def members_of(session: AsyncSession, person_id: int, now: datetime) -> Sequence[ThreadMember]:
    """A person's supporters in force, in the order in which they came; `supporter` is loaded."""
    wanted = (
        select(ThreadMember)
        .join(Thread, Thread.id == ThreadMember.thread_id)
        .where(Thread.person_id == person_id, in_force(now))
        .options(joinedload(ThreadMember.supporter).options(*PERSON_ALONE))
        .order_by(ThreadMember.accepted_at, ThreadMember.person_id)
    )
    return (await session.scalars(wanted)).unique().all()


async def stands_by(session: AsyncSession, supporter_id: int, now: datetime) -> Sequence[tuple[ThreadMember, Person]]:
    """Whom somebody stands by, in the order in which it began."""
    wanted = (
        select(ThreadMember, Person)
        .join(Thread, Thread.id == ThreadMember.thread_id)
        .join(Person, Person.id == Thread.person_id)
        .where(ThreadMember.person_id == supporter_id, in_force(now), Person.erased_at.is_(None))
        .options(*PERSON_ALONE)
        .order_by(ThreadMember.accepted_at, Thread.id)
    )
    return [(member, person) for member, person in (await session.execute(wanted)).unique()]


async def thread_of(session: AsyncSession, person_id: int, *, lock: bool = False) -> Thread | None:
    """`lock`: what is said in it then goes to all in one order."""
    wanted = select(Thread).where(Thread.person_id == person_id)
    found: Thread | None = await session.scalar(wanted.with_for_update(of=Thread) if lock else wanted)
    return found


async def thread_for(session: AsyncSession, person: Person, now: datetime) -> Thread:
    """Made when it is not there yet."""
    found = await thread_of(session, person.id)
    if found is None:
        found = Thread(person_id=person.id, side=person.side, created_at=now)
        session.add(found)
        await session.flush()
    return found
