"""The screens of the navigation, in order, each for the roles that may open it."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.access import READERS
from hub.words import WorkerRole


@dataclass(frozen=True, slots=True)
class Entry:
    href: str
    words: str
    roles: frozenset[WorkerRole] = READERS


NAVIGATION: tuple[Entry, ...] = (
    Entry("/inbox", "Inbox"),
    Entry("/appointments", "Appointments"),
    Entry("/proofs", "Proofs"),
    Entry("/people", "People"),
)


def navigation_for(role: WorkerRole) -> Sequence[Entry]:
    return [entry for entry in NAVIGATION if role in entry.roles]
