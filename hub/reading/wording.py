"""The words that screens, the API and the command line share: names, dues, states. Knows no query."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.states import EscalationState, ProofState
from hub.times import local, say_day, say_time, say_when
from hub.words import AppointmentState, ChannelKind, Purpose, Side

CHANNELS = {
    ChannelKind.SMS: "Text",
    ChannelKind.TELEGRAM: "Telegram",
    ChannelKind.WEBCHAT: "Web chat",
    ChannelKind.SIMULATOR: "Demo phone",
}

APPOINTMENTS = {
    AppointmentState.PLANNED: "No reply yet",
    AppointmentState.CONFIRMED: "Said they will come",
    AppointmentState.ASKED_TO_MOVE: "Asked for another time",
    AppointmentState.CANNOT_ATTEND: "Said they cannot come",
    AppointmentState.CANCELLED: "Cancelled",
    AppointmentState.ATTENDED: "Came",
    AppointmentState.MISSED: "Did not come",
    AppointmentState.UNKNOWN: "Not known",
}

PROOFS = {
    ProofState.ASKED: "Asked",
    ProofState.GIVEN: "To check",
    ProofState.ACCEPTED: "Accepted",
    ProofState.REJECTED: "Rejected",
    ProofState.EXPIRED: "Not given in time",
}

ESCALATIONS = {
    EscalationState.OPEN: "New",
    EscalationState.TAKEN: "Taken",
    EscalationState.SNOOZED: "Snoozed",
    EscalationState.CLOSED: "Done",
}

SIDES = {Side.SUPERVISION: "Supervision", Side.VICTIMS: "Victims and witnesses"}

PURPOSES = {
    Purpose.REPLY: "answers",
    Purpose.REMINDER: "reminders",
    Purpose.CHECK_IN: "check-ins",
    Purpose.RETURN: "“are you back?”",
    Purpose.SURVEY: "surveys",
    Purpose.UPDATE: "news of the case",
    Purpose.SAFETY: "safety messages",
    Purpose.THREAD: "what those around them write",
}

LANGUAGES = {"en": "English", "cy": "Welsh", "pl": "Polish", "ro": "Romanian", "ur": "Urdu"}


@dataclass(frozen=True, slots=True)
class Due:
    """A date with its words. `kind`: overdue, soon (within the hour), today or later."""

    at: datetime
    words: str
    kind: str


def list_name(name: str) -> str:
    """ "Sam Smith" as lists have it: "Smith, Sam" (MoJ style guide)."""
    first, _, last = name.strip().rpartition(" ")
    return f"{last}, {first}" if first else last


def due_in_words(at: datetime, now: datetime, zone: str) -> Due:
    """Always a word, never a colour or a bare date alone."""
    if at <= now:
        return Due(at, f"Overdue by {span(now - at)}", "overdue")
    if at - now < timedelta(hours=1):
        return Due(at, f"Due in {span(at - now)}", "soon")
    days = (local(at, zone).date() - local(now, zone).date()).days
    if days == 0:
        return Due(at, f"Due today at {say_time(at, zone)}", "today")
    day = "tomorrow" if days == 1 else say_day(at, zone)
    return Due(at, f"Due {day} at {say_time(at, zone)}", "later")


def span(length: timedelta) -> str:
    """A length in its largest unit: "under a minute", "5 minutes", "1 hour", "3 days"."""
    minutes = int(length.total_seconds() // 60)
    for unit, size in (("day", 24 * 60), ("hour", 60), ("minute", 1)):
        if minutes >= size:
            count = minutes // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "under a minute"


def until_words(at: datetime, now: datetime, zone: str) -> str:
    """ "until 8am", "until tomorrow at 8am", "until Fri 6 March at 8am"."""
    days = (local(at, zone).date() - local(now, zone).date()).days
    if days == 0:
        return f"until {say_time(at, zone)}"
    return f"until tomorrow at {say_time(at, zone)}" if days == 1 else f"until {say_when(at, zone)}"
