"""The clock's pulse in the database, and what follows when it is missing. Whoever runs apart from the clock listens.

Knows nothing of what the clock does.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hub.store.tables import Heartbeat

SCHEDULER = "scheduler"
LONGEST_SILENCE = timedelta(minutes=2)  # it beats every ten seconds; after this it is taken for dead


async def beat(session: AsyncSession, now: datetime, name: str = SCHEDULER) -> None:
    alive = insert(Heartbeat).values(name=name, at=now)
    await session.execute(alive.on_conflict_do_update(index_elements=["name"], set_={"at": now}))


async def last_beat(session: AsyncSession, name: str = SCHEDULER) -> datetime | None:
    found: datetime | None = await session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))
    return found


def is_silent(last: datetime | None, now: datetime) -> bool:
    """Whether nothing is planned, queued or repaired any more: somebody must hear of it."""
    return last is None or now - last > LONGEST_SILENCE
