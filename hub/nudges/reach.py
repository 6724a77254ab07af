"""Whether, where and at which hours somebody can be reached: for many people in one statement.

The same answer serves the planning, the moment of queueing and `handrail plan`. Knows nothing of what is said.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.consent import window
from hub.nudges.plan import Calendar
from hub.safe_contact import is_silent
from hub.store.tables import Consent, ContactPoint, Line, Person
from hub.words import Purpose


@dataclass(frozen=True, slots=True)
class Way:
    """One address that a line of ours reaches."""

    contact: ContactPoint
    line_id: int
    refused: frozenset[Purpose]  # what they said no to


@dataclass(frozen=True, slots=True)
class Reach:
    """All that decides whether and where people can be reached: by person, the way that would be used first."""

    ways: Mapping[int, Sequence[Way]]

    def way(self, person: Person) -> Way | None:
        """The one that would be used: see `hub.people.conversation_for`."""
        return next(iter(self.ways.get(person.id, ())), None)

    def calendar(self, person: Person, purpose: Purpose | None = None) -> Calendar:
        """The hours in which this person may be texted: their own safe window where they have one."""
        agency, way = person.agency, self.way(person)
        start, end = window(way.contact, agency, purpose) if way else (agency.contact_from, agency.contact_until)
        return Calendar(person.time_zone or agency.time_zone, agency.holidays, start, end)

    def obstacle(self, person: Person, purpose: Purpose) -> str:
        """Why nothing of this kind can go to them: a key of `hub.nudges.reasons.REASONS`, or nothing."""
        way = self.way(person)
        if person.wrapped_key is None:
            return "erased"
        if person.ended_at:
            return "ended"
        if way is None:
            return "no_way_to_reach"
        if way.contact.stopped_at:
            return "stopped"
        if way.contact.refused_code:
            return "address_refused"
        return "no_consent" if purpose in way.refused else ""


async def load(session: AsyncSession, person_ids: Collection[int]) -> Reach:
    line = select(func.min(Line.id)).where(
        Line.agency_id == Person.agency_id,
        Line.side == Person.side,
        Line.channel == ContactPoint.channel,
        Line.enabled,
    )
    refused = select(func.array_agg(cast(Consent.purpose, Text))).where(
        Consent.contact_point_id == ContactPoint.id, Consent.given.is_(False)
    )
    wanted = (
        select(ContactPoint, line.scalar_subquery(), refused.scalar_subquery())
        .join(Person, Person.id == ContactPoint.person_id)
        .where(ContactPoint.person_id.in_(person_ids))
        .order_by(is_silent(), ContactPoint.preferred.desc(), ContactPoint.id)
    )
    ways: dict[int, list[Way]] = {}
    for contact, line_id, purposes in await session.execute(wanted):
        if line_id is not None:
            way = Way(contact, line_id, frozenset(Purpose(word) for word in purposes or ()))
            ways.setdefault(contact.person_id, []).append(way)
    return Reach(ways)
