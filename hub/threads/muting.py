"""Not hearing the talk for a while, and hearing it again: how much was said meanwhile is counted, not told.

A supporter mutes all their circles; whoever a circle is around says no to this kind of text (`Purpose.THREAD`) on every
way to reach them. Knows no text.
"""

from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.handling import Handling
from hub.store.tables import Consent, ContactPoint, ThreadMember, ThreadPost, ThreadText
from hub.threads.circles import circles_of
from hub.threads.standing import in_force, thread_of
from hub.words import PostTo, Purpose


async def mute(handling: Handling) -> None:
    """What waits to go out to them does not."""
    for member in await _memberships(handling):
        member.muted_at = member.muted_at or handling.now
    await _say_no(handling, yes=False)
    handling.record("thread_muted", f"person:{handling.person.id}")


async def unmute(handling: Handling) -> int:
    """How many posts they have not had."""
    missed = 0
    for member in await _memberships(handling):
        if member.muted_at:
            missed += await _said_since(handling, member.thread_id, member.muted_at)
            member.muted_at = None
    own, since = await thread_of(handling.session, handling.person.id), await _said_no_at(handling)
    if own and since:
        missed += await _said_since(handling, own.id, since)
    await _say_no(handling, yes=True)
    handling.record("thread_unmuted", f"person:{handling.person.id}", missed=missed)
    return missed


async def _memberships(handling: Handling) -> list[ThreadMember]:
    theirs = select(ThreadMember).where(ThreadMember.person_id == handling.person.id, in_force(handling.now))
    return list((await handling.session.scalars(theirs)).all())


async def _say_no(handling: Handling, *, yes: bool) -> None:
    """Only whoever a circle is around has no membership that can be muted."""
    session = handling.session
    circles = await circles_of(handling.hub, session, handling.person)
    if not yes and not any(circle.own for circle in circles):
        return
    for contact_id in await _ways(session, handling.person.id):
        before = await session.get(Consent, (contact_id, Purpose.THREAD))
        if before is None and yes:
            continue
        at = before.at if before and before.given == yes else handling.now
        await session.merge(
            Consent(contact_point_id=contact_id, purpose=Purpose.THREAD, given=yes, at=at, source="person")
        )


async def _said_no_at(handling: Handling) -> datetime | None:
    said = select(func.min(Consent.at)).where(
        Consent.contact_point_id.in_(await _ways(handling.session, handling.person.id)),
        Consent.purpose == Purpose.THREAD,
        ~Consent.given,
    )
    found: datetime | None = await handling.session.scalar(said)
    return found


async def _ways(session: AsyncSession, person_id: int) -> list[int]:
    theirs = select(ContactPoint.id).where(ContactPoint.person_id == person_id)
    return list((await session.scalars(theirs)).all())


async def _said_since(handling: Handling, thread_id: int, since: datetime) -> int:
    """By others than themselves, to all, and not to them: what a worker said they have had all the same."""
    by_others = or_(ThreadPost.author_id.is_(None), ThreadPost.author_id != handling.person.id)
    had = exists().where(ThreadText.post_id == ThreadPost.id, ThreadText.to_id == handling.person.id)
    counted = select(func.count()).where(
        ThreadPost.thread_id == thread_id,
        ThreadPost.at >= since,
        ThreadPost.sent_to == PostTo.ALL,
        ThreadPost.relayed,
        by_others,
        ~had,
    )
    return await handling.session.scalar(counted) or 0
