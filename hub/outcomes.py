"""What came of a send: the provider's answer, and its receipts later. A state moves forward only.

Duplicated, late and reordered receipts change nothing that they should not; a receipt that overtakes our own record
of the send waits for it in the table of receipts.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from random import Random
from typing import LiteralString

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import another_way, safe_contact_record
from hub.consent import Never, Wait
from hub.core import Hub
from hub.errors import ChannelError, NoChannel, Refused, TryLater, Uncertain
from hub.escalations import escalate
from hub.paces import pause
from hub.ports import Accepted, DeliveryStatus, Receipt
from hub.safe_contact import UNKNOWN
from hub.states import MESSAGE_MOVES, Direction, MessageState, check_move
from hub.store.notify import CHANGED, notify
from hub.store.tables import Attempt, Conversation, Message, StoredReceipt
from hub.words import Purpose

MOST_ATTEMPTS = 8  # with the waits below: five to eight hours; of a talk nothing is left out before its own end
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=2)

# Meanings after which the address itself is of no use: nothing more is sent there until somebody corrects it.
ADDRESS_IS_BAD = frozenset({"not_mobile", "invalid_number", "landline", "unknown_number"})
OPTED_OUT = "opted_out"
# Reasons for not sending that a worker hears of: something is wrong with what we were about to do.
ALARMS = {"same_text": "same_text", "daily_cap": "too_many_texts"}

_RECEIPT_STATES = {
    DeliveryStatus.SENT: MessageState.SENT,
    DeliveryStatus.DELIVERED: MessageState.DELIVERED,
    DeliveryStatus.UNDELIVERED: MessageState.UNDELIVERED,
    DeliveryStatus.FAILED: MessageState.FAILED,
}

ARRIVES = frozenset({MessageState.SENT, MessageState.DELIVERED})  # nobody must hear of these
_BEFORE = {state: [before for before, after in MESSAGE_MOVES.items() if state in after] for state in MessageState}

# A receipt may come while the send that it is about is being recorded. Both stop at this lock first, so that whoever
# comes second sees what the other wrote.
_MEET: LiteralString = """
    SELECT pg_advisory_xact_lock(hashtextextended('receipt ' || id, 0))
    FROM (SELECT unnest(%(provider_ids)s::text[]) AS id ORDER BY 1) AS meeting
"""

_KEEP: LiteralString = """
    WITH kept AS (
        INSERT INTO receipts (provider_message_id, status, code, meaning, at)
        VALUES (%(provider_message_id)s, %(status)s, %(code)s, %(meaning)s, %(now)s)
    ), moved AS (
        UPDATE messages
        SET state = %(state)s, state_at = %(now)s, reason = %(meaning)s, claimed_by = NULL, lease_until = NULL
        WHERE provider_message_id = %(provider_message_id)s AND direction = 'out' AND state = ANY(%(before)s)
        RETURNING conversation_id
    )
    SELECT pg_notify(%(changed)s, conversation_id::text) FROM moved
"""

# `sent` from every state that `check_move` allows it from: the ones that `record` looks for.
_ACCEPTED: LiteralString = """
    WITH answer AS (
        SELECT * FROM unnest(%(messages)s::bigint[], %(attempts)s::bigint[], %(provider_ids)s::text[])
                 AS each (message_id, attempt_id, provider_id)),
    moved AS (
        UPDATE messages AS m
        SET state = 'sent', state_at = %(now)s, reason = '', claimed_by = NULL, lease_until = NULL,
            provider_message_id = answer.provider_id
        FROM answer WHERE m.id = answer.message_id AND m.state IN ('sending', 'uncertain')
            AND NOT EXISTS (SELECT FROM receipts AS r WHERE r.provider_message_id = answer.provider_id)
        RETURNING m.id, m.conversation_id, m.provider_message_id),
    finished AS (
        UPDATE attempts AS a
        SET finished_at = %(now)s, outcome = 'accepted', code = '', provider_message_id = moved.provider_message_id
        FROM answer JOIN moved ON moved.id = answer.message_id WHERE a.id = answer.attempt_id)
    SELECT id, pg_notify(%(changed)s, conversation_id::text) FROM moved
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one attempt."""

    message_id: int
    attempt_id: int
    result: Accepted | ChannelError


def end(message: Message, state: MessageState, reason: str, now: datetime) -> None:
    """Leave the sending with a reason that the inbox can say in words."""
    message.state = check_move(MESSAGE_MOVES, message.state, state)
    message.state_at, message.reason = now, reason
    message.claimed_by = message.lease_until = None


async def leave(
    session: AsyncSession, message: Message, conversation: Conversation, verdict: Wait | Never, now: datetime
) -> None:
    """What may not go now, or never: its state and reason, and whoever must hear of it."""
    if isinstance(verdict, Wait):
        # Waiting for its time it is simply queued; waiting for anything else it is held, and says so.
        message.due_at = verdict.until
        end(message, MessageState.QUEUED if verdict.reason == "not_yet" else MessageState.HELD, verdict.reason, now)
        if verdict.reason == UNKNOWN:
            await safe_contact_record.tell_once(session, conversation, now)
    else:
        end(message, MessageState(verdict.state), verdict.reason, now)
        await another_way.take(session, message, conversation, verdict.reason, now)
    if alarm := ALARMS.get(verdict.reason):
        await escalate(session, conversation, alarm, now, detail=verdict.reason, message_id=message.id)
        notify(session, CHANGED, str(conversation.id))


async def fail(session: AsyncSession, message: Message, conversation: Conversation, reason: str, now: datetime) -> None:
    """An end that a human must hear of."""
    end(message, MessageState.FAILED, reason, now)
    await tell_human(session, message, conversation, reason, now)


async def tell_human(
    session: AsyncSession, message: Message, conversation: Conversation, meaning: str, now: datetime
) -> None:
    contact = conversation.contact_point
    if meaning in ADDRESS_IS_BAD:
        contact.refused_code = meaning
    if meaning == OPTED_OUT:
        contact.stopped_at = contact.stopped_at or now
        await escalate(session, conversation, "stopped", now, detail="provider", message_id=message.id)
    else:
        reason = "maybe_not_delivered" if meaning == "uncertain" else "not_delivered"
        await escalate(session, conversation, reason, now, detail=meaning, message_id=message.id)
        await another_way.take(session, message, conversation, meaning, now)
    notify(session, CHANGED, str(conversation.id))


async def record_all(hub: Hub, answers: Sequence[Answer]) -> None:
    """Record what came together: in one transaction all that was accepted, each other answer by itself."""
    taken = [answer for answer in answers if isinstance(answer.result, Accepted)]
    if taken:
        await _record_accepted(hub, taken)
    for answer in answers:
        if not isinstance(answer.result, Accepted):
            await record(hub, answer.message_id, answer.attempt_id, answer.result)


async def _record_accepted(hub: Hub, answers: Sequence[Answer]) -> None:
    """As `record` does for one; by `record` itself where a receipt came first or the message has been settled."""
    now = hub.clock.now()
    columns = {
        "messages": [answer.message_id for answer in answers],
        "attempts": [answer.attempt_id for answer in answers],
        "provider_ids": [answer.result.provider_message_id for answer in answers],  # type: ignore[union-attr]
    }
    async with hub.store.statements() as connection:
        async with connection.pipeline(), connection.transaction():  # one round trip
            await connection.execute(_MEET, {"provider_ids": columns["provider_ids"]})
            found = await connection.execute(_ACCEPTED, columns | {"now": now, "changed": CHANGED})
        moved = {row[0] for row in await found.fetchall()}
    for answer in answers:
        if answer.message_id not in moved:
            await record(hub, answer.message_id, answer.attempt_id, answer.result)


async def record(hub: Hub, message_id: int, attempt_id: int, result: Accepted | ChannelError) -> None:
    """Record the answer to one attempt. Harmless when the attempt has been settled meanwhile."""
    now = hub.clock.now()
    async with hub.store.transaction() as session:
        if isinstance(result, Accepted):
            await _meet(session, result.provider_message_id)
        message = await _locked(session, message_id)
        attempt = await session.get_one(Attempt, attempt_id)
        attempt.finished_at, attempt.outcome, attempt.code = now, *_in_short(result)
        if message.state not in {MessageState.SENDING, MessageState.UNCERTAIN}:
            return
        await _settle(session, message, attempt, result, now)
        notify(session, CHANGED, str(message.conversation_id))


async def _settle(
    session: AsyncSession, message: Message, attempt: Attempt, result: Accepted | ChannelError, now: datetime
) -> None:
    match result:
        case Accepted(provider_message_id=provider_id):
            attempt.provider_message_id = message.provider_message_id = provider_id
            end(message, MessageState.SENT, "", now)
            await _apply_early_receipts(session, message, now)
        case TryLater() | NoChannel() if message.attempts < MOST_ATTEMPTS or message.purpose is Purpose.THREAD:
            await _try_later(session, message, attempt, result, now)
        case Uncertain():
            if message.state is not MessageState.UNCERTAIN:
                end(message, MessageState.UNCERTAIN, "", now)
        case _:
            await fail(session, message, await _conversation(session, message), _meaning(result), now)


async def _try_later(
    session: AsyncSession, message: Message, attempt: Attempt, result: TryLater | NoChannel, now: datetime
) -> None:
    asked = result.after if isinstance(result, TryLater) else None
    if asked:  # it is the line that was too fast, not this message: the others of the line wait too
        await pause(session, attempt.line_id or message.line_id, now + asked, now)
    end(message, MessageState.QUEUED, "try_later", now)
    message.due_at = now + wait_before_next(message.id, message.attempts, asked)


def _meaning(result: ChannelError) -> str:
    """A key of `hub.delivery.MEANINGS` for an end."""
    if isinstance(result, Refused):
        return result.meaning
    return "no_channel" if isinstance(result, NoChannel) else "no_answer"


def _in_short(result: Accepted | ChannelError) -> tuple[str, str]:
    """(outcome, provider's code) for the attempt."""
    match result:
        case Accepted():
            return "accepted", ""
        case Refused() | TryLater():
            return result.code, result.provider_code
        case _:
            return result.code, ""


def wait_before_next(message_id: int, attempts: int, asked: timedelta | None = None) -> timedelta:
    """Four times as long each time, and a quarter shorter or longer by lot, so that what failed together does not
    come back together; never sooner than the provider asked. The lot is the message's own: the same again.
    """
    lot = Random(f"{message_id}/{attempts}").random()  # noqa: S311  # spreads load, keeps no secret
    if asked:
        return asked * (1 + lot / 4)
    return min(FIRST_WAIT * int(4 ** (attempts - 1)), LONGEST_WAIT) * (0.75 + lot / 2)


async def record_receipt(hub: Hub, receipt: Receipt) -> None:
    """Keep a receipt and move its message forward, if it is about one of ours and says something new."""
    now = hub.clock.now()
    if _RECEIPT_STATES[receipt.status] in ARRIVES:
        await _record_arrival(hub, receipt, now)
        return
    async with hub.store.transaction() as session:
        await _meet(session, receipt.provider_message_id)
        session.add(StoredReceipt(**asdict(receipt), at=now))
        wanted = select(Message.id).where(
            Message.provider_message_id == receipt.provider_message_id, Message.direction == Direction.OUT
        )
        message_id = await session.scalar(wanted)
        if message_id:
            await _apply(session, await _locked(session, message_id), receipt.status, receipt.meaning, now)


async def _record_arrival(hub: Hub, receipt: Receipt, now: datetime) -> None:
    """Nearly all receipts: two statements, one round trip."""
    state = _RECEIPT_STATES[receipt.status]
    before = [before.value for before in _BEFORE[state]]
    values = asdict(receipt) | {"state": state, "before": before, "changed": CHANGED, "now": now}
    async with hub.store.statements() as connection, connection.pipeline(), connection.transaction():
        await connection.execute(_MEET, {"provider_ids": [receipt.provider_message_id]})
        await connection.execute(_KEEP, values)


async def _apply_early_receipts(session: AsyncSession, message: Message, now: datetime) -> None:
    wanted = (
        select(StoredReceipt)
        .where(StoredReceipt.provider_message_id == message.provider_message_id)
        .order_by(StoredReceipt.id)
    )
    for receipt in await session.scalars(wanted):
        await _apply(session, message, receipt.status, receipt.meaning, now)


async def _apply(session: AsyncSession, message: Message, status: str, meaning: str, now: datetime) -> None:
    state = _RECEIPT_STATES[status]
    if state not in MESSAGE_MOVES.get(message.state, frozenset()):
        return
    end(message, state, meaning, now)
    if state in {MessageState.UNDELIVERED, MessageState.FAILED}:
        await tell_human(session, message, await _conversation(session, message), meaning or "no_answer", now)
    notify(session, CHANGED, str(message.conversation_id))


async def _meet(session: AsyncSession, provider_id: str) -> None:
    await (await session.connection()).exec_driver_sql(_MEET, {"provider_ids": [provider_id]})


async def _locked(session: AsyncSession, message_id: int) -> Message:
    return (await session.scalars(select(Message).where(Message.id == message_id).with_for_update())).one()


async def _conversation(session: AsyncSession, message: Message) -> Conversation:
    """Loaded only where a human must hear of it: most messages simply arrive."""
    return await session.get_one(Conversation, message.conversation_id)
