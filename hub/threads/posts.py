"""What is said in a thread: once, in one order, to everybody who may hear it.

    post()            what somebody wrote: relayed to all others, or while the talk is paused to the worker alone
    tell_worker()     for the worker alone
    say()             a worker's words to all or to one
    pause(), resume() a worker stops the talk, and lets it go on

All of it in the caller's transaction, behind the thread's row lock: whoever comes second waits, so that two posts
reach everybody in the same order. Knows neither how a text is read nor how it leaves.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.conversations import check_words
from hub.core import Hub
from hub.errors import NotAllowed, SidesMeet
from hub.handling import Handling
from hub.sms import sanitise
from hub.store import audit
from hub.store.tables import Message, Person, Thread, ThreadPost, Worker
from hub.threads.known import hidden_in
from hub.threads.masking import mask
from hub.threads.naming import names_in
from hub.threads.relay import give, let_go_if_awake, readers_of
from hub.threads.standing import members_of
from hub.words import PostTo, Side

SAID_ONCE_IN = timedelta(hours=23)  # once a day that something was taken out; people are not punctual to the minute


async def post(
    handling: Handling, thread_id: int, words: str, message_id: int | None = None, *, only_to: Person | None = None
) -> ThreadPost:
    """`message_id`: the text as it came in, where it is not the one being handled. `only_to`: nobody else hears it."""
    hub, session, author = handling.hub, handling.session, handling.person
    thread = await _locked(session, thread_id)
    masked, taken = mask(words, await hidden_in(hub, session, thread))
    post = ThreadPost(
        thread_id=thread.id,
        author_id=author.id,
        message_id=message_id or (handling.message.id if handling.message else None),
        sent_to=PostTo.ONE if only_to else PostTo.ALL,
        only_to_id=only_to.id if only_to else None,
        keyed_to_id=author.id,
        words_sealed=handling.key.seal(masked, "post"),
        masked=taken,
        relayed=thread.paused_at is None,
        at=handling.now,
    )
    session.add(post)
    await session.flush()
    await let_go_if_awake(hub, session, handling.conversation)
    if post.relayed:
        await _to_all(hub, session, thread, post, masked, only_to=only_to)
    else:
        await _to_worker_meanwhile(handling, thread)
    if taken:
        await _say_what_is_left_out(handling)
    handling.record("thread_post", f"thread:{thread.id}", post=post.id, masked=taken, relayed=post.relayed)
    return post


async def tell_worker(handling: Handling, thread_id: int, words: str) -> ThreadPost:
    """Nobody else reads it, so it stays as it was written."""
    post = ThreadPost(
        thread_id=thread_id,
        author_id=handling.person.id,
        message_id=handling.message.id if handling.message else None,
        sent_to=PostTo.WORKER,
        keyed_to_id=handling.person.id,
        words_sealed=handling.key.seal(words, "post"),
        relayed=False,
        at=handling.now,
    )
    handling.session.add(post)
    await handling.session.flush()
    handling.record("thread_to_worker", f"thread:{thread_id}", post=post.id)
    return post


async def say(
    hub: Hub, session: AsyncSession, worker: Worker, thread: Thread, words: str, *, only_to: Person | None = None
) -> ThreadPost:
    """Goes out in a paused thread too: it is the talk that has stopped. Surnames and known numbers are taken out.

    Raises
    ------
    NotAllowed
        for nothing or too much, or to somebody who is not in the thread.
    SidesMeet
        on the victims' side, where there is no talk.
    """
    check_words(words)
    if thread.side is not Side.SUPERVISION:
        raise SidesMeet
    thread = await _locked(session, thread.id)
    if only_to:
        await _check_is_in(hub, session, thread, only_to)
    owner = await session.get_one(Person, thread.person_id)
    under = only_to or owner
    masked, taken = mask(sanitise(words), await hidden_in(hub, session, thread), only_known=True)
    post = ThreadPost(
        thread_id=thread.id,
        worker_id=worker.id,
        sent_to=PostTo.ONE if only_to else PostTo.ALL,
        only_to_id=only_to.id if only_to else None,
        keyed_to_id=under.id,
        words_sealed=hub.vault.open_person_key(under.wrapped_key or b"").seal(masked, "post"),
        masked=taken,
        at=hub.clock.now(),
        seen_at=hub.clock.now(),
    )
    session.add(post)
    await session.flush()
    await _to_all(hub, session, thread, post, masked, worker, only_to)
    _record(hub, session, worker, thread, "thread_said", post=post.id)
    return post


async def pause(hub: Hub, session: AsyncSession, worker: Worker, thread: Thread) -> None:
    """From now on what is written reaches the worker alone; what waits to leave does not."""
    thread = await _locked(session, thread.id)
    if thread.paused_at is None:
        thread.paused_at, thread.paused_by_id = hub.clock.now(), worker.id
        _record(hub, session, worker, thread, "thread_paused")


async def resume(hub: Hub, session: AsyncSession, worker: Worker, thread: Thread) -> None:
    """What was written meanwhile stays with the worker."""
    thread = await _locked(session, thread.id)
    if thread.paused_at is not None:
        thread.paused_at = thread.paused_by_id = None
        _record(hub, session, worker, thread, "thread_resumed")


async def _to_all(
    hub: Hub,
    session: AsyncSession,
    thread: Thread,
    post: ThreadPost,
    words: str,
    worker: Worker | None = None,
    only_to: Person | None = None,
) -> None:
    names = await names_in(hub, session, thread)
    author = names[post.author_id] if post.author_id else (worker.first_name if worker else "")
    said_by = {"from_name": author, "their_name": names[thread.person_id]}
    for reader in await readers_of(hub, session, thread, post.author_id, only_to):
        await give(hub, session, thread, post, words, said_by, reader)


async def _to_worker_meanwhile(handling: Handling, thread: Thread) -> None:
    """Unread for the worker; the writer hears once a pause that the others do not have it."""
    handling.handed_over = True
    if not await _said_since(handling, "threads.paused", thread.paused_at or handling.now):
        await handling.say("threads.paused")


async def _say_what_is_left_out(handling: Handling) -> None:
    if not await _said_since(handling, "threads.masked", handling.now - SAID_ONCE_IN):
        await handling.say("threads.masked")


async def _said_since(handling: Handling, text_key: str, since: datetime) -> bool:
    said = select(Message.id).where(
        Message.conversation_id == handling.conversation.id,
        Message.text_key == text_key,
        Message.created_at >= since,
    )
    return await handling.session.scalar(said.limit(1)) is not None


async def _check_is_in(hub: Hub, session: AsyncSession, thread: Thread, one: Person) -> None:
    members = await members_of(session, thread.person_id, hub.clock.now())
    if one.id not in {thread.person_id, *(member.person_id for member in members)}:
        raise NotAllowed("They are not in this circle any more: there is nobody to say it to.")


async def _locked(session: AsyncSession, thread_id: int) -> Thread:
    """Held until the transaction ends: all that is said here has one order."""
    wanted = select(Thread).where(Thread.id == thread_id).with_for_update(key_share=True, of=Thread)
    return (await session.scalars(wanted.execution_options(populate_existing=True))).unique().one()


def _record(hub: Hub, session: AsyncSession, worker: Worker, thread: Thread, what: str, **details: int) -> None:
    about, now = f"thread:{thread.id}", hub.clock.now()
    audit.record(session, now, f"worker:{worker.id}", what, about, person_id=thread.person_id, **details)
