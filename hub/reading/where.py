"""Where what waits for a human is decided: the page with its facts, beside the conversation. Knows no query."""

from hub import silence
from hub.reading.inbox_filters import GROUPS
from hub.store.tables import Escalation, Person
from hub.words import Role

_OF_SUPPORTERS = frozenset({"supporter_to_check", "supporter_no_contact", "supporter_choosing", "thread_to_worker"})
OF_APPOINTMENTS = frozenset({"missed_appointment", "attendance_unknown"})


def decided_at(person: Person, escalation: Escalation) -> str:
    """The address within the site; empty where the conversation says all."""
    if escalation.reason == "nudges_missed":
        return "/missed"
    if escalation.reason in GROUPS["conditions"][1]:
        number = escalation.detail.removeprefix("condition:")
        return f"/people/{person.ref}/conditions" + (f"/{number}" if number.isdigit() else "")
    if escalation.reason in _OF_SUPPORTERS:
        return _of_supporters(person, escalation)
    if escalation.reason in silence.REASONS:
        return f"/people/{person.ref}/silence"
    return f"/appointments/{escalation.detail}" if escalation.reason in OF_APPOINTMENTS and escalation.detail else ""


def _of_supporters(person: Person, escalation: Escalation) -> str:
    """A supporter has no thread of their own: theirs are in the list."""
    theirs = f"/people/{person.ref}"
    if escalation.reason == "thread_to_worker":
        return "/threads" if person.role is Role.SUPPORTER else f"{theirs}/thread"
    if escalation.reason == "supporter_no_contact":
        return f"{theirs}/no-contact"
    to_check = escalation.reason == "supporter_to_check" and escalation.detail.isdigit()
    return f"{theirs}/supporters" + (f"/invitations/{escalation.detail}" if to_check else "")
