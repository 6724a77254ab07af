"""What a worker sees of safe contact: is this address safe, who said so and when, when it is asked again. No screen."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.manner import code_word_of
from hub.reading.stream import names_of
from hub.reading.texts import key_of
from hub.safe_contact import SAID_BY, is_recorded
from hub.states import SafeContactState
from hub.store.tables import ContactPoint, Conversation, Person
from hub.times import say_day
from hub.words import Side

STANDS = {
    SafeContactState.UNASKED: "Not known: not asked yet",
    SafeContactState.ASKED: "Not known: asked, no answer yet",
    SafeContactState.ASKED_AGAIN: "Not known: asked twice, no answer yet",
    SafeContactState.SILENT: "Not known: no answer to two texts",
    SafeContactState.RECORDED: "Safe to text",
    SafeContactState.NOT_SAFE: "Not safe: nothing goes there",
    SafeContactState.DOUBTED: "Somebody else may have it: nothing goes there",
}
AGAIN = "It was safe; asked again, no answer yet"


@dataclass(frozen=True, slots=True)
class Known:
    """Of one address. `good`: texts may go out by themselves. `code_word` is shown to whoever may change it."""

    words: str
    good: bool
    said: str
    asked_again: str
    ask_first: bool
    code_word: str


async def known_of(hub: Hub, session: AsyncSession, person: Person, contact: ContactPoint) -> Known | None:
    """None on the side that does not ask."""
    if contact.side is not Side.VICTIMS:
        return None
    zone, key = person.agency.time_zone, key_of(hub, person)
    again = contact.safe_asked_at and contact.safe_asked_at + timedelta(days=person.agency.safe_again_days)
    recorded = contact.safe_state is SafeContactState.RECORDED
    return Known(
        words=in_words(contact),
        good=is_recorded(contact),
        said=await _said(session, contact, zone),
        asked_again=say_day(again, zone) if again and recorded else "",
        ask_first=contact.ask_first,
        code_word=code_word_of(key, contact) if key else "",
    )


def in_words(contact: ContactPoint) -> str:
    waits = contact.safe_state in {SafeContactState.ASKED, SafeContactState.ASKED_AGAIN, SafeContactState.SILENT}
    return AGAIN if waits and contact.safe_asked_at else STANDS[contact.safe_state]


def warnings(conversation: Conversation) -> list[str]:
    """What nobody may overlook before they write to a victim's phone."""
    contact = conversation.contact_point
    if contact.side is not Side.VICTIMS:
        return []
    found = []
    if contact.safe_state is SafeContactState.DOUBTED:
        found.append("Somebody else may have this phone. Nothing goes there until you have spoken with them.")
    elif contact.safe_state is SafeContactState.NOT_SAFE:
        found.append("They said that this phone is not safe. Nothing goes there.")
    elif not is_recorded(contact):
        found.append("Nobody knows yet whether this phone is safe: what goes out by itself waits.")
    if contact.ask_first:
        found.append("Ask first whether it is a good time to talk.")
    if contact.code_word_sealed:
        found.append("Your text begins with their code word by itself.")
    return found


async def _said(session: AsyncSession, contact: ContactPoint, zone: str) -> str:
    """Who said so, and when."""
    if contact.safe_state is SafeContactState.DOUBTED:
        return f"since {say_day(contact.safe_since, zone)}" if contact.safe_since else ""
    how, _, number = contact.safe_said_by.partition(":")
    at = contact.safe_asked_at if contact.safe_state is SafeContactState.RECORDED else contact.safe_since
    if how not in SAID_BY or at is None:
        return ""
    names = await names_of(session, {int(number)}) if number.isdigit() else {}
    who = f", to {names[int(number)]}" if number.isdigit() and int(number) in names else ""
    return f"{SAID_BY[how]}{who}, {say_day(at, zone)}"
