"""The way in: accept once, then handle in order per conversation.

    accept()       who → stored before the provider gets its 200; the same message again changes nothing
    handle_next()  takes the conversation that has waited longest, one message at a time:
                   STOP/START/HELP → safety words → does a human hold it? → exact reply to the open question
                   → the assistant → command → replies queued in the same transaction

A crisis never waits for a model, and a text that nothing fits goes to a human. Knows no channel and no model: both are
ports. Different conversations are handled in parallel, by any number of workers.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub import decide, escalations, prompts
from hub.arrivals import conversation_of, keep_media, known_sender, line_of, store_known, store_message
from hub.commands import carry_out
from hub.core import Hub
from hub.decide import Situation
from hub.handling import Handling
from hub.ports import Decision, Inbound
from hub.states import Direction, EscalationState, MessageState
from hub.store.loading import TO_TALK
from hub.store.notify import CHANGED, INBOUND, notify
from hub.store.tables import Conversation, Escalation, Message, TurnRecord
from hub.understanding import carry_out_understood

log = structlog.get_logger()

LEASE = timedelta(seconds=30)  # longer than the assistant's time-out and a transaction

_CLAIM = text(
    """
    UPDATE conversations SET handling_by = :by, handling_until = :until
    WHERE id = (
        SELECT id FROM conversations
        WHERE waiting_since IS NOT NULL AND (handling_until IS NULL OR handling_until < :now)
        ORDER BY waiting_since LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id
    """
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
        await notify(session, INBOUND)
        await notify(session, CHANGED, str(conversation.id))
        return message_id


async def handle_next(hub: Hub, by: str) -> bool:
    """Handle all that waits in one conversation. False when nothing waits anywhere."""
    async with hub.store.transaction() as session:
        now = hub.clock.now()
        conversation_id = await session.scalar(_CLAIM, {"by": by, "now": now, "until": now + LEASE})
    if conversation_id is None:
        return False
    while message_id := await _next_message(hub, conversation_id, by):
        try:
            await handle(hub, conversation_id, message_id, by)
        except Exception:
            log.exception("handling_failed", message=message_id)
            await _give_to_human(hub, conversation_id, message_id)
    return True


async def handle(hub: Hub, conversation_id: int, message_id: int, by: str) -> None:
    """Decide about one message outside any transaction, carry out inside one."""
    situation = await _look(hub, conversation_id, message_id)
    crisis = False
    async for decision in decide.in_order(hub.flows, hub.assistant, situation):
        cry = decision.decided_by == "safety"  # answered first; the rest is then carried out quietly
        await _carry_out(hub, situation, by, decision, quiet=crisis, last=not cry)
        crisis = crisis or cry


async def _look(hub: Hub, conversation_id: int, message_id: int) -> Situation:
    """All that deciding needs, read in one short transaction."""
    async with hub.store.transaction() as session:
        conversation = await session.get_one(Conversation, conversation_id, options=TO_TALK)
        message = await session.get_one(Message, message_id)
        prompt = await prompts.open_prompt(session, conversation_id, hub.clock.now())
        return await decide.situation(hub, session, conversation, message, prompt)


async def _carry_out(
    hub: Hub, situation: Situation, by: str, decision: Decision, *, quiet: bool = False, last: bool = True
) -> None:
    """Commands, replies and the message's new state, all or nothing. A lost lease changes nothing."""
    now = hub.clock.now()
    async with hub.store.transaction() as session:
        conversation = await _locked(session, situation.conversation_id, by)
        message = await session.get_one(Message, situation.message_id)
        if conversation is None or message.state is not MessageState.RECEIVED:
            return
        prompt = await prompts.open_prompt(session, conversation.id, now)
        handling = Handling(hub, session, conversation, message, situation.text, prompt, now, quiet=quiet)
        await _wake_escalations(session, conversation, now)
        await carry_out_understood(handling, decision, carry_out)
        _remember(session, situation, decision, now)
        if last:
            _finish(handling, decision)
        await notify(session, CHANGED, str(conversation.id))


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


async def _next_message(hub: Hub, conversation_id: int, by: str) -> int | None:
    """The oldest text that waits; when none does, the conversation is let go in the same transaction."""
    async with hub.store.transaction() as session:
        mine = select(Conversation.id).where(Conversation.id == conversation_id, Conversation.handling_by == by)
        if await session.scalar(mine.with_for_update()) is None:
            return None
        waiting = (
            select(Message.id)
            .where(
                Message.conversation_id == conversation_id,
                Message.direction == Direction.IN,
                Message.state == MessageState.RECEIVED,
            )
            .order_by(Message.id)
            .limit(1)
        )
        message_id: int | None = await session.scalar(waiting)
        lease = {"handling_until": hub.clock.now() + LEASE}
        over = {"handling_until": None, "handling_by": None, "waiting_since": None}
        await session.execute(
            update(Conversation).where(Conversation.id == conversation_id).values(**(lease if message_id else over))
        )
        return message_id


async def _locked(session: AsyncSession, conversation_id: int, by: str) -> Conversation | None:
    """The conversation, if it is still ours to handle."""
    wanted = (
        select(Conversation)
        .where(Conversation.id == conversation_id, Conversation.handling_by == by)
        .options(*TO_TALK)
        .with_for_update(of=Conversation)
    )
    return (await session.scalars(wanted)).unique().one_or_none()


async def _wake_escalations(session: AsyncSession, conversation: Conversation, now: datetime) -> None:
    """A new text brings back what was snoozed."""
    asleep = select(Escalation).where(
        Escalation.conversation_id == conversation.id, Escalation.state == EscalationState.SNOOZED
    )
    for escalation in (await session.scalars(asleep)).all():
        escalation.state, escalation.snoozed_until = EscalationState.OPEN, None
        escalation.due_at = escalations.REASONS[escalation.reason].due(now, conversation.person.agency)


async def _give_to_human(hub: Hub, conversation_id: int, message_id: int) -> None:
    """The last net: whatever broke, a human reads the text."""
    now = hub.clock.now()
    async with hub.store.transaction() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        message = await session.get_one(Message, message_id)
        await escalations.escalate(session, conversation, "not_handled", now, message_id=message_id)
        message.state, message.state_at = MessageState.HANDED_OVER, now
