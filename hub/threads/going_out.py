"""Is a text still for whom it was queued? Asked in the transaction that lets it leave, so nothing overtakes the answer.

    remember()  with every text that somebody gets for being in a thread
    withheld()  which of a batch may not leave, and why

Knows nothing of what a text says.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, DateTime, Select, bindparam, case, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.no_contact import barred
from hub.store.tables import Message, Thread, ThreadMember, ThreadPost, ThreadText
from hub.threads.standing import in_force, sees
from hub.words import Sees

# Keys of hub/delivery.py.
NOT_IN_THREAD, NO_CONTACT, PAUSED, MUTED = "not_in_thread", "no_contact", "thread_paused", "muted"


def remember(
    session: AsyncSession, message: Message, thread_id: int, to_id: int, needs: Sees, post_id: int | None = None
) -> None:
    """`needs`: what a supporter must be allowed for it when it leaves, as when it was queued."""
    session.add(ThreadText(message_id=message.id, thread_id=thread_id, to_id=to_id, needs=needs, post_id=post_id))


async def withheld(session: AsyncSession, message_ids: Collection[int], now: datetime) -> Mapping[int, str]:
    """Why each of these may not leave; those that may are not in it. One statement, whatever the number."""
    if not message_ids:
        return {}
    asked = await session.execute(_asked(), {"ids": list(message_ids), "now": now})
    return {message_id: why for message_id, why in asked if why}


@cache
def _asked() -> Select[int, Any]:
    """Made once: making it took several times as long as PostgreSQL needs to answer it."""
    now = bindparam("now", type_=DateTime(timezone=True))
    return (
        select(ThreadText.message_id, _why(now))
        .join(Thread, Thread.id == ThreadText.thread_id)
        .outerjoin(ThreadPost, ThreadPost.id == ThreadText.post_id)
        .outerjoin(ThreadMember, _membership(now))
        .where(ThreadText.message_id.in_(bindparam("ids", expanding=True)))
    )


def _membership(now: BindParameter[datetime]) -> ColumnElement[bool]:
    """The reader's own, if it is in force; whoever the thread is about has none."""
    theirs = (ThreadMember.thread_id == Thread.id) & (ThreadMember.person_id == ThreadText.to_id)
    return theirs & in_force(now)


def _why(now: BindParameter[datetime]) -> ColumnElement[Any]:
    """The first that holds. A worker's own words go out in a paused thread too: it is the talk that has stopped."""
    is_supporter = ThreadText.to_id != Thread.person_id
    allowed = case(*((ThreadText.needs == each, sees(each)) for each in Sees), else_=False)
    quietened = ThreadText.post_id.is_(None) | ThreadPost.author_id.is_not(None)  # not what a worker says
    around, reader, author = Thread.person_id, ThreadText.to_id, ThreadPost.author_id
    # On the list of whom they stand by, or one of the two on the other's own.
    pairs = ((around, reader), (around, author), (reader, author), (author, reader))
    either_barred = or_(*(barred(whose, other, now) for whose, other in pairs))
    return case(
        (either_barred, NO_CONTACT),
        (is_supporter & (ThreadMember.person_id.is_(None) | ~allowed), NOT_IN_THREAD),
        (ThreadPost.author_id.is_not(None) & Thread.paused_at.is_not(None), PAUSED),
        (quietened & ThreadMember.muted_at.is_not(None), MUTED),
        else_="",
    )
