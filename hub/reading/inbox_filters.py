"""Which conversations a list holds, beside its heading: filters, order, search words of nobody. Codes only.

A filter can stand in an address, so it never holds a name, a number or a word that somebody wrote.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, exists, false, func, or_, select, true

from hub.reasons import INTERRUPTING, REASONS
from hub.states import EscalationState
from hub.store.tables import Conversation, Escalation, Line, Person
from hub.words import ChannelKind

NOBODY = 0  # among workers: whoever has none
PRESSING = (EscalationState.OPEN, EscalationState.TAKEN)

_GROUPS: dict[str, tuple[str, frozenset[str]]] = {
    "danger": ("Somebody may come to harm", INTERRUPTING | {"not_safe_to_talk", "safe_check_unclear"}),
    "asks": (
        "Wants a person",
        frozenset({"wants_a_person", "wants_a_call", "complaint", "case_question", "needs_support"})
        | {
            "privacy_question",
            "supporter_question",
            "supporter_to_check",
            "supporter_no_contact",
            "supporter_choosing",
        },
    ),
    "appointments": (
        "Appointments",
        frozenset({"cannot_attend", "wants_to_move", "running_late", "missed_appointment", "attendance_unknown"})
        | {"travel_help", "nudges_missed"},
    ),
    "conditions": (
        "Conditions",
        frozenset({"condition_question", "condition_done", "wants_longer", "condition_due", "condition_passed"}),
    ),
    "proofs": ("Proofs", frozenset({"proof_to_check", "bad_file"})),
    "wellbeing": (
        "How they are",
        frozenset(
            {"struggling", "something_changed", "check_in_silent", "survey_concern", "session_concern", "no_answer"}
            | {"silent", "return_silent", "not_back_yet"}
        ),
    ),
    "reaching": (
        "Reaching them",
        frozenset({"not_delivered", "maybe_not_delivered", "stopped", "stopped_by_mistake", "wants_fewer_texts"})
        | {
            "safe_contact_no",
            "someone_else_reads",
            "safe_contact_missing",
            "wrong_person",
            "unknown_sender",
            "contact_change",
            "same_text",
            "too_many_texts",
        },
    ),
}
# A reason that no group names is not lost.
GROUPS = _GROUPS | {
    "other": ("Something else", frozenset(REASONS) - frozenset().union(*(r for _, r in _GROUPS.values())))
}


class Order(StrEnum):
    DUE = "due"  # danger first, then what is due first
    NEWEST = "newest"  # who wrote last
    OLDEST = "oldest"  # who has waited longest since they wrote


@dataclass(frozen=True, slots=True)
class Filters:
    """Within one kind any may hold; of all kinds each must. Nothing chosen: everything."""

    groups: tuple[str, ...] = ()
    channels: tuple[ChannelKind, ...] = ()
    workers: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    overdue: bool = False
    unread: bool = False
    order: Order = Order.DUE

    @property
    def narrow(self) -> bool:
        return any((self.groups, self.channels, self.workers, self.languages, self.overdue, self.unread))

    def conditions(self, now: datetime, *, done: bool) -> list[ColumnElement[bool]]:
        """On a query of conversations and their people. `done`: reasons count after they were closed, too."""
        found: list[ColumnElement[bool]] = []
        if self.groups:
            reasons = frozenset().union(*(GROUPS[group][1] for group in self.groups))
            found.append(escalation(Escalation.reason.in_(reasons), true() if done else _not_closed()))
        if self.channels:
            found.append(
                exists(select(Line.id).where(Line.id == Conversation.line_id, Line.channel.in_(self.channels)))
            )
        if self.workers:
            nobody = Person.worker_id.is_(None) if NOBODY in self.workers else false()
            found.append(or_(Person.worker_id.in_(self.workers), nobody))
        if self.languages:
            found.append(Person.language.in_(self.languages))
        if self.overdue:
            found.append(escalation(Escalation.state.in_(PRESSING), Escalation.due_at <= now))
        if self.unread:
            found.append(Conversation.unread.is_(True))
        return found

    def ordering(self, *, done: bool, supervisor: bool) -> list[ColumnElement[Any]]:
        newest = Conversation.last_at.desc().nulls_last()
        if self.order is Order.NEWEST or (done and self.order is Order.DUE):
            return [newest, Conversation.id.asc()]
        if self.order is Order.OLDEST:
            return [Conversation.last_in_at.asc().nulls_last(), Conversation.id.asc()]
        untaken = [_untaken().desc()] if supervisor else []
        return [_danger().desc(), *untaken, first_due().nulls_last(), newest, Conversation.id.asc()]


def escalation(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(Escalation.id).where(Escalation.conversation_id == Conversation.id, *conditions))


def first_due() -> ScalarSelect[datetime]:
    """When the most urgent reason is due; what is snoozed does not press."""
    return (
        select(func.min(Escalation.due_at))
        .where(Escalation.conversation_id == Conversation.id, Escalation.state.in_(PRESSING))
        .correlate(Conversation)
        .scalar_subquery()
    )


def _danger() -> ColumnElement[bool]:
    """Whether somebody may come to harm: above everything else, however late that is."""
    return escalation(Escalation.state.in_(PRESSING), Escalation.reason.in_(INTERRUPTING))


def _untaken() -> ColumnElement[bool]:
    """Nobody took it in time: a supervisor looks at it first."""
    return escalation(Escalation.state == EscalationState.OPEN, Escalation.escalated_at.is_not(None))


def _not_closed() -> ColumnElement[bool]:
    return Escalation.state != EscalationState.CLOSED
