"""Whether a victim's address is known to be safe, and how careful the words to it have to be.

Only the victims' side asks (`hub/safe_contact_talk.py`); what goes out by itself waits for it (`hub/consent.py`). An
address that is not safe, or that somebody else seems to read, gets nothing at all, and nothing that is written from it
changes that: a worker who spoke with the person does, or another address of theirs. Knows no text and no store.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_

from hub.states import SAFE_CONTACT_MOVES, SafeContactState, check_move
from hub.store.tables import ContactPoint
from hub.words import Side

SUBJECT = "safe_contact"  # as prompts and nudges name it; the id is the address's
UNKNOWN = "safe_contact_unknown"  # why a text is held
MISSING = "safe_contact_missing"  # why a worker is told
ABOUT_SAFETY = (MISSING, "safe_contact_no", "someone_else_reads")  # what a new answer settles
# Nothing goes there, and no text from there changes it.
FORBIDDEN = frozenset({SafeContactState.NOT_SAFE, SafeContactState.DOUBTED})
# How a worker knows: they spoke with the person, and not by text to this address.
SPOKE = {"in_person": "In person", "phone": "In a call", "video": "In a video call", "colleague": "Through a colleague"}
SAID_BY = SPOKE | {
    "text": "By text",
    "page": "On their own page",
    "other_address": "From another address of theirs",
    "import": "From the case system",
    "named": "Through the person who named them",
}
LIFTS = frozenset(SPOKE) | {"other_address"}


def is_recorded(contact: ContactPoint) -> bool:
    """Whether the person, or a worker for them, has said how this address may be used. Only the victims' side asks."""
    if contact.side is not Side.VICTIMS:
        return True
    return contact.safe_asked_at is not None and contact.safe_state not in FORBIDDEN


def forbidden(contact: ContactPoint) -> str:
    """Why nothing may go there: `not_safe` or `doubted`; nothing where it may."""
    return contact.safe_state.value if contact.safe_state in FORBIDDEN else ""


def is_careful(contact: ContactPoint) -> bool:
    """Careful words only: others may read it, or the person wants to be asked before anything is told."""
    return contact.discreet or contact.ask_first


def move(contact: ContactPoint, to: SafeContactState, now: datetime) -> None:
    contact.safe_state = check_move(SAFE_CONTACT_MOVES, contact.safe_state, to)
    contact.safe_since, contact.safe_look_at = now, None


def say_safe(contact: ContactPoint, said_by: str, now: datetime) -> None:
    """It may be used, as `said_by` tells."""
    move(contact, SafeContactState.RECORDED, now)
    contact.safe_asked_at, contact.safe_said_by = now, said_by


def is_silent() -> ColumnElement[bool]:
    """The same of rows: nothing goes there, because of STOP or because it is not safe."""
    return or_(ContactPoint.stopped_at.is_not(None), ContactPoint.safe_state.in_(FORBIDDEN))


def is_known_safe() -> ColumnElement[bool]:
    """`is_recorded` of rows."""
    answered = and_(ContactPoint.safe_asked_at.is_not(None), ContactPoint.safe_state.not_in(FORBIDDEN))
    return or_(ContactPoint.side != Side.VICTIMS, answered)
