"""Where appointments are held: what has been entered, and places that have no point yet. Names no person."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.places import in_one_way
from hub.store.tables import Appointment, Person, Team, Venue

SEEN_WITHIN = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Venues:
    known: list[Venue]
    unknown: list[str]  # as appointments around now say them


async def venues(hub: Hub, session: AsyncSession, team: Team) -> Venues:
    """Of the team's agency and side."""
    wanted = select(Venue).where(Venue.agency_id == team.agency_id, Venue.side == team.side).order_by(Venue.place)
    known = list(await session.scalars(wanted))
    now = hub.clock.now()
    used = (
        select(Appointment.place)
        .where(
            Appointment.agency_id == team.agency_id,
            Appointment.side == team.side,
            Appointment.starts_at.between(now - SEEN_WITHIN, now + SEEN_WITHIN),
            Appointment.place != "",
        )
        .distinct()
        .order_by(Appointment.place)
    )
    entered = {venue.place for venue in known}
    return Venues(known, [place for place in await session.scalars(used) if in_one_way(place) not in entered])


async def place_counts(session: AsyncSession, person_id: int) -> bool:
    """Whether a place that they share could be compared with any, and is forgotten then."""
    person = await session.get_one(Person, person_id)
    known = select(Venue.id).where(Venue.agency_id == person.agency_id, Venue.side == person.side).limit(1)
    return not person.agency.keeps_point and await session.scalar(known) is not None
