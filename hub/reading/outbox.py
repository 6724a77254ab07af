"""What waits to go out, and taking hold of it: hold back, release, cancel.
Says references and states, never words.

Knows no screen. Sending itself is `hub/send.py`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import MoveNotAllowed, NotFound
from hub.outcomes import end
from hub.states import Direction, MessageState
from hub.store import audit
from hub.store.notify import CHANGED, OUTBOUND, notify
from hub.store.tables import Conversation, Hold, Line, Message, Person
from hub.words import ChannelKind, Priority, Purpose, Side

WAITING = (MessageState.HELD, MessageState.QUEUED)
# Waiting, under way, or stuck there: whatever has not come to an end yet.
UNFINISHED = (*WAITING, MessageState.CLAIMED, MessageState.SENDING, MessageState.UNCERTAIN)
HELD_BY_WORKER = "held_by_worker"  # unlike quiet hours, no clock lets these go


@dataclass(frozen=True, slots=True)
class Waiting:
    """One outgoing message that has not come to its end."""

    id: int
    state: MessageState
    reason: str
    due_at: datetime | None
    expires_at: datetime | None
    priority: Priority
    purpose: Purpose
    what: str  # the text of flows/, or that a worker wrote it
    person_ref: str
    side: Side
    channel: ChannelKind
    attempts: int
    held_by: str = ""  # who holds the line, agency or rule, and why; empty when nobody does
    held_why: str = ""


async def waiting(session: AsyncSession, *, limit: int = 500) -> list[Waiting]:
    """Unfinished messages in the order in which they are sent."""
    wanted = (
        select(Message, Person.ref, Person.side, Line.channel, Hold)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Person, Person.id == Conversation.person_id)
        .join(Line, Line.id == Message.line_id)
        .outerjoin(Hold, Hold.id == Message.hold_id)
        .where(Message.direction == Direction.OUT, Message.state.in_(UNFINISHED))
        .order_by(Message.rank, Message.due_at, Message.id)
        .limit(limit)
    )
    found = await session.execute(wanted)
    return [_row(message, ref, side, channel, hold) for message, ref, side, channel, hold in found]


def _row(message: Message, ref: str, side: Side, channel: ChannelKind, hold: Hold | None) -> Waiting:
    return Waiting(
        id=message.id,
        state=message.state,
        reason=message.reason,
        due_at=message.due_at,
        expires_at=message.expires_at,
        priority=list(Priority)[message.rank],
        purpose=message.purpose or Purpose.REPLY,
        what=message.text_key or "a worker's own words",
        person_ref=ref,
        side=side,
        channel=channel,
        attempts=message.attempts,
        held_by=hold.by if hold else "",
        held_why=hold.why if hold else "",
    )


async def hold(hub: Hub, session: AsyncSession, actor: str, ids: list[int]) -> int:
    """Keep queued messages back until `release`: all or none. Raises `NotFound` or `MoveNotAllowed`."""
    return await _move(hub, session, actor, ids, MessageState.HELD, HELD_BY_WORKER, "message_held")


async def release(hub: Hub, session: AsyncSession, actor: str, ids: list[int]) -> int:
    """Let held messages go; at the moment of sending everything is asked again. Raises as `hold` does."""
    moved = await _move(hub, session, actor, ids, MessageState.QUEUED, "", "message_released")
    notify(session, OUTBOUND)
    return moved


async def cancel(hub: Hub, session: AsyncSession, actor: str, ids: list[int]) -> int:
    """End messages that have not left. Raises as `hold` does."""
    state = MessageState.CANCELLED
    return await _move(hub, session, actor, ids, state, "cancelled_by_worker", "message_cancelled")


async def _move(
    hub: Hub, session: AsyncSession, actor: str, ids: list[int], state: MessageState, reason: str, what: str
) -> int:
    now = hub.clock.now()
    for message in await _locked(session, ids):
        if message.state not in WAITING:  # in hand: the provider may have it already
            raise MoveNotAllowed(f"(message {message.id} is {message.state})")
        end(message, state, reason, now)
        message.hold_id = None
        audit.record(session, now, actor, what, f"message:{message.id}")
        notify(session, CHANGED, str(message.conversation_id))
    return len(set(ids))


async def _locked(session: AsyncSession, ids: list[int]) -> list[Message]:
    wanted = (
        select(Message)
        .where(Message.id.in_(ids), Message.direction == Direction.OUT)
        .order_by(Message.id)
        .with_for_update()
    )
    found = list((await session.scalars(wanted)).all())
    if missing := set(ids) - {message.id for message in found}:
        raise NotFound(f"(message {', '.join(map(str, sorted(missing)))})")
    return found
