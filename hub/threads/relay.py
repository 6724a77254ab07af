"""One post to each of its readers, on each one's own channel, in one order for all.

Called behind the thread's row lock. On a phone that others may read nothing of it stands: the text waits there for
READ, and one that says nothing tells of it. Knows neither who may write nor what is taken out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub.consent import AWAKE, WHEN_ALONE
from hub.core import Hub
from hub.outbox import queue
from hub.people import conversation_for
from hub.safe_contact import is_careful
from hub.states import MessageState
from hub.store.notify import OUTBOUND, notify
from hub.store.tables import Consent, Conversation, Message, Person, Thread, ThreadMember, ThreadPost
from hub.threads.going_out import remember
from hub.threads.splitting import split
from hub.threads.standing import in_force, members_of, sees
from hub.words import Priority, Purpose, Sees

STALE_AFTER = timedelta(days=3)  # nobody answers what was said the week before
TOLD_AGAIN = timedelta(days=1)  # that something waits for READ
SOMETHING_NEW = "threads.something_new"
RELAY, RELAY_NAMED = "threads.relay", "threads.relay_named"


@dataclass(frozen=True, slots=True)
class Reader:
    """`needs`: the least that they must be allowed; `named`: they stand in several circles, so whose it is is said."""

    person: Person
    needs: Sees
    named: bool = False


async def readers_of(
    hub: Hub, session: AsyncSession, thread: Thread, author_id: int | None, only_to: Person | None = None
) -> Sequence[Reader]:
    """Everybody else who hears the talk: not who has muted it, unless a worker speaks. `only_to`: that one alone."""
    if only_to:
        return [Reader(only_to, Sees.DATES)]
    members = [
        member
        for member in await members_of(session, thread.person_id, hub.clock.now())
        if member.sees.allows(Sees.CHAT) and (author_id is None or member.muted_at is None)
    ]
    circles = await _circles(session, [member.person_id for member in members], hub)
    owner = await session.get_one(Person, thread.person_id)
    found = [Reader(owner, Sees.CHAT)]
    found += [Reader(member.supporter, Sees.CHAT, circles[member.person_id] > 1) for member in members]
    return [reader for reader in found if reader.person.id != author_id]


async def give(
    hub: Hub, session: AsyncSession, thread: Thread, post: ThreadPost, words: str, names: Mapping[str, str], to: Reader
) -> None:
    """`names`: `from_name` and `their_name`. Not to an address that is stopped or has said no to it."""
    if to.person.wrapped_key is None:
        return
    conversation = await conversation_for(session, to.person)
    if conversation is None or await _does_not_want_it(session, conversation):
        return
    now = hub.clock.now()
    await let_go_if_awake(hub, session, conversation)
    alone = is_careful(conversation.contact_point)
    if alone:
        await _tell_of_it(hub, session, thread, post, conversation, to.needs)
    named = to.named and names["from_name"] != names["their_name"]
    for part in split(words):
        message = await queue(
            hub,
            session,
            conversation,
            purpose=Purpose.THREAD,
            priority=Priority.REPLY,
            text_key=RELAY_NAMED if named else RELAY,
            facts={**names, "said": part},
            author_id=post.worker_id,
            expires_at=now + STALE_AFTER,
            quietly=True,
        )
        remember(session, message, thread.id, to.person.id, to.needs, post.id)
        if alone:
            message.state, message.reason, message.due_at = MessageState.HELD, WHEN_ALONE, message.expires_at


async def let_go_if_awake(hub: Hub, session: AsyncSession, conversation: Conversation) -> None:
    """What waits for a permitted hour goes at once to somebody who writes just now, before anything newer."""
    now = hub.clock.now()
    if conversation.last_in_at is None or now - conversation.last_in_at > AWAKE:
        return
    waits = (
        update(Message)
        .where(
            Message.conversation_id == conversation.id,
            Message.purpose == Purpose.THREAD,
            Message.state == MessageState.HELD,
            Message.reason.in_(("quiet_hours", "in_turn")),
        )
        .values(state=MessageState.QUEUED, state_at=now, reason="", due_at=now)
        .returning(Message.id)
    )
    if (await session.scalars(waits)).all():
        notify(session, OUTBOUND)


async def _tell_of_it(
    hub: Hub, session: AsyncSession, thread: Thread, post: ThreadPost, conversation: Conversation, needs: Sees
) -> None:
    """Once until they read, and again after a day: one notice for ten posts."""
    now = hub.clock.now()
    told = exists().where(
        Message.conversation_id == conversation.id,
        Message.text_key == SOMETHING_NEW,
        Message.created_at > now - TOLD_AGAIN,
    )
    if await session.scalar(select(told & waits_for_read(conversation.id))):
        return
    message = await queue(
        hub,
        session,
        conversation,
        purpose=Purpose.THREAD,
        priority=Priority.REPLY,
        text_key=SOMETHING_NEW,
        expires_at=now + STALE_AFTER,
        quietly=True,
    )
    remember(session, message, thread.id, conversation.person_id, needs, post.id)


def waits_for_read(conversation_id: int) -> ColumnElement[bool]:
    """As a condition of a query."""
    return exists().where(
        Message.conversation_id == conversation_id, Message.state == MessageState.HELD, Message.reason == WHEN_ALONE
    )


async def _does_not_want_it(session: AsyncSession, conversation: Conversation) -> bool:
    if conversation.contact_point.stopped_at:
        return True
    consent = await session.get(Consent, (conversation.contact_point_id, Purpose.THREAD))
    return consent is not None and not consent.given


async def _circles(session: AsyncSession, people: Sequence[int], hub: Hub) -> Counter[int]:
    """In how many each may talk."""
    now = hub.clock.now()
    counted = (
        select(ThreadMember.person_id, func.count().label("circles"))
        .where(ThreadMember.person_id.in_(people), in_force(now), sees(Sees.CHAT))
        .group_by(ThreadMember.person_id)
    )
    return Counter({row.person_id: row.circles for row in await session.execute(counted)})
