"""The way in: accept once, then handle in order per conversation.

    accept()       who → stored before the provider gets its 200; the same message again changes nothing
    handle_next()  takes the conversation that has waited longest, one message at a time:
                   STOP/START/HELP → safety words → does a human hold it? → exact reply to the open question
                   → the assistant → command → replies queued in the same transaction

A crisis never waits for a model, and a text that nothing fits goes to a human. Knows no channel and no model: both are
ports. Different conversations are handled in parallel, by any number of workers.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString

import structlog
from psycopg.errors import ForeignKeyViolation
from sqlalchemy import DateTime, bindparam, exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub import decide, escalations, prompts
from hub.arrivals import conversation_of, keep_media, known_sender, line_of, store_known, store_message
from hub.commands import carry_out
from hub.core import Hub
from hub.decide import Situation
from hub.files_in import clean_files
from hub.handling import Handling
from hub.ports import Decision, Inbound
from hub.reasons import REASONS
from hub.states import EscalationState, MessageState
from hub.store.loading import TO_TALK
from hub.store.notify import CHANGED, INBOUND, notify
from hub.store.tables import Conversation, Escalation, MediaFile, Message, Prompt, Thread, TurnRecord
from hub.threads.standing import circles_in_hand
from hub.understanding import carry_out_understood
from hub.words import Side

log = structlog.get_logger()

LEASE = timedelta(seconds=30)  # longer than the assistant's time-out and a transaction

_CLAIM: LiteralString = """
    UPDATE conversations AS c SET handling_by = %(by)s, handling_until = %(until)s
    WHERE id = (
        SELECT id FROM conversations
        WHERE waiting_since IS NOT NULL AND (handling_until IS NULL OR handling_until < %(now)s)
        ORDER BY waiting_since LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, (SELECT min(m.id) FROM messages AS m WHERE m.conversation_id = c.id AND state = 'received')
"""

# To be asked with the conversation's row locked: a text that comes in meanwhile waits for the lock and finds it let go.
_NEXT = text(
    """
    UPDATE conversations AS c
    SET handling_until = CASE WHEN next.id IS NULL THEN NULL ELSE CAST(:until AS timestamptz) END,
        handling_by = CASE WHEN next.id IS NULL THEN NULL ELSE handling_by END,
        waiting_since = CASE WHEN next.id IS NULL THEN NULL ELSE waiting_since END
    FROM (SELECT min(id) AS id FROM messages WHERE conversation_id = :conversation AND state = 'received') AS next
    WHERE c.id = :conversation AND handling_by = :by
    RETURNING next.id
    """
)

# All that deciding about a text needs, in one row.
_IN_HAND = (
    select(
        Conversation,
        Message,
        Prompt,
        exists().where(MediaFile.message_id == Message.id),
        exists().where(Escalation.conversation_id == Conversation.id, Escalation.state == EscalationState.SNOOZED),
        circles_in_hand(bindparam("now", type_=DateTime(timezone=True))),
        exists().where(Thread.person_id == Conversation.person_id, Thread.side == Side.SUPERVISION),
    )
    .join(Message, Message.conversation_id == Conversation.id)
    .outerjoin(Prompt, (Prompt.conversation_id == Conversation.id) & Prompt.closed_at.is_(None))
    .where(Message.id == bindparam("message"))
    .options(*TO_TALK)
)


async def accept(hub: Hub, inbound: Inbound) -> int | None:
    """Store a text once: all of it or nothing. Returns its id, or None when it was here already.

    Raises
    ------
    NoChannel
        when none of our lines has that address.
    StoreUnavailable
        when it could not be stored: the provider must be told to come again.
    """
    now = hub.clock.now()
    async with hub.store.statements() as connection:
        sender = await known_sender(hub, connection, inbound)
        if sender:
            with suppress(ForeignKeyViolation):  # their record became part of another's a moment ago: look again
                return await store_known(hub, connection, sender, inbound, now)
    return await _accept_unusual(hub, inbound, now)


async def _accept_unusual(hub: Hub, inbound: Inbound, now: datetime) -> int | None:
    """A first text, one from another of their numbers, one with files: a person or a conversation may be made."""
    async with hub.store.transaction() as session:
        line = await line_of(session, inbound)
        conversation, key = await conversation_of(hub, session, line, inbound, now)
        message_id = await store_message(session, conversation, inbound, key, now)
        if message_id is None:
            return None
        keep_media(session, inbound, conversation.person_id, message_id, key, now)
        await session.execute(
            update(Conversation)
            .where(Conversation.id == conversation.id)
            .values(
                waiting_since=func.coalesce(Conversation.waiting_since, now),
                last_in_at=now,
                last_at=now,
                unread=True,
            )
        )
        notify(session, INBOUND)
        notify(session, CHANGED, str(conversation.id))
        return message_id


async def handle_next(hub: Hub, by: str) -> bool:
    """Handle all that waits in one conversation. False when nothing waits anywhere."""
    now = hub.clock.now()
    async with hub.store.statements() as connection:
        claimed = await connection.execute(_CLAIM, {"by": by, "now": now, "until": now + LEASE})
        row: tuple[int, int | None] | None = await claimed.fetchone()
    if row is None:
        return False
    conversation_id, message_id = row
    if message_id is None:  # answered by a human meanwhile
        message_id = await _go_on(hub, conversation_id, by)
    while message_id is not None:
        message_id = await _handle_or_give_up(hub, conversation_id, message_id, by)
    return True


async def _handle_or_give_up(hub: Hub, conversation_id: int, message_id: int, by: str) -> int | None:
    try:
        return await handle(hub, message_id, by)
    except Exception:
        log.exception("handling_failed", message=message_id)
        await _give_to_human(hub, conversation_id, message_id)
        return await _go_on(hub, conversation_id, by)


async def handle(hub: Hub, message_id: int, by: str) -> int | None:
    """Decide about one message outside any transaction, carry out inside one. Returns the conversation's next."""
    situation = await _look(hub, message_id)
    crisis, following = False, None
    async for decision in decide.in_order(hub.flows, hub.assistant, situation):
        cry = decision.decided_by == "safety"  # answered first; the rest is then carried out quietly
        if situation.has_file and not cry:  # no cry waits for a virus scanner
            await clean_files(hub, message_id)
        following = await _carry_out(hub, situation, by, decision, quiet=crisis, last=not cry)
        crisis = crisis or cry
    return following


@dataclass(frozen=True, slots=True)
class _InHand:
    """What is being handled: the conversation with whoever speaks in it, the text, the open question."""

    conversation: Conversation
    message: Message
    prompt: Prompt | None
    has_file: bool
    sleeps: bool  # something of the conversation is snoozed
    circles: int  # in how many they may talk, besides their own
    own_circle: bool


async def _in_hand(session: AsyncSession, message_id: int, now: datetime) -> _InHand:
    row = (await session.execute(_IN_HAND, {"message": message_id, "now": now})).one()
    return _InHand(row[0], row[1], prompts.unless_expired(row[2], now), *row[3:])


async def _look(hub: Hub, message_id: int) -> Situation:
    """All that deciding needs, read in one short transaction."""
    async with hub.store.transaction() as session:
        found = await _in_hand(session, message_id, hub.clock.now())
        return decide.situation(
            hub,
            found.conversation,
            found.message,
            found.prompt,
            has_file=found.has_file,
            circles=found.circles,
            own_circle=found.own_circle,
        )


async def _carry_out(
    hub: Hub, situation: Situation, by: str, decision: Decision, *, quiet: bool = False, last: bool = True
) -> int | None:
    """Commands, replies and the message's new state, all or nothing. A lost lease changes nothing.

    Returns the next text of the conversation; when there is none, the conversation is let go.
    """
    now = hub.clock.now()
    async with hub.store.transaction() as session:
        if not await _is_ours(session, situation.conversation_id, by):
            return None
        found = await _in_hand(session, situation.message_id, now)
        if found.message.state is MessageState.RECEIVED:
            if found.sleeps:
                await _wake_escalations(session, found.conversation, now)
            conversation, message, prompt = found.conversation, found.message, found.prompt
            handling = Handling(hub, session, conversation, message, situation.text, prompt, now, quiet=quiet)
            await carry_out_understood(handling, decision, carry_out)
            _remember(session, situation, decision, now)
            if last:
                _finish(handling, decision)
            notify(session, CHANGED, str(conversation.id))
        return await _next_message(session, situation.conversation_id, by, now) if last else None


def _finish(handling: Handling, decision: Decision) -> None:
    message, conversation = handling.message, handling.conversation
    if message is None:
        return
    held = conversation.holder_id is not None or decision.decided_by == "human"
    over = handling.handed_over or held or handling.quiet  # quiet: a crisis came first
    message.state = MessageState.HANDED_OVER if over else MessageState.HANDLED
    message.state_at = handling.now
    if not over:
        conversation.unread = False  # nothing here waits for a human's eye


def _remember(session: AsyncSession, situation: Situation, decision: Decision, now: datetime) -> None:
    session.add(
        TurnRecord(
            message_id=situation.message_id,
            decided_by=decision.decided_by,
            awaiting=situation.turn.awaiting,
            intent=decision.intent,
            confidence=decision.confidence,
            runners_up=[{"intent": name, "confidence": share} for name, share in decision.runners_up],
            commands=[command.do for command in decision.commands],
            at=now,
        )
    )


async def _is_ours(session: AsyncSession, conversation_id: int, by: str) -> bool:
    """Whether the conversation is still ours to handle; if so, nobody else touches it until the transaction ends.

    Its key is not locked: what others in a circle say at the same moment can be queued in it. Two who write to each
    other at once would wait for each other for ever.
    """
    mine = select(Conversation.id).where(Conversation.id == conversation_id, Conversation.handling_by == by)
    return await session.scalar(mine.with_for_update(key_share=True)) is not None


async def _next_message(session: AsyncSession, conversation_id: int, by: str, now: datetime) -> int | None:
    """The oldest text that waits; when none does, the conversation is let go."""
    await session.flush()  # what was handled just now waits no longer
    wanted = {"conversation": conversation_id, "by": by, "until": now + LEASE}
    message_id: int | None = await session.scalar(_NEXT, wanted)
    return message_id


async def _go_on(hub: Hub, conversation_id: int, by: str) -> int | None:
    """`_next_message` by itself."""
    async with hub.store.transaction() as session:
        if not await _is_ours(session, conversation_id, by):
            return None
        return await _next_message(session, conversation_id, by, hub.clock.now())


async def _wake_escalations(session: AsyncSession, conversation: Conversation, now: datetime) -> None:
    """A new text brings back what was snoozed."""
    asleep = select(Escalation).where(
        Escalation.conversation_id == conversation.id, Escalation.state == EscalationState.SNOOZED
    )
    for escalation in (await session.scalars(asleep)).all():
        escalation.state, escalation.snoozed_until = EscalationState.OPEN, None
        escalation.due_at = REASONS[escalation.reason].due(now, conversation.person.agency)


async def _give_to_human(hub: Hub, conversation_id: int, message_id: int) -> None:
    """The last net: whatever broke, a human reads the text."""
    now = hub.clock.now()
    async with hub.store.transaction() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        message = await session.get_one(Message, message_id)
        await escalations.escalate(session, conversation, "not_handled", now, message_id=message_id)
        message.state, message.state_at = MessageState.HANDED_OVER, now
