"""May this message go out now? Asked again at the moment of sending. A pure function of what is known then.

Basis: reminders and case updates are public-task messages, not marketing (ICO), so they need no opt-in, but STOP ends
them; surveys never go to somebody who said no to them. Quiet hours are the agency's, or the person's own safe window.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from hub.safe_contact import UNKNOWN, forbidden, is_careful, is_recorded
from hub.store.tables import Agency, Consent, ContactPoint, Conversation, Message
from hub.times import next_in_window
from hub.words import Purpose

# The texts that say "you will hear no more from us": they alone go out although the address is stopped.
LAST_WORDS = frozenset({"person.stopped", "person.wrong_person", "safe_contact.not_ok", "safe_contact.someone_else"})
# The question whether an address is safe cannot wait for its own answer.
ASKS_WHETHER_SAFE = frozenset({"safe_contact.ask", "safe_contact.ask_again", "safe_contact.ask_still"})
HELD_FOR = timedelta(days=7)  # a text without an end of its own is looked at again then
# Somebody who wrote minutes ago is awake and holds the phone: answers go out at any hour.
AWAKE = timedelta(minutes=30)
ANSWERS = frozenset({Purpose.REPLY, Purpose.THREAD})  # what is said in a talk, with us or with those around them
# What others wrote never stands on a lock screen: it waits until its reader says that they are alone (READ).
WHEN_ALONE = "when_alone"
READ_ALONE = {"threads.relay": "threads.told", "threads.relay_named": "threads.told_named"}  # → as they get it then


@dataclass(frozen=True, slots=True)
class Go:
    """It may go out now."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now, but at `until`."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Never:
    """It may not go out. `state` is the name of the message's end: blocked or expired."""

    state: str
    reason: str


def may_send(message: Message, conversation: Conversation, consents: list[Consent], now: datetime) -> Go | Wait | Never:
    contact, agency = conversation.contact_point, conversation.person.agency
    if message.expires_at and message.expires_at <= now:
        return Never("expired", "too_late")
    forbidden = _forbidden(message, conversation, consents)
    if forbidden:
        return Never("blocked", forbidden)
    if message.due_at and message.due_at > now:
        return Wait(message.due_at, "not_yet")
    paused_until = conversation.person.paused_until
    if paused_until and paused_until > now and _goes_by_itself(message):
        late = message.expires_at is not None and message.expires_at <= paused_until
        return Never("expired", "paused") if late else Wait(paused_until, "paused")
    if not is_recorded(contact) and waits_for_safety(message):
        return Wait(message.expires_at or now + HELD_FOR, UNKNOWN)
    if is_careful(contact) and message.text_key in READ_ALONE:
        return Wait(message.expires_at or now + HELD_FOR, WHEN_ALONE)
    return _hours(message, conversation, contact, agency, now)


def waits_for_safety(message: Message) -> bool:
    """Whatever goes out by itself to a victim, but for "are you safe?" at the time that they set themselves."""
    asks = message.text_key in ASKS_WHETHER_SAFE or message.purpose is Purpose.RETURN
    return _goes_by_itself(message) and not asks


def _forbidden(message: Message, conversation: Conversation, consents: list[Consent]) -> str:
    contact = conversation.contact_point
    if conversation.person.wrapped_key is None:
        return "erased"
    if contact.stopped_at and message.text_key not in LAST_WORDS:
        return "stopped"
    if forbidden(contact) and message.text_key not in LAST_WORDS and message.purpose is not Purpose.SAFETY:
        return forbidden(contact)
    if contact.refused_code:
        return "address_refused"
    if not conversation.line.enabled:
        return "line_off"
    if conversation.person.ended_at and _goes_by_itself(message):
        return "ended"
    if any(consent.purpose is message.purpose and not consent.given for consent in consents):
        return "no_consent"
    return ""


def _goes_by_itself(message: Message) -> bool:
    """No answer, no worker's own words, nothing about safety: what a pause keeps back."""
    return message.author_id is None and message.purpose not in {Purpose.REPLY, Purpose.SAFETY}


def _hours(
    message: Message, conversation: Conversation, contact: ContactPoint, agency: Agency, now: datetime
) -> Go | Wait | Never:
    if message.purpose is Purpose.SAFETY or message.text_key in LAST_WORDS:
        return Go()
    if message.purpose in ANSWERS and conversation.last_in_at and now - conversation.last_in_at <= AWAKE:
        return Go()
    start, end = window(contact, agency, message.purpose)
    opening = next_in_window(now, start, end, conversation.person.time_zone or agency.time_zone)
    if opening == now:
        return Go()
    if message.expires_at and opening >= message.expires_at:
        return Never("expired", "no_permitted_hour")
    return Wait(opening, "quiet_hours")


def window(contact: ContactPoint, agency: Agency, purpose: Purpose | None = None) -> tuple[time, time]:
    """The permitted local hours of one way to reach a person.

    "Are you back?" keeps to the person's own safe window alone: its hour was agreed with them (`hub/return_plans.py`).
    """
    if purpose is Purpose.RETURN:
        return (contact.safe_from or time.min, contact.safe_until or time.max)
    return (contact.safe_from or agency.contact_from, contact.safe_until or agency.contact_until)
