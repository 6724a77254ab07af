"""The screens of the navigation, in order, each for the roles that may open it."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.access import READERS
from hub.words import Side, WorkerRole

ANSWERING = frozenset({WorkerRole.WORKER, WorkerRole.SUPERVISOR})
AGGREGATES = ANSWERING | {WorkerRole.ANALYST}


@dataclass(frozen=True, slots=True)
class Entry:
    href: str
    words: str
    roles: frozenset[WorkerRole] = READERS
    side: Side | None = None  # None: both
    more: bool = False  # behind "More": seven words fit beside each other, and two lines on a phone


_ADMINISTRATOR = frozenset({WorkerRole.ADMINISTRATOR})
_ANALYST = frozenset({WorkerRole.ANALYST})
_WORDING = ANSWERING | _ANALYST | _ADMINISTRATOR
NAVIGATION: tuple[Entry, ...] = (
    Entry("/inbox", "Inbox"),
    Entry("/appointments", "Appointments"),
    Entry("/people", "People"),
    Entry("/proofs", "Proofs"),
    Entry("/check-ins", "Check-ins", ANSWERING),
    Entry("/updates", "Updates owed", ANSWERING, Side.VICTIMS),
    Entry("/referrals", "Referrals", ANSWERING, Side.SUPERVISION),
    Entry("/outbox", "Outbox", ANSWERING),
    Entry("/outcomes", "Outcomes", AGGREGATES),
    Entry("/settings", "Settings", _ADMINISTRATOR),  # their first page; everybody else goes there now and then
    Entry("/surveys", "Surveys", _ANALYST),
    Entry("/send", "Send to several", ANSWERING, more=True),
    Entry("/duty", "On duty", ANSWERING, more=True),
    Entry("/threads", "Supporters", ANSWERING, Side.SUPERVISION, more=True),
    Entry("/feedback", "Feedback", more=True),
    Entry("/restorative", "Restorative", ANSWERING, more=True),
    Entry("/services", "Services", ANSWERING, more=True),
    Entry("/missed", "Reminders not sent", more=True),
    Entry("/surveys", "Surveys", ANSWERING, more=True),
    Entry("/texts", "Texts", _WORDING, more=True),
    Entry("/rules", "Rules", _WORDING, more=True),
    Entry("/calendar", "Calendar links", more=True),
    Entry("/settings", "Settings", frozenset(WorkerRole) - _ADMINISTRATOR, more=True),
    Entry("/help", "Help", frozenset(WorkerRole), more=True),
)


def first_page(role: WorkerRole) -> str:
    """Where the front door leads."""
    return navigation_for(role)[0].href


def navigation_for(role: WorkerRole, side: Side | None = None) -> Sequence[Entry]:
    """Without a side, what both have."""
    return [entry for entry in NAVIGATION if role in entry.roles and entry.side in {None, side}]
