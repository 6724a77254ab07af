"""What crashed half-way: leases that ran out, and attempts of which nobody knows whether the message left.

Nothing is repeated before the provider was asked. Where a provider can never say (Telegram keeps no list), the message
is not repeated either: a worker is told that it may not have arrived.
"""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from hub import holds, outcomes
from hub.consent import WHEN_ALONE
from hub.core import Hub
from hub.errors import ChannelError, Refused, TryLater, Uncertain
from hub.ports import Accepted
from hub.safe_contact import UNKNOWN
from hub.send import outgoing_of
from hub.states import MessageState
from hub.store.notify import OUTBOUND, notify
from hub.store.tables import Attempt, Line, Message
from hub.texts import as_written
from hub.threads.turns import IN_TURN

# A provider's list may lag behind what it took: asking at once could say "not sent" of a message that was.
LIST_LAG = timedelta(seconds=10)
WAITS = (
    "quiet_hours",
    "daily_cap",
    "paused",
    UNKNOWN,
    WHEN_ALONE,
    IN_TURN,
)  # held until a time of the clock; the others until a hand lets go
SKEW = timedelta(seconds=5)  # between the provider's clock and ours


async def recover(hub: Hub) -> int:
    """Take back what a dead worker held; let go what waited for an hour or the end of a hold. Returns how many."""
    now = hub.clock.now()
    async with hub.store.transaction() as session:
        moved = 0
        for before, after in (
            (MessageState.CLAIMED, MessageState.QUEUED),  # nothing had been called yet
            (MessageState.SENDING, MessageState.UNCERTAIN),
        ):
            lapsed = (
                update(Message)
                .where(Message.state == before, Message.lease_until <= now)
                .values(state=after, state_at=now, claimed_by=None, lease_until=None)
                .returning(Message.id)
            )
            moved += len((await session.scalars(lapsed)).all())
        opened = (
            update(Message)
            .where(Message.state == MessageState.HELD, Message.reason.in_(WAITS), Message.due_at <= now)
            .values(state=MessageState.QUEUED, state_at=now, reason="")
            .returning(Message.id)
        )
        moved += len((await session.scalars(opened)).all())
        moved += await holds.let_go(session, now)
        if moved:
            notify(session, OUTBOUND)
    return moved


async def settle_uncertain(hub: Hub, limit: int = 20) -> int:
    """Ask the providers about uncertain attempts. Returns how many were settled."""
    settled = 0
    for message_id in await _uncertain(hub, limit):
        settled += await _ask_provider(hub, message_id)
    return settled


async def _uncertain(hub: Hub, limit: int) -> list[int]:
    async with hub.store.transaction() as session:
        wanted = (
            select(Message.id)
            .where(Message.state == MessageState.UNCERTAIN, Message.state_at <= hub.clock.now() - LIST_LAG)
            .order_by(Message.id)
            .limit(limit)
        )
        return list((await session.scalars(wanted)).all())


async def _ask_provider(hub: Hub, message_id: int) -> bool:
    async with hub.store.transaction() as session:
        wanted = select(Message).where(Message.id == message_id).options(joinedload(Message.conversation))
        message = (await session.scalars(wanted)).unique().one()
        attempt = await session.scalar(
            select(Attempt).where(Attempt.message_id == message_id).order_by(Attempt.id.desc()).limit(1)
        )
        conversation = message.conversation
        key = hub.vault.open_person_key(conversation.person.wrapped_key or b"")
        rendered = as_written(key.open(message.body_sealed or b"", "body"))
        if attempt is None:
            return False
        way = await session.get_one(Line, attempt.line_id) if attempt.line_id else conversation.line
        outgoing = outgoing_of(hub, message, conversation, rendered, way)
        known = await _known_ids(session, message)
    channel = hub.channels.for_line(way.address, way.channel)
    result: Accepted | ChannelError
    try:
        found = await channel.find_sent(outgoing, attempt.started_at - SKEW, known)
        result = found or TryLater("It had not left.")
    except Uncertain:
        result = Refused("Nobody can say whether it left.", meaning="uncertain")
    except TryLater:
        return False
    await outcomes.record(hub, message_id, attempt.id, result)
    return True


async def _known_ids(session: AsyncSession, message: Message) -> list[str]:
    """The provider's ids of the conversation's other messages: already accounted for."""
    others = select(Message.provider_message_id).where(
        Message.conversation_id == message.conversation_id,
        Message.id != message.id,
        Message.provider_message_id.is_not(None),
    )
    return [found for found in await session.scalars(others) if found]
