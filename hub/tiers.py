"""Tiers of risk, one to four, in the agency's own words, each with its usual rhythm of check-ins.

A tier is what a human has decided. Nothing here computes one, and no text to a person ever says it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotAllowed
from hub.store import audit
from hub.store.tables import Agency, Person
from hub.words import Side

WEEKS = (1, 2, 4, 8)
# Probation counts upwards, the fourth being the one with the most contact; an agency that counts downwards sets it so.
_USUAL = {1: 8, 2: 4, 3: 2, 4: 1}
BACK_WITHIN = range(10, 121)  # minutes
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Tier:
    number: int
    name: str
    weeks: int


def of_agency(agency: Agency) -> Sequence[Tier]:
    """All four, as the agency has set them."""
    return [_tier(number, agency.tiers.get(str(number), {})) for number in _USUAL]


def usual_weeks(person: Person) -> int:
    """How often somebody of this tier is usually asked; without a tier, as seldom as any."""
    found = next((tier for tier in of_agency(person.agency) if tier.number == person.tier), None)
    return found.weeks if found else max(WEEKS)


def name_of(person: Person) -> str:
    return next((tier.name for tier in of_agency(person.agency) if tier.number == person.tier), "")


async def set_tier(hub: Hub, session: AsyncSession, actor: str, person: Person, tier: int | None) -> None:
    """What a human has decided. Raises `NotAllowed` for what is no tier, and for a victim."""
    if person.side is not Side.SUPERVISION or tier not in {None, *_USUAL}:
        raise NotAllowed("Tiers are one to four, for people under supervision.")
    if person.tier == tier:
        return
    person.tier = tier
    about = f"person:{person.id}"
    audit.record(session, hub.clock.now(), actor, "tier_set", about, person_id=person.id, tier=tier)


async def set_for_agency(
    hub: Hub, session: AsyncSession, actor: str, agency: Agency, tiers: Sequence[Tier], back_within: int
) -> None:
    """Names, rhythms, and how long "are you back?" waits. What runs already goes on as it is. Raises `NotAllowed`."""
    if any(tier.weeks not in WEEKS or not tier.name for tier in tiers) or back_within not in BACK_WITHIN:
        raise NotAllowed("A tier needs a name and a rhythm of 1, 2, 4 or 8 weeks; waiting takes 10 to 120 minutes.")
    agency.tiers = {str(tier.number): {"name": tier.name, "weeks": tier.weeks} for tier in tiers}
    agency.back_within = back_within
    audit.record(session, hub.clock.now(), actor, "check_in_settings_set", f"agency:{agency.id}")


def _tier(number: int, kept: Mapping[str, object]) -> Tier:
    return Tier(number, str(kept.get("name") or f"Tier {number}"), int(str(kept.get("weeks") or _USUAL[number])))
