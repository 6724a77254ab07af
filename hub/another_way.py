"""When a channel fails somebody for good, what was to be said goes to another contact point of theirs, by rule.

- Only texts of `flows/` that the hub itself started, and safety answers. What a worker wrote in their own words, they
  send again themselves; an answer to somebody's own text is not carried elsewhere.
- Only after a failure of the address or the channel: never after STOP, a block, or when nobody knows whether it came.
- Never to a point that was stopped, refused, or where the person said no to this purpose; on the victims' side only to
  one that is known to be safe (`hub/safe_contact.py`).
- Somebody who asked for care on any of their points (discreet, or a safe-contact window) is reached only at points
  that a worker has marked safe: another phone may lie on another table.
- Never to a chat page: it reaches nobody who is not looking at it.
- A second number on the same line takes over only when the first is of no use at all.
- Once: when that fails too, a worker finds a way.

The worker hears of the failure as ever; the conversation says that it was sent another way.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub.failover import asks_for_care
from hub.people import conversation_on
from hub.safe_contact import forbidden, is_recorded
from hub.states import Direction, MessageState
from hub.store import audit
from hub.store.notify import CHANGED, OUTBOUND, notify
from hub.store.tables import Consent, ContactPoint, Conversation, Line, Message, Nudge, Prompt, ThreadText, Update
from hub.words import ChannelKind, Purpose

# Meanings of an end that say something about the address or the channel, not about what the person wants.
CHANNEL_FAILED = frozenset(
    {"not_mobile", "invalid_number", "landline", "unknown_number", "unreachable", "filtered", "region", "account"}
    | {"our_line", "provider_fault", "address_refused", "no_channel", "not_safe", "doubted"}
)


async def take(
    session: AsyncSession, message: Message, conversation: Conversation, meaning: str, now: datetime
) -> Message | None:
    """Queue the text again where the rules above allow it; None where they do not."""
    if meaning not in CHANNEL_FAILED or not _may_travel(message):
        return None
    wanted = (
        select(ContactPoint)
        .where(ContactPoint.person_id == conversation.person_id)
        .order_by(ContactPoint.preferred.desc(), ContactPoint.id)
    )
    points = (await session.scalars(wanted)).all()
    refused = await _said_no(session, points, message.purpose)
    for point in allowed(points, conversation.contact_point, refused):
        line = await line_for(session, conversation, point)
        if line:
            return await _send_there(session, message, conversation, line, point, now)
    return None


def allowed(points: Sequence[ContactPoint], failed: ContactPoint, refused: set[int]) -> list[ContactPoint]:
    """The points that may be used instead of the one that failed, in the order of `points`."""
    careful = any(asks_for_care(point) for point in points)
    return [
        point
        for point in points
        if point.id != failed.id
        and not (point.stopped_at or point.refused_code or point.id in refused)
        and point.channel is not ChannelKind.WEBCHAT
        and (point.marked_safe or not careful)
        and is_recorded(point)
        and (point.channel is not failed.channel or failed.refused_code or forbidden(failed))
    ]


def _may_travel(message: Message) -> bool:
    ours = message.text_key is not None and message.author_id is None and message.purpose is not Purpose.REPLY
    return ours and message.instead_of_id is None


async def _said_no(session: AsyncSession, points: Sequence[ContactPoint], purpose: Purpose | None) -> set[int]:
    wanted = select(Consent.contact_point_id).where(
        Consent.contact_point_id.in_([point.id for point in points]), Consent.purpose == purpose, ~Consent.given
    )
    return set(await session.scalars(wanted))


async def line_for(session: AsyncSession, conversation: Conversation, point: ContactPoint) -> Line | None:
    """The line of the conversation itself where it can serve, else the agency's first of that kind."""
    wanted = (
        select(Line)
        .where(
            Line.agency_id == conversation.line.agency_id,
            Line.side == conversation.side,
            Line.channel == point.channel,
            Line.enabled,
        )
        .order_by(Line.id != conversation.line_id, Line.id)
        .limit(1)
    )
    found: Line | None = await session.scalar(wanted)
    return found


async def _send_there(
    session: AsyncSession, message: Message, conversation: Conversation, line: Line, point: ContactPoint, now: datetime
) -> Message:
    there = await conversation_on(session, conversation.person, line, point)
    there.contact_point_id, there.contact_point, there.last_at = point.id, point, now
    copy = Message(
        conversation_id=there.id,
        line_id=line.id,
        direction=Direction.OUT,
        state=MessageState.QUEUED,
        state_at=now,
        created_at=now,
        purpose=message.purpose,
        rank=message.rank,
        text_key=message.text_key,
        facts_sealed=message.facts_sealed,  # the same person, so the same key
        choices=message.choices,
        due_at=now,
        expires_at=message.expires_at,
        instead_of_id=message.id,
    )
    session.add(copy)
    await session.flush()
    # Whether it is still true and still for them, and what its answer means, goes with it.
    await session.execute(update(Nudge).where(Nudge.message_id == message.id).values(message_id=copy.id))
    await session.execute(update(Update).where(Update.message_id == message.id).values(message_id=copy.id))
    await session.execute(update(ThreadText).where(ThreadText.message_id == message.id).values(message_id=copy.id))
    await _move_question(session, message, conversation, there, now)
    audit.record(session, now, "hub", "sent_another_way", f"message:{copy.id}", person_id=conversation.person_id)
    notify(session, OUTBOUND)
    notify(session, CHANGED, str(there.id))
    return copy


async def _move_question(
    session: AsyncSession, message: Message, conversation: Conversation, there: Conversation, now: datetime
) -> None:
    open_here = (Prompt.conversation_id == conversation.id, Prompt.closed_at.is_(None))
    asked = await session.scalar(select(Prompt).where(*open_here, Prompt.text_key == message.text_key))
    if asked is None or there.id == conversation.id:
        return
    closed = update(Prompt).where(Prompt.conversation_id == there.id, Prompt.closed_at.is_(None))
    await session.execute(closed.values(closed_at=now))
    asked.conversation_id = there.id
