"""The first half of a postcode: read from what people write, kept under their own key. Knows no service."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.handling import Handling
from hub.store import audit
from hub.store.tables import Person, SupportArea, Worker

# An outward code (2 to 4 characters, A9 to AA9A), alone or with the inward half or its first digit behind it.
_DISTRICT = re.compile(r"(?P<district>[A-Z]{1,2}\d[A-Z\d]?)(?:\s*\d(?:[A-Z]{2})?)?")
_GLUED = re.compile(r"(?P<district>[A-Z]{1,2}\d[A-Z\d]?)(?P<inward>\d[A-Z]{2})")


def district_in(text: str) -> str:
    """ "de1", "DE1 2AB" and "DE12AB." are DE1; empty when it is no postcode."""
    said = " ".join(text.upper().strip(" .,!?").split())
    found = _GLUED.fullmatch(said.replace(" ", "")) if len(said.replace(" ", "")) >= 5 else None
    found = found or _DISTRICT.fullmatch(said)
    return found["district"] if found else ""


async def area_of(hub: Hub, session: AsyncSession, person: Person) -> str:
    """Empty when nobody knows it."""
    known = await session.get(SupportArea, person.id)
    if known is None or person.wrapped_key is None:
        return ""
    return hub.vault.open_person_key(person.wrapped_key).open(known.area_sealed, "area")


async def said(handling: Handling, district: str) -> None:
    """The person has told it."""
    await _keep(handling.hub, handling.session, handling.person, district, None)
    handling.record("area_told", f"person:{handling.person.id}")


async def entered(hub: Hub, session: AsyncSession, worker: Worker, person: Person, district: str) -> None:
    """A worker has entered it; empty takes it away."""
    await _keep(hub, session, person, district, worker.id)
    about = f"person:{person.id}"
    audit.record(session, hub.clock.now(), f"worker:{worker.id}", "area_set", about, person_id=person.id)


async def _keep(hub: Hub, session: AsyncSession, person: Person, district: str, by_id: int | None) -> None:
    known = await session.get(SupportArea, person.id)
    if not district:
        if known:
            await session.delete(known)
        return
    sealed = hub.vault.open_person_key(person.wrapped_key or b"").seal(district, "area")
    if known is None:
        known = SupportArea(person_id=person.id)
        session.add(known)
    known.area_sealed, known.set_at, known.by_id = sealed, hub.clock.now(), by_id
