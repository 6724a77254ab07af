"""A shared place, or that of a photo, beside the venue's: near or not, and how far in bands. The point itself is not
kept, unless the agency has said that it needs it.

Knows nothing of what it proves.
"""

import json
from datetime import datetime
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotFound
from hub.store import audit
from hub.store.tables import Appointment, Venue, Worker
from hub.words import Side

PLACE_TYPE = "application/geo+json"  # RFC 7946: what a channel hands on when somebody shares a place
EARTH = 6_371_000  # metres, its mean radius

Point = tuple[float, float]  # latitude, longitude


class Band(StrEnum):
    CLOSE = "within_100"
    NEAR = "100_to_500"
    FURTHER = "further"
    NO_VENUE = "no_venue"  # nobody has entered where it is


BANDS = {
    Band.CLOSE: "within 100 m",
    Band.NEAR: "100–500 m",
    Band.FURTHER: "further than 500 m",
    Band.NO_VENUE: "not known: this venue has no place yet",
}


def read_point(content: bytes) -> Point | None:
    """Of a GeoJSON point: longitude comes first there. None when it is no place on earth."""
    try:
        longitude, latitude = (float(number) for number in json.loads(content)["coordinates"])
    except (ValueError, TypeError, KeyError):
        return None
    return (latitude, longitude) if is_on_earth(latitude, longitude) else None


def is_on_earth(latitude: float, longitude: float) -> bool:
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


def metres(one: Point, other: Point) -> float:
    """Along the surface, by the haversine formula: exact to half a per cent."""
    (north, east), (to_north, to_east) = (tuple(map(radians, point)) for point in (one, other))
    half = sin((to_north - north) / 2) ** 2 + cos(north) * cos(to_north) * sin((to_east - east) / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, half)))


async def compare(session: AsyncSession, point: Point, appointment: Appointment) -> dict[str, Any]:
    """What is kept of a place: whether it is the venue's, and a band."""
    venue = await venue_of(session, appointment.agency_id, appointment.side, appointment.place)
    if venue is None:
        return {"place": Band.NO_VENUE}
    far = metres(point, (venue.latitude, venue.longitude))
    band = Band.CLOSE if far <= 100 else Band.NEAR if far <= 500 else Band.FURTHER
    return {"place": band, "there": far <= venue.metres}


async def venue_of(session: AsyncSession, agency_id: int, side: Side, place: str) -> Venue | None:
    found: Venue | None = await session.scalar(
        select(Venue).where(Venue.agency_id == agency_id, Venue.side == side, Venue.place == in_one_way(place))
    )
    return found


def in_one_way(place: str) -> str:
    """Small letters and single spaces, without commas: "1 High St, DE1" and "1 high st DE1" are one place."""
    return " ".join(place.casefold().replace(",", " ").split())


async def set_venue(
    hub: Hub, session: AsyncSession, worker: Worker, side: Side, place: str, point: Point, reach: int
) -> None:
    """Say where a place is, or correct it. So many metres around count as there."""
    venue = await venue_of(session, worker.team.agency_id, side, place)
    if venue is None:
        venue = Venue(agency_id=worker.team.agency_id, side=side, place=in_one_way(place))
        session.add(venue)
    (venue.latitude, venue.longitude), venue.metres, venue.set_at = point, reach, hub.clock.now()
    await session.flush()
    _record(session, venue.set_at, worker, "venue_set", venue)


async def drop_venue(hub: Hub, session: AsyncSession, worker: Worker, venue_id: int) -> None:
    """Raises `NotFound`, also for another agency's or the other side's."""
    venue = await session.get(Venue, venue_id)
    if venue is None or (venue.agency_id, venue.side) != (worker.team.agency_id, worker.team.side):
        raise NotFound
    _record(session, hub.clock.now(), worker, "venue_dropped", venue)
    await session.delete(venue)


def _record(session: AsyncSession, now: datetime, worker: Worker, what: str, venue: Venue) -> None:
    audit.record(session, now, f"worker:{worker.id}", what, f"venue:{venue.id}")
