"""What is said in a thread leaves in its order: nothing overtakes what waits before it in the same conversation.

A text that the provider could not take is tried again later, one that fell into the night waits for the morning; what
was said after it waits with it. Asked in the transaction that lets a text leave. Knows nothing of what a text says.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import DateTime, Select, and_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from hub.consent import WHEN_ALONE
from hub.states import MessageState
from hub.store.tables import Message, ThreadText

IN_TURN = "in_turn"  # a key of hub/delivery.py
LOOK_AGAIN = timedelta(minutes=1)
# Whether it left is asked of the provider within seconds; what nobody can say holds up nobody for longer.
UNCERTAIN_FOR = timedelta(minutes=10)


async def behind(session: AsyncSession, message_ids: Collection[int], now: datetime) -> Mapping[int, datetime]:
    """Until when each has to wait for one before it; those that need not are not in it. One statement for all."""
    if not message_ids:
        return {}
    asked = await session.execute(_asked(), {"ids": list(message_ids), "lately": now - UNCERTAIN_FOR})
    soonest = now + LOOK_AGAIN
    return {message_id: max(until or soonest, soonest) for message_id, until in asked}


@cache
def _asked() -> Select[int, datetime | None]:
    """Made once: making it took several times as long as PostgreSQL needs to answer it."""
    lately = bindparam("lately", type_=DateTime(timezone=True))
    this, before, earlier = aliased(ThreadText), aliased(ThreadText), aliased(Message)
    me = aliased(Message)
    return (
        select(this.message_id, func.max(earlier.due_at))
        .join(me, me.id == this.message_id)
        .join(before, and_(before.thread_id == this.thread_id, before.to_id == this.to_id))
        .join(earlier, and_(earlier.id == before.message_id, earlier.conversation_id == me.conversation_id))
        .where(
            this.message_id.in_(bindparam("ids", expanding=True)),
            earlier.id < this.message_id,
            earlier.purpose == me.purpose,
            earlier.reason != WHEN_ALONE,  # that one waits for its reader, not for an hour
            or_(
                earlier.state.in_((MessageState.QUEUED, MessageState.HELD)),
                and_(earlier.state == MessageState.UNCERTAIN, earlier.state_at > lately),
            ),
        )
        .group_by(this.message_id)
    )
