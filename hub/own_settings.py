"""What people change about our texts on their own page. Each means the same as the keyword that says it.

What could put somebody in danger if another person did it is not done at once: a worker is told and checks. Knows no
page.
"""

from datetime import time
from enum import StrEnum

from sqlalchemy import select

from hub import contact_hours, nominations, safe_contact_record, settings_links, update_plans
from hub.commands.person import start_messages, stop_all, stop_surveys, wrong_person
from hub.errors import NotFound
from hub.handling import Handling
from hub.promises import promise
from hub.safe_contact import forbidden
from hub.store.tables import ContactPoint
from hub.words import Side


class Texts(StrEnum):
    """Which of our texts somebody wants."""

    START = "start"
    NO_SURVEYS = "no_surveys"
    STOP = "stop"


class Ask(StrEnum):
    COPY = "copy"
    CORRECTION = "correction"


def speak(handling: Handling, language: str) -> None:
    """Raises `NotFound` for a language that not every text exists in."""
    if language not in handling.hub.flows.texts.languages:
        raise NotFound
    handling.person.language = language
    handling.record("language_changed", f"person:{handling.person.id}", language=language)


async def write_between(handling: Handling, start: time | None, end: time | None) -> None:
    """The hours for texts; None: the usual ones. Hours agreed with a worker are changed and the worker is told.

    Raises
    ------
    BadHours
        when they end when they begin.
    """
    contact, actor = handling.conversation.contact_point, f"person:{handling.person.id}"
    agreed = contact.safe_from is not None
    await contact_hours.set_safe_window(handling.hub, handling.session, actor, contact, start, end)
    if agreed:
        await handling.escalate("contact_change", detail="hours")
    await _said_on_a_page(handling)


async def others_may_read(handling: Handling, yes: bool) -> bool:
    """Careful words from now on. The other way round a worker asks first. Returns whether it is done."""
    contact = handling.conversation.contact_point
    if contact.discreet and not yes:
        await handling.escalate("contact_change", detail="not_discreet")
        return False
    contact.discreet = yes
    handling.record("discreet_set", f"conversation:{handling.conversation.id}", discreet=yes)
    await _said_on_a_page(handling)
    return True


async def _said_on_a_page(handling: Handling) -> None:
    """Whoever sets how a victim's phone is used has said that it may be used."""
    contact = handling.conversation.contact_point
    if contact.side is Side.VICTIMS and not forbidden(contact):
        actor = f"person:{handling.person.id}"
        await safe_contact_record.record(handling.hub, handling.session, actor, contact, "page")


async def reach_by(handling: Handling, contact_id: int) -> None:
    """One of the ways that we know and may use. Raises `NotFound`."""
    ways = (
        await handling.session.scalars(select(ContactPoint).where(ContactPoint.person_id == handling.person.id))
    ).all()
    if contact_id not in {way.id for way in ways if not (way.stopped_at or way.refused_code or forbidden(way))}:
        raise NotFound
    for way in ways:
        way.preferred = way.id == contact_id
    handling.record("preferred_way_set", f"contact_point:{contact_id}")


async def choose_texts(handling: Handling, wanted: Texts) -> None:
    """STOP, only no surveys, START: the keywords' own functions."""
    match wanted:
        case Texts.STOP if handling.conversation.contact_point.stopped_at is None:
            await stop_all(handling, {})
        case Texts.NO_SURVEYS:
            await stop_surveys(handling)
        case Texts.START if handling.conversation.contact_point.stopped_at:
            await start_messages(handling, {})


async def hear_every(handling: Handling, days: int | None) -> None:
    """As HOW OFTEN: a word at least so often; None: no updates. Raises `NotAllowed` for a rhythm that there is not."""
    await update_plans.say_rhythm(handling.hub, handling.session, handling.person, days)


async def tell_only_me(handling: Handling) -> None:
    """As ONLY ME: whoever was named hears nothing more."""
    await nominations.end_all(handling.hub, handling.session, handling.person)


async def ask_about_data(handling: Handling, ask: Ask) -> str:
    """Put to a worker. Returns by when it is answered, in words."""
    if ask is Ask.COPY:
        return await promise(handling, "privacy_question", detail="copy")
    return await promise(handling, "contact_change", detail="correction")


async def not_this_person(handling: Handling) -> None:
    """Somebody else has the link: silence, and a worker is told, as when a text says so. The links end."""
    await wrong_person(handling, {})
    await settings_links.end_all(handling.session, handling.conversation.id)
