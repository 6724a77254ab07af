"""Answers begun and not sent: one a worker and conversation, sealed with the person's key. Knows no screen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.store.tables import Conversation, Draft, Worker


@dataclass(frozen=True, slots=True)
class Begun:
    body: str
    began_at: datetime
    at: datetime


async def keep(hub: Hub, session: AsyncSession, worker: Worker, conversation: Conversation, body: str) -> None:
    """Keep what is written so far; nothing written is nothing kept."""
    if not body.strip() or conversation.person.wrapped_key is None:
        await throw_away(session, worker, conversation)
        return
    now = hub.clock.now()
    sealed = hub.vault.open_person_key(conversation.person.wrapped_key).seal(body, "draft")
    keys = {"worker_id": worker.id, "conversation_id": conversation.id}
    made = insert(Draft).values(**keys, body_sealed=sealed, began_at=now, at=now)
    await session.execute(
        made.on_conflict_do_update(index_elements=list(keys), set_={"body_sealed": sealed, "at": now})
    )


async def find(hub: Hub, session: AsyncSession, worker: Worker, conversation: Conversation) -> Begun | None:
    """What this worker began here; None too when the person has been erased since."""
    draft = await session.get(Draft, (worker.id, conversation.id))
    if draft is None or conversation.person.wrapped_key is None:
        return None
    key = hub.vault.open_person_key(conversation.person.wrapped_key)
    return Begun(key.open(draft.body_sealed, "draft"), draft.began_at, draft.at)


async def throw_away(session: AsyncSession, worker: Worker, conversation: Conversation) -> None:
    mine = (Draft.worker_id == worker.id, Draft.conversation_id == conversation.id)
    await session.execute(delete(Draft).where(*mine))
