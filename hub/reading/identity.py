"""Who this is, in one bar: side, language, next appointment, consent; and what to mind before writing to this phone."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.consent import AWAKE, window
from hub.core import Hub
from hub.handling import STANDING
from hub.later import hours_in_words, zone_of
from hub.reading import safe_contact
from hub.reading.texts import key_of, shown_name
from hub.reading.wording import CHANNELS, LANGUAGES, PURPOSES, SIDES
from hub.safe_contact import forbidden
from hub.store.tables import Appointment, Consent, Conversation, Person
from hub.times import in_window, next_in_window, say_day, say_when
from hub.words import Side


@dataclass(frozen=True, slots=True)
class Identity:
    side: str
    language: str
    channel: str
    consent: str
    next_appointment: Appointment | None
    appointment: str
    safe: str  # whether their phone is safe, in words; empty on the side that does not ask
    safe_at: str  # where that is said
    called: str  # the name to use, where it is another than the first of their own


async def identity_of(hub: Hub, session: AsyncSession, person: Person, conversation: Conversation | None) -> Identity:
    coming = await next_appointment(hub, session, person)
    return Identity(
        side=SIDES[person.side],
        language=LANGUAGES.get(person.language, person.language),
        channel=CHANNELS[conversation.line.channel] if conversation else "No way to reach them yet",
        consent=await _consent(session, conversation),
        next_appointment=coming,
        appointment=f"{say_when(coming.starts_at, person.agency.time_zone)}, {coming.place}" if coming else "",
        safe=_safe(conversation),
        safe_at=f"/people/{person.ref}/contact/{conversation.contact_point_id}" if conversation else "",
        called=_called(hub, person),
    )


def _safe(conversation: Conversation | None) -> str:
    if conversation is None or conversation.side is not Side.VICTIMS:
        return ""
    contact = conversation.contact_point
    if forbidden(contact):
        return safe_contact.in_words(contact)
    more = [*(["others may read it"] if contact.discreet else []), *(["ask first"] if contact.ask_first else [])]
    return ", ".join([safe_contact.in_words(contact), *more, *(["code word"] if contact.code_word_sealed else [])])


async def next_appointment(hub: Hub, session: AsyncSession, person: Person) -> Appointment | None:
    found: Appointment | None = await session.scalar(
        select(Appointment)
        .where(
            Appointment.person_id == person.id,
            Appointment.state.in_(STANDING),
            Appointment.starts_at > hub.clock.now(),
        )
        .order_by(Appointment.starts_at)
        .limit(1)
    )
    return found


def warnings_of(hub: Hub, conversation: Conversation | None) -> list[str]:
    """Sentences that nobody may overlook: who else reads this phone, and when it is safe to text it."""
    if conversation is None:
        return []
    contact, agency = conversation.contact_point, conversation.person.agency
    found = safe_contact.warnings(conversation)
    if contact.discreet:
        found.append("Others may read this phone. Say nothing that tells why you write.")
    start, end = window(contact, agency)
    zone, now = zone_of(conversation), hub.clock.now()
    awake = in_window(now, start, end, zone)
    if contact.safe_from or not awake:
        found.append(hours_in_words(conversation))
    just_wrote = conversation.last_in_at is not None and now - conversation.last_in_at <= AWAKE
    if not awake and just_wrote:
        found.append("It is outside these hours, but they wrote a moment ago: your message goes out at once.")
    elif not awake:
        found.append(f"Your message waits until {say_when(next_in_window(now, start, end, zone), agency.time_zone)}.")
    return found


async def _consent(session: AsyncSession, conversation: Conversation | None) -> str:
    """What they said to which purpose, in words; where they said nothing, the agency's lawful basis decides."""
    if conversation is None:
        return "Nothing said yet"
    contact, zone = conversation.contact_point, conversation.person.agency.time_zone
    if contact.stopped_at:
        return f"Stopped all texts on {say_day(contact.stopped_at, zone)}"
    said = await session.scalars(
        select(Consent).where(Consent.contact_point_id == contact.id).order_by(Consent.purpose)
    )
    words = [f"{'yes' if consent.given else 'no'} to {PURPOSES[consent.purpose]}" for consent in said]
    return ", ".join(["Texts allowed", *words])


def _called(hub: Hub, person: Person) -> str:
    key = key_of(hub, person)
    if key is None or person.preferred_name_sealed is None:
        return ""
    preferred = key.open(person.preferred_name_sealed, "name")
    return "" if preferred.split(" ")[0] == shown_name(hub, person).split(" ")[0] else preferred
