"""What a worker does in a conversation: take over, hand back, answer, note. While a worker holds, the bot is silent."""

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import drafts, prompts
from hub.core import Hub
from hub.errors import NotAllowed
from hub.outbox import queue
from hub.states import Direction
from hub.store import audit
from hub.store.notify import CHANGED, notify
from hub.store.tables import Conversation, Message, Note, Worker
from hub.times import say_time
from hub.words import Priority, Purpose

LONGEST_REPLY = 918  # characters: six GSM parts, GOV.UK Notify's limit


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page showed of the person's messages: the newest when it was opened, and the newest of theirs by now."""

    newest: int
    heard: int


async def take_over(hub: Hub, session: AsyncSession, worker: Worker, conversation: Conversation) -> None:
    """The worker answers from now on. Raises `NotAllowed` while another worker holds."""
    await check_holder(session, conversation, worker)
    if conversation.holder_id == worker.id:
        return
    conversation.holder_id = worker.id
    await _tell(hub, session, worker, conversation, "conversation_taken_over")


async def hand_back(hub: Hub, session: AsyncSession, worker: Worker, conversation: Conversation) -> None:
    """The bot answers again, with a clean slate: an old question is not waited for, but for “are you safe?”."""
    await check_holder(session, conversation, worker)
    conversation.holder_id, conversation.misunderstood = None, 0
    await prompts.close(session, conversation.id, hub.clock.now(), but="safe_check")
    await _tell(hub, session, worker, conversation, "conversation_handed_back")


async def worker_reply(
    hub: Hub, session: AsyncSession, worker: Worker, conversation: Conversation, body: str, seen: Seen | None = None
) -> Message:
    """Queue a worker's own words; answering takes the conversation over, so that bot and human never talk at once.

    Raises
    ------
    NotAllowed
        while another worker holds, when something was said that the worker's page does not show (`seen`), or when
        there is nothing to send or too much of it.
    """
    check_words(body)
    await check_holder(session, conversation, worker)
    await check_seen(session, worker, conversation, seen)
    await take_over(hub, session, worker, conversation)
    await drafts.throw_away(session, worker, conversation)
    return await queue(
        hub,
        session,
        conversation,
        purpose=Purpose.REPLY,
        priority=Priority.REPLY,
        body=body,
        author_id=worker.id,
    )


async def add_note(hub: Hub, session: AsyncSession, worker: Worker, conversation: Conversation, body: str) -> None:
    key = hub.vault.open_person_key(conversation.person.wrapped_key or b"")
    session.add(
        Note(
            conversation_id=conversation.id,
            worker_id=worker.id,
            body_sealed=key.seal(body, "note"),
            at=hub.clock.now(),
        )
    )
    await _tell(hub, session, worker, conversation, "note_added")


async def set_unread(session: AsyncSession, conversation: Conversation, *, unread: bool) -> None:
    if conversation.unread is not unread:
        conversation.unread = unread
        notify(session, CHANGED, str(conversation.id))


def check_words(body: str) -> None:
    if not body.strip():
        raise NotAllowed("There is nothing to send: write your message first.")
    if len(body) > LONGEST_REPLY:
        raise NotAllowed(f"The message is longer than {LONGEST_REPLY} characters: make it shorter.")


async def check_holder(session: AsyncSession, conversation: Conversation, worker: Worker) -> None:
    if conversation.holder_id not in {None, worker.id}:
        holder = await session.get_one(Worker, conversation.holder_id)
        raise NotAllowed(f"Another worker is answering here, {holder.name}: ask them to hand back first.")


async def check_seen(session: AsyncSession, worker: Worker, conversation: Conversation, seen: Seen | None) -> None:
    """Nobody answers over something that they have not read. The page comes again with it, so the next click sends."""
    if seen is None:
        return
    zone = conversation.person.agency.time_zone
    answers = _of_person(conversation).where(Message.author_id.is_not(None), Message.author_id != worker.id)
    answer = await session.scalar(answers.where(Message.id > seen.newest))
    if answer:
        who = (await session.get_one(Worker, answer.author_id)).name
        said = f"{who} answered at {say_time(answer.created_at, zone)}."
        raise NotAllowed(f"{said} Read it, then send again if you still want to.")
    texts = _of_person(conversation).where(Message.direction == Direction.IN)
    text = await session.scalar(texts.where(Message.id > seen.heard))
    if text:
        said = f"A new message came at {say_time(text.created_at, zone)}, while you were writing."
        raise NotAllowed(f"{said} Read it, then send again if you still want to.")


def _of_person(conversation: Conversation) -> Select[Message]:
    """Newest first, on every line: they stand in one stream."""
    same = select(Conversation.id).where(Conversation.person_id == conversation.person_id)
    return select(Message).where(Message.conversation_id.in_(same)).order_by(Message.id.desc()).limit(1)


async def _tell(hub: Hub, session: AsyncSession, worker: Worker, conversation: Conversation, what: str) -> None:
    subject = f"conversation:{conversation.id}"
    audit.record(session, hub.clock.now(), f"worker:{worker.id}", what, subject, person_id=conversation.person_id)
    notify(session, CHANGED, str(conversation.id))
