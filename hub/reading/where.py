"""Where what waits for a human is decided: the page with its facts, beside the conversation. Knows no query."""

from hub import silence
from hub.reading.inbox_filters import GROUPS
from hub.store.tables import Escalation, Person

OF_APPOINTMENTS = frozenset({"missed_appointment", "attendance_unknown"})


def decided_at(person: Person, escalation: Escalation) -> str:
    """The address within the site; empty where the conversation says all."""
    if escalation.reason == "nudges_missed":
        return "/missed"
    if escalation.reason in GROUPS["conditions"][1]:
        number = escalation.detail.removeprefix("condition:")
        return f"/people/{person.ref}/conditions" + (f"/{number}" if number.isdigit() else "")
    if escalation.reason in silence.REASONS:
        return f"/people/{person.ref}/silence"
    return f"/appointments/{escalation.detail}" if escalation.reason in OF_APPOINTMENTS and escalation.detail else ""
