"""What hangs on a person whom the worker may see: who stands by them, who is wished for, who is barred.

The person comes from `hub/access.py` first, which asks whether the worker may see them and records the look.
"""

from sqlalchemy import and_, false, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from hub.core import Hub
from hub.errors import NotFound
from hub.store.loading import PERSON_ALONE
from hub.store.tables import Invitation, NoContact, Person, Thread, ThreadMember
from hub.threads.members import BOTH, HELD, LEAVING


async def access_supporter(
    hub: Hub, session: AsyncSession, person: Person, ref: str, *, lock: bool = False
) -> ThreadMember:
    """Who stands by a person whom the worker may see; also who is held. Raises `NotFound`."""
    out = and_(ThreadMember.left_at.is_not(None), ThreadMember.ended_for.not_in((HELD, LEAVING, BOTH)))
    ended = or_(out, ThreadMember.ends_at <= hub.clock.now())
    wanted = (
        select(ThreadMember)
        .join(Thread, Thread.id == ThreadMember.thread_id)
        .join(Person, Person.id == ThreadMember.person_id)
        .where(Thread.person_id == person.id, Person.ref == ref, not_(func.coalesce(ended, false())))
        .options(joinedload(ThreadMember.supporter).options(*PERSON_ALONE))
    )
    member: ThreadMember | None = await session.scalar(wanted.with_for_update(of=ThreadMember) if lock else wanted)
    if member is None:
        raise NotFound
    return member


async def access_invitation(session: AsyncSession, person: Person, number: int, *, lock: bool = False) -> Invitation:
    """A wish for a supporter of a person whom the worker may see. Raises `NotFound`."""
    wanted = (
        select(Invitation)
        .join(Thread, Thread.id == Invitation.thread_id)
        .where(Thread.person_id == person.id, Invitation.id == number)
    )
    found: Invitation | None = await session.scalar(wanted.with_for_update(of=Invitation) if lock else wanted)
    if found is None:
        raise NotFound
    return found


async def access_no_contact(session: AsyncSession, person: Person, number: int) -> NoContact:
    """An entry that holds, of a person whom the worker may see, locked. Raises `NotFound`."""
    wanted = select(NoContact).where(
        NoContact.id == number, NoContact.person_id == person.id, NoContact.ended_at.is_(None)
    )
    found: NoContact | None = await session.scalar(wanted.with_for_update())
    if found is None:
        raise NotFound
    return found
