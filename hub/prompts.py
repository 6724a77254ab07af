"""The question that a conversation waits on: at most one open. A digression leaves it open, an answer closes it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub.store.tables import Conversation, Prompt
from hub.words import Awaiting


async def open_prompt(session: AsyncSession, conversation_id: int, now: datetime) -> Prompt | None:
    """The open question, unless it has expired."""
    prompt = await session.scalar(
        select(Prompt).where(Prompt.conversation_id == conversation_id, Prompt.closed_at.is_(None))
    )
    return unless_expired(prompt, now)


def unless_expired(prompt: Prompt | None, now: datetime) -> Prompt | None:
    return None if prompt and prompt.expires_at and prompt.expires_at <= now else prompt


async def ask(
    session: AsyncSession,
    conversation: Conversation,
    awaiting: Awaiting,
    text_key: str,
    now: datetime,
    *,
    subject: tuple[str, int] | None = None,
    facts: dict[str, Any] | None = None,
    expires_at: datetime | None = None,
) -> Prompt:
    """Open a question in place of the one before. `subject` is (kind, id) of what the answer is about."""
    await close(session, conversation.id, now)
    kind, subject_id = subject or ("", None)
    prompt = Prompt(
        conversation_id=conversation.id,
        awaiting=awaiting,
        text_key=text_key,
        subject_kind=kind,
        subject_id=subject_id,
        facts=facts or {},
        asked_at=now,
        expires_at=expires_at,
    )
    session.add(prompt)
    await session.flush()
    return prompt


async def close(session: AsyncSession, conversation_id: int, now: datetime, *, but: str = "") -> None:
    """`but`: a kind of subject whose question stays open."""
    await session.execute(
        update(Prompt)
        .where(Prompt.conversation_id == conversation_id, Prompt.closed_at.is_(None))
        .where(Prompt.subject_kind != but if but else true())
        .values(closed_at=now)
    )
