"""What a worker does in a conversation: take over, hand back, answer, note. While a worker holds, the bot is silent."""

from sqlalchemy.ext.asyncio import AsyncSession

from hub import prompts
from hub.core import Hub
from hub.errors import NotAllowed
from hub.outbox import queue
from hub.store import audit
from hub.store.notify import CHANGED, notify
from hub.store.tables import Conversation, Message, Note, Worker
from hub.words import Priority, Purpose

LONGEST_REPLY = 918  # characters: six GSM parts, GOV.UK Notify's limit


async def take_over(hub: Hub, session: AsyncSession, worker: Worker, conversation: Conversation) -> None:
    """The worker answers from now on. Raises `NotAllowed` while another worker holds."""
    _check_holder(conversation, worker)
    if conversation.holder_id == worker.id:
        return
    conversation.holder_id = worker.id
    await _tell(hub, session, worker, conversation, "conversation_taken_over")


async def hand_back(hub: Hub, session: AsyncSession, worker: Worker, conversation: Conversation) -> None:
    """The bot answers again, with a clean slate: an old question is not waited for."""
    _check_holder(conversation, worker)
    conversation.holder_id, conversation.misunderstood = None, 0
    await prompts.close(session, conversation.id, hub.clock.now())
    await _tell(hub, session, worker, conversation, "conversation_handed_back")


async def worker_reply(
    hub: Hub, session: AsyncSession, worker: Worker, conversation: Conversation, body: str
) -> Message:
    """Queue a worker's own words; answering takes the conversation over, so that bot and human never talk at once.

    Raises
    ------
    NotAllowed
        while another worker holds, or when there is nothing to send or too much of it.
    """
    if not body.strip():
        raise NotAllowed("There is nothing to send: write your message first.")
    if len(body) > LONGEST_REPLY:
        raise NotAllowed(f"The message is longer than {LONGEST_REPLY} characters: make it shorter.")
    await take_over(hub, session, worker, conversation)
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


def _check_holder(conversation: Conversation, worker: Worker) -> None:
    if conversation.holder_id not in {None, worker.id}:
        raise NotAllowed("Another worker is answering here: ask them to hand back first.")


async def _tell(hub: Hub, session: AsyncSession, worker: Worker, conversation: Conversation, what: str) -> None:
    subject = f"conversation:{conversation.id}"
    audit.record(session, hub.clock.now(), f"worker:{worker.id}", what, subject, person_id=conversation.person_id)
    notify(session, CHANGED, str(conversation.id))
