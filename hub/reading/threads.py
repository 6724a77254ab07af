"""What was said in a thread, for its page: in whose words, to whom, and how many of them have it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.states import MessageState
from hub.store.tables import Message, Person, Thread, ThreadPost, ThreadText, Worker
from hub.threads.naming import names_in
from hub.words import PostTo

MOST = 200  # on one page
HAVE_IT = (MessageState.SENT, MessageState.DELIVERED)


@dataclass(frozen=True, slots=True)
class Said:
    """One post. `author`, `only_to`: first names as everybody reads them; `readers`: for how many it was queued."""

    id: int
    at: datetime
    author: str
    by_worker: bool
    words: str
    to: PostTo
    only_to: str
    masked: int
    relayed: bool
    seen: bool
    readers: int
    have_it: int


async def posts(
    hub: Hub, session: AsyncSession, thread: Thread, *, before: int | None = None, most: int = MOST
) -> Sequence[Said]:
    """The newest, oldest of them first; `before`: those that are older than this one."""
    wanted = (
        select(ThreadPost, Person, Worker.first_name)
        .join(Person, Person.id == ThreadPost.keyed_to_id)
        .outerjoin(Worker, Worker.id == ThreadPost.worker_id)
        .where(ThreadPost.thread_id == thread.id, *([ThreadPost.id < before] if before else []))
        .order_by(ThreadPost.id.desc())
        .limit(most)
    )
    found = (await session.execute(wanted)).unique().all()[::-1]
    names = await names_in(hub, session, thread)
    readers = await _readers(session, [post.id for post, _, _ in found])
    return [_said(hub, post, under, worker or "", names, readers) for post, under, worker in found]


async def mark_seen(session: AsyncSession, thread: Thread, now: datetime) -> None:
    """A worker has the page open."""
    unseen = select(ThreadPost).where(ThreadPost.thread_id == thread.id, ThreadPost.seen_at.is_(None))
    for post in await session.scalars(unseen):
        post.seen_at = now


def _said(
    hub: Hub,
    post: ThreadPost,
    under: Person,
    worker: str,
    names: Mapping[int, str],
    readers: Mapping[int, tuple[int, int]],
) -> Said:
    key = hub.vault.open_person_key(under.wrapped_key) if under.wrapped_key else None
    of_post = readers.get(post.id, (0, 0))
    return Said(
        post.id,
        post.at,
        names.get(post.author_id, "") if post.author_id else worker,
        post.worker_id is not None,
        key.open(post.words_sealed, "post") if key else "",
        post.sent_to,
        names.get(post.only_to_id, "") if post.only_to_id else "",
        post.masked,
        post.relayed,
        post.seen_at is not None,
        *of_post,
    )


async def _readers(session: AsyncSession, ids: Sequence[int]) -> Mapping[int, tuple[int, int]]:
    """For how many each was queued, and how many of them have it: all parts of it, when it is long."""
    each = (
        select(ThreadText.post_id, ThreadText.to_id, func.bool_and(Message.state.in_(HAVE_IT)).label("has"))
        .join(Message, Message.id == ThreadText.message_id)
        .where(ThreadText.post_id.in_(ids))
        .group_by(ThreadText.post_id, ThreadText.to_id)
        .subquery()
    )
    counted = select(each.c.post_id, func.count(), func.count().filter(each.c.has)).group_by(each.c.post_id)
    return {post_id: (readers, have_it) for post_id, readers, have_it in await session.execute(counted)}
