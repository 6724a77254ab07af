"""By which other channels a worker can reach somebody when one has failed, by the rules of `hub/another_way.py`."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.another_way import allowed
from hub.reading.wording import CHANNELS
from hub.store.tables import ContactPoint, Conversation


@dataclass(frozen=True, slots=True)
class Way:
    point: int
    words: str


async def ways_of(session: AsyncSession, conversation: Conversation) -> list[Way]:
    """Never one that is stopped, refused, or, for somebody who asked for care, not marked as safe."""
    return [Way(point.id, CHANNELS[point.channel]) for point in await points_of(session, conversation)]


async def points_of(session: AsyncSession, conversation: Conversation) -> list[ContactPoint]:
    wanted = select(ContactPoint).where(ContactPoint.person_id == conversation.person_id).order_by(ContactPoint.id)
    points = (await session.scalars(wanted)).all()
    here = conversation.contact_point
    return [point for point in allowed(points, here, set()) if point.channel is not here.channel]
