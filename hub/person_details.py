"""What a worker changes about a person and the ways to reach them; each change is recorded by the names of its fields.

Knows no screen.
"""

from collections.abc import Mapping
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import safe_contact_record
from hub.contact_hours import set_safe_window
from hub.core import Hub
from hub.errors import NotFound
from hub.people import index_of_name, use_first
from hub.speaking import speak_to
from hub.store import audit
from hub.store.tables import Consent, ContactPoint, Person
from hub.words import Priority, Purpose, Side

# What somebody can say no to; answers and safety are no matter of consent.
ASKED_FOR = {
    Purpose.REMINDER: "Reminders of appointments and duties",
    Purpose.CHECK_IN: "Check-ins",
    Purpose.SURVEY: "Surveys",
    Purpose.UPDATE: "News of their case",
    Purpose.THREAD: "What those around them write",
}


async def rename(hub: Hub, session: AsyncSession, actor: str, person: Person, name: str, preferred: str) -> None:
    """`preferred` is how texts address them; empty: by the first word of the name."""
    key = hub.vault.open_person_key(person.wrapped_key or b"")
    person.name_sealed = key.seal(name, "name") if name else None
    person.name_index = index_of_name(hub, person.side, name)
    person.preferred_name_sealed = key.seal(preferred, "name") if preferred else None
    was_known, person.known = person.known, person.known or bool(name)
    _record(hub, session, actor, person, "name")
    if person.known and not was_known:
        await safe_contact_record.now_known(hub, session, person)


async def set_language(hub: Hub, session: AsyncSession, actor: str, person: Person, language: str) -> None:
    if person.language != language:
        person.language = language
        _record(hub, session, actor, person, "language")


async def contact(session: AsyncSession, person: Person, contact_id: int) -> ContactPoint:
    """One of the person's own ways. Raises `NotFound`."""
    found: ContactPoint | None = await session.scalar(
        select(ContactPoint).where(ContactPoint.id == contact_id, ContactPoint.person_id == person.id)
    )
    if found is None:
        raise NotFound
    return found


async def prefer(hub: Hub, session: AsyncSession, actor: str, person: Person, way: ContactPoint) -> None:
    """Messages start here from now on."""
    await use_first(session, person, way)
    _record(hub, session, actor, person, "preferred_channel")


async def set_safety(
    hub: Hub,
    session: AsyncSession,
    actor: str,
    person: Person,
    way: ContactPoint,
    *,
    discreet: bool,
    window: tuple[time | None, time | None],
) -> None:
    """The careful wording, and the hours in which this address is safe. Raises `BadHours`."""
    if way.discreet != discreet:
        way.discreet = discreet
        _record(hub, session, actor, person, "discreet")
    if window != (way.safe_from, way.safe_until):
        await set_safe_window(hub, session, actor, way, *window)


def asked_for(way: ContactPoint) -> Mapping[Purpose, str]:
    """With their words. On the victims' side there is no talk to say no to."""
    no_talk = way.side is Side.VICTIMS
    return {purpose: words for purpose, words in ASKED_FOR.items() if not (no_talk and purpose is Purpose.THREAD)}


async def consents(session: AsyncSession, way: ContactPoint) -> Mapping[Purpose, bool]:
    """What they said about each purpose; what they never spoke of is allowed."""
    said = await session.scalars(select(Consent).where(Consent.contact_point_id == way.id))
    asked = asked_for(way)
    return dict.fromkeys(asked, True) | {each.purpose: each.given for each in said if each.purpose in asked}


async def set_consents(
    hub: Hub, session: AsyncSession, actor: str, person: Person, way: ContactPoint, wanted: set[Purpose]
) -> None:
    """As they told a worker."""
    now: datetime = hub.clock.now()
    for purpose, given in (await consents(session, way)).items():
        if given != (purpose in wanted):
            row = Consent(contact_point_id=way.id, purpose=purpose, given=purpose in wanted, at=now, source="worker")
            await session.merge(row)
            _record(hub, session, actor, person, f"consent_{purpose}_{'given' if row.given else 'refused'}")


async def welcome(hub: Hub, session: AsyncSession, person: Person) -> bool:
    """Say who we are and how to stop. False when there is no way to reach them."""
    handling = await speak_to(hub, session, person, Purpose.UPDATE)
    if handling:
        await handling.say("person.welcome", priority=Priority.REMINDER)
    return handling is not None


def _record(hub: Hub, session: AsyncSession, actor: str, person: Person, *fields: str) -> None:
    subject = f"person:{person.id}"
    audit.record(session, hub.clock.now(), actor, "person_changed", subject, person_id=person.id, fields=list(fields))
