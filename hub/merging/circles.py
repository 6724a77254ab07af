"""Who stands by somebody, brought over: of two threads of one human one is left, and of two memberships the narrower.

What was said, invited and agreed moves with the thread; nothing of it is deleted. Knows no other table.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub.merging.two import PLAIN, Column, Two
from hub.store.tables import Invitation, SupportConsent, Thread, ThreadMember, ThreadPost, ThreadText
from hub.words import Sees

# A new table with a thread in it needs its column here.
OF_A_THREAD: tuple[Column, ...] = (
    Invitation.thread_id,
    SupportConsent.thread_id,
    ThreadPost.thread_id,
    ThreadText.thread_id,
)


async def one_thread(session: AsyncSession, two: Two) -> None:
    """Whoever stands by one of the two stands by both; who has left either has left. Stopped in one, it is stopped."""
    theirs = select(Thread).where(Thread.person_id.in_((two.keep, two.other)))
    both = theirs.order_by(Thread.id).with_for_update(of=Thread)  # whoever joins meanwhile waits, and finds one
    threads = {thread.person_id: thread for thread in await session.scalars(both)}
    if len(threads) < len((two.keep, two.other)):
        return
    kept, gone = threads[two.keep], threads[two.other]
    if kept.paused_at is None:
        kept.paused_at, kept.paused_by_id = gone.paused_at, gone.paused_by_id
    await _fold_members(session, ThreadMember.thread_id, ThreadMember.person_id, kept.id, gone.id)
    for column in OF_A_THREAD:
        moved = update(column.class_).where(column == gone.id).values({column: kept.id})
        await session.execute(moved, execution_options=PLAIN)
    await session.delete(gone)
    await session.flush()


async def one_membership(session: AsyncSession, two: Two) -> None:
    await _fold_members(session, ThreadMember.person_id, ThreadMember.thread_id, two.keep, two.other)


async def said_by_who_stays(session: AsyncSession, two: Two) -> None:
    """A yes names who gave it."""
    theirs = update(SupportConsent).where(SupportConsent.by == f"person:{two.other}")
    await session.execute(theirs.values(by=f"person:{two.keep}"), execution_options=PLAIN)


async def _fold_members(session: AsyncSession, column: Column, beside: Column, keep: int, gone: int) -> None:
    """Members of one thread become another's, or one supporter becomes another."""
    kept = {getattr(m, beside.key): m for m in await session.scalars(select(ThreadMember).where(column == keep))}
    for member in (await session.scalars(select(ThreadMember).where(column == gone))).all():
        same = kept.get(getattr(member, beside.key))
        if same:
            _take_the_narrower(same, member)
            await session.delete(member)
    await session.flush()
    await session.execute(update(ThreadMember).where(column == gone).values({column: keep}), execution_options=PLAIN)


def _take_the_narrower(kept: ThreadMember, gone: ThreadMember) -> None:
    """Of what was agreed twice holds what lets them hear less, for the shorter time."""
    kept.sees = min(kept.sees, gone.sees, key=list(Sees).index)
    kept.accepted_at = kept.accepted_at or gone.accepted_at
    kept.ends_at = _earlier((kept.ends_at, gone.ends_at))
    if kept.left_at is None:
        kept.left_at, kept.ended_for = gone.left_at, gone.ended_for
    kept.muted_at = kept.muted_at or gone.muted_at
    kept.staff_id = kept.staff_id or gone.staff_id


def _earlier(times: Iterable[datetime | None]) -> datetime | None:
    return min((at for at in times if at), default=None)
