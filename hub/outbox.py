"""The one way to put a message into the queue. Knows nothing of channels: `hub/send.py` takes it from here."""

import json
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.states import Direction, MessageState
from hub.store.notify import CHANGED, OUTBOUND, notify
from hub.store.tables import Conversation, Message
from hub.words import Priority, Purpose


async def queue(
    hub: Hub,
    session: AsyncSession,
    conversation: Conversation,
    *,
    purpose: Purpose,
    priority: Priority,
    text_key: str | None = None,
    facts: dict[str, str] | None = None,
    body: str | None = None,
    author_id: int | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    choices: list[dict[str, str]] | None = None,
    quietly: bool = False,
) -> Message:
    """Queue a text of `flows/` (`text_key` with `facts`) or a worker's own words (`body`), in the caller's transaction.

    `choices` are the buttons of a text whose answers are not fixed (survey choices, offered times); a text with fixed
    ones brings its own. `quietly`: the conversation's own row is left alone, since its own texts are handled just now
    by somebody who may wait for us.
    """
    now = hub.clock.now()
    key = hub.vault.open_person_key(_key_of(conversation))
    message = Message(
        conversation_id=conversation.id,
        line_id=conversation.line_id,
        direction=Direction.OUT,
        state=MessageState.QUEUED,
        state_at=now,
        created_at=now,
        purpose=purpose,
        rank=priority.rank,
        text_key=text_key,
        facts_sealed=key.seal(json.dumps(facts or {}), "facts") if text_key else None,
        body_sealed=key.seal(body, "body") if body is not None else None,
        choices=choices or [],
        author_id=author_id,
        due_at=due_at or now,
        expires_at=expires_at,
    )
    session.add(message)
    await session.flush()
    if not quietly:
        conversation.last_at = now
    notify(session, OUTBOUND)
    notify(session, CHANGED, str(conversation.id))
    return message


def _key_of(conversation: Conversation) -> bytes:
    if conversation.person.wrapped_key is None:
        raise ValueError("an erased person gets no messages")
    return conversation.person.wrapped_key
