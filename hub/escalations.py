"""What a bot should not decide: the reasons, and opening, taking, snoozing and closing an escalation.

To add a reason, add one entry to `REASONS`. Knows nothing of screens.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hub.states import ESCALATION_MOVES, EscalationState, check_move
from hub.store import audit
from hub.store.notify import CHANGED, notify
from hub.store.refs import new_ref
from hub.store.tables import Agency, Conversation, Escalation, Person, Team, Worker
from hub.words import WorkerRole
from hub.working_time import add_working_minutes

HOUR, DAY = 60, 8 * 60  # working minutes; a working day has eight hours


@dataclass(frozen=True, slots=True)
class Reason:
    """`words` as the inbox shows them; due after `minutes`, of working time unless `at_once`."""

    words: str
    minutes: int
    at_once: bool = False  # counts by the clock on the wall, day and night

    def due(self, opened_at: datetime, agency: Agency) -> datetime:
        if self.at_once:
            return opened_at + timedelta(minutes=self.minutes)
        return add_working_minutes(opened_at, self.minutes, agency)


REASONS: dict[str, Reason] = {
    "crisis_self": Reason("May harm themselves", 10, at_once=True),
    "danger_now": Reason("May be in danger", 10, at_once=True),
    "threat_to_others": Reason("May harm someone else", 10, at_once=True),
    "harm_to_child": Reason("A child may be at risk", 10, at_once=True),
    "domestic_abuse": Reason("Speaks of abuse", 10, at_once=True),
    "medical_emergency": Reason("Medical emergency", 10, at_once=True),
    "not_safe_to_talk": Reason("Says it is not safe to talk", 30, at_once=True),
    "not_handled": Reason("Something went wrong while reading this", HOUR),
    "wants_a_person": Reason("Asked to speak to a person", 4 * HOUR),
    "wants_a_call": Reason("Asked for a call", 4 * HOUR),
    "not_understood": Reason("Could not be understood", 4 * HOUR),
    "assistant_down": Reason("Came while the assistant was off", 4 * HOUR),
    "cannot_attend": Reason("Says they cannot come", 2 * HOUR),
    "wants_to_move": Reason("Asks for another time", 4 * HOUR),
    "running_late": Reason("Is running late", 15),
    "proof_to_check": Reason("Proof to check", DAY),
    "bad_file": Reason("Sent a file that could not be used", DAY),
    "struggling": Reason("Is struggling", 4 * HOUR),
    "something_changed": Reason("Says something has changed", DAY),
    "no_answer": Reason("Has not answered for 3 days", DAY),
    "silent": Reason("No answer to the texts of two appointments in a row", DAY),
    "check_in_silent": Reason("Has not answered a check-in", DAY),
    "return_silent": Reason("Has not said whether they are back", HOUR),
    "not_back_yet": Reason("Said twice that they are not back yet", HOUR),
    "missed_appointment": Reason("Missed an appointment", DAY),
    "attendance_unknown": Reason("Attendance not known", 2 * DAY),
    "survey_concern": Reason("Worrying survey answer", 4 * HOUR),
    "session_concern": Reason("Session to look at", DAY),
    "case_question": Reason("Asks about their case", DAY),
    "needs_support": Reason("Asks for support services", DAY),
    "condition_question": Reason("Asks about a condition", DAY),
    "condition_done": Reason("Says a condition is done", DAY),
    "wants_longer": Reason("Asks for longer for a condition", DAY),
    "condition_due": Reason("A condition is due soon, and they have said nothing", DAY),
    "condition_passed": Reason("The day of a condition has passed", DAY),
    "travel_help": Reason("Needs help to get there", 4 * HOUR),
    "contact_change": Reason("Wants to change how we contact them", DAY),
    "voice_message": Reason("A voice message to listen to", HOUR),
    "statement_given": Reason("Has given a statement", DAY),
    "statement_withdrawn": Reason("Has taken back a statement", 4 * HOUR),
    "statement_concern": Reason("Words in a statement that may be a cry for help", 4 * HOUR),
    "statement_open": Reason("Has not finished a statement", DAY),
    "file_waits": Reason("A file waits for the virus scanner", 4 * HOUR),
    "privacy_question": Reason("Asks about their data", 2 * DAY),
    "complaint": Reason("Complaint", DAY),
    "supporter_question": Reason("Wants someone to stand by them", DAY),
    "wrong_person": Reason("Says this is the wrong person", DAY),
    "unknown_sender": Reason("Unknown sender", DAY),
    "stopped": Reason("Stopped our texts", DAY),
    "stopped_by_mistake": Reason("Stopped our texts, maybe by mistake", 4 * HOUR),
    "wants_fewer_texts": Reason("Wants fewer texts from us, or none", DAY),
    "not_delivered": Reason("Could not be delivered", DAY),
    "maybe_not_delivered": Reason("May not have been delivered", 4 * HOUR),
    "same_text": Reason("Would have had the same text three times in a day", 4 * HOUR),
    "too_many_texts": Reason("Has had as many texts today as we allow", DAY),
    "passed_on": Reason("Passed on by a colleague", 4 * HOUR),
    "nudges_missed": Reason("A reminder could not go out in time", 4 * HOUR),
}

HEARD_BY_MACHINE = "heard_by_machine"  # the detail of what stands in a draft of a voice message

SAFETY_REASONS = frozenset(
    {"crisis_self", "danger_now", "threat_to_others", "harm_to_child", "domestic_abuse", "medical_emergency"}
)


def in_words(escalation: Escalation) -> str:
    """What the inbox shows; of a standstill, how many could not go out."""
    words = REASONS[escalation.reason].words
    if escalation.reason == "nudges_missed" and escalation.detail.isdigit() and int(escalation.detail) > 1:
        return f"{escalation.detail} reminders could not go out in time"
    if escalation.detail == HEARD_BY_MACHINE:
        return f"{words} (a machine heard it in a voice message: listen)"
    return words


async def escalate(
    session: AsyncSession,
    conversation: Conversation,
    reason: str,
    now: datetime,
    *,
    detail: str = "",
    message_id: int | None = None,
) -> Escalation:
    """Open an escalation, or bring back the open one of that reason. `detail` is a code or a ref, never personal."""
    found = await find_open(session, conversation.id, reason)
    if found:
        return await _bring_back(session, found, now, message_id)
    escalation = Escalation(
        ref=new_ref(),
        conversation_id=conversation.id,
        side=conversation.side,
        reason=reason,
        detail=detail,
        message_id=message_id,
        state=EscalationState.OPEN,
        opened_at=now,
        due_at=REASONS[reason].due(now, conversation.person.agency),
        conversation=conversation,
    )
    session.add(escalation)
    await session.flush()
    await _tell(session, escalation, now, "hub", "escalation_opened")
    return escalation


async def find_open(session: AsyncSession, conversation_id: int, reason: str) -> Escalation | None:
    """The one that is not closed: there is at most one a conversation and reason."""
    found: Escalation | None = await session.scalar(
        select(Escalation).where(
            Escalation.conversation_id == conversation_id,
            Escalation.reason == reason,
            Escalation.state != EscalationState.CLOSED,
        )
    )
    return found


async def cries_for_help(session: AsyncSession, person_id: int) -> bool:
    """Whether a cry for help of theirs is open: nobody is praised or asked for an opinion then."""
    crying = (
        select(Escalation.id)
        .join(Conversation, Conversation.id == Escalation.conversation_id)
        .where(
            Conversation.person_id == person_id,
            Escalation.reason.in_(SAFETY_REASONS),
            Escalation.state != EscalationState.CLOSED,
        )
    )
    return await session.scalar(crying.limit(1)) is not None


async def take(session: AsyncSession, escalation: Escalation, worker_id: int, now: datetime) -> None:
    await _move(session, escalation, EscalationState.TAKEN, now, worker_id, "escalation_taken")
    escalation.taken_by_id, escalation.taken_at = worker_id, now
    escalation.snoozed_until = escalation.escalated_at = None


async def assign(session: AsyncSession, escalation: Escalation, by_id: int, to_id: int, now: datetime) -> None:
    """Give it to a colleague, whoever had it until now."""
    if escalation.state is not EscalationState.TAKEN:
        escalation.state = check_move(ESCALATION_MOVES, escalation.state, EscalationState.TAKEN)
    escalation.taken_by_id, escalation.taken_at = to_id, now
    escalation.snoozed_until = escalation.escalated_at = None
    await _tell(session, escalation, now, f"worker:{by_id}", "escalation_assigned", to=to_id)


async def snooze(
    session: AsyncSession, escalation: Escalation, worker_id: int, until: datetime | None, now: datetime
) -> None:
    """Put aside until a time, or (None) until they write; the person's next text brings it back in any case."""
    await _move(session, escalation, EscalationState.SNOOZED, now, worker_id, "escalation_snoozed")
    escalation.snoozed_until, escalation.escalated_at = until, None


async def close(session: AsyncSession, escalation: Escalation, worker_id: int, outcome: str, now: datetime) -> None:
    """Close with an outcome: there is no silent close."""
    await _move(session, escalation, EscalationState.CLOSED, now, worker_id, "escalation_closed")
    escalation.closed_at, escalation.closed_by_id, escalation.outcome = now, worker_id, outcome


async def withdraw(session: AsyncSession, escalation: Escalation, outcome: str, now: datetime) -> None:
    """Close what the person has taken back before anybody dealt with it."""
    escalation.state = check_move(ESCALATION_MOVES, escalation.state, EscalationState.CLOSED)
    escalation.closed_at, escalation.outcome = now, outcome
    await _tell(session, escalation, now, f"person:{escalation.conversation.person_id}", "escalation_withdrawn")


async def fold(session: AsyncSession, escalation: Escalation, into: str, now: datetime) -> None:
    """Close what is part of a larger matter that a human has been told of just now: two lines about one are noise."""
    escalation.state = check_move(ESCALATION_MOVES, escalation.state, EscalationState.CLOSED)
    escalation.closed_at, escalation.outcome = now, f"part_of_{into}"
    await _tell(session, escalation, now, "hub", "escalation_folded")


async def settle(
    session: AsyncSession,
    person_id: int,
    reasons: Collection[str],
    worker_id: int,
    outcome: str,
    now: datetime,
    *,
    detail: str = "",
) -> None:
    """Close what a worker has done: the person's open ones of these reasons; with `detail`, only those about that."""
    done = (
        select(Escalation)
        .join(Conversation, Conversation.id == Escalation.conversation_id)
        .where(
            Conversation.person_id == person_id,
            Escalation.reason.in_(reasons),
            Escalation.state != EscalationState.CLOSED,
        )
    )
    about = done.where(Escalation.detail == detail) if detail else done
    for escalation in (await session.scalars(about.order_by(Escalation.id))).unique().all():
        await close(session, escalation, worker_id, outcome, now)


async def wake(session: AsyncSession, now: datetime) -> int:
    """Bring back what was snoozed until now; what waits for a reply has no such time. Returns how many."""
    due = select(Escalation).where(Escalation.state == EscalationState.SNOOZED, Escalation.snoozed_until <= now)
    asleep = (await session.scalars(due.order_by(Escalation.id).with_for_update(skip_locked=True, of=Escalation))).all()
    for escalation in asleep:
        await _bring_back(session, escalation, now, None)
    return len(asleep)


async def tell_supervisors(session: AsyncSession, now: datetime) -> int:
    """Mark what is overdue and nobody's, once: it stands first on their supervisors' lists. Returns how many."""
    late = select(Escalation).where(
        text("escalations.state = 'open'"), Escalation.due_at <= now, Escalation.escalated_at.is_(None)
    )
    found = (await session.scalars(late.order_by(Escalation.id).with_for_update(skip_locked=True, of=Escalation))).all()
    for escalation in found:
        escalation.escalated_at = now
        supervisors = await _supervisors(session, escalation.conversation.person)
        await _tell(session, escalation, now, "hub", "escalation_untaken", supervisors=supervisors)
    return len(found)


async def _supervisors(session: AsyncSession, person: Person) -> list[int]:
    """Those of the worker's team; of everybody on this side in the agency, where there is no worker."""
    wanted = (
        select(Worker.id)
        .join(Team, Team.id == Worker.team_id)
        .where(
            Worker.role == WorkerRole.SUPERVISOR,
            Worker.disabled_at.is_(None),
            Team.agency_id == person.agency_id,
            Team.side == person.side,
        )
    )
    if person.worker:
        wanted = wanted.where(Worker.team_id == person.worker.team_id)
    return list((await session.scalars(wanted.order_by(Worker.id))).all())


async def _bring_back(
    session: AsyncSession, escalation: Escalation, now: datetime, message_id: int | None
) -> Escalation:
    escalation.message_id = message_id or escalation.message_id
    if escalation.state is EscalationState.SNOOZED:
        escalation.state, escalation.snoozed_until = EscalationState.OPEN, None
        # Whoever put it aside has had its time: what comes back is due anew.
        escalation.due_at = REASONS[escalation.reason].due(now, escalation.conversation.person.agency)
        await _tell(session, escalation, now, "hub", "escalation_woken")
    return escalation


async def _move(
    session: AsyncSession,
    escalation: Escalation,
    to: EscalationState,
    now: datetime,
    worker_id: int,
    what: str,
) -> None:
    escalation.state = check_move(ESCALATION_MOVES, escalation.state, to)
    await _tell(session, escalation, now, f"worker:{worker_id}", what)


async def _tell(
    session: AsyncSession, escalation: Escalation, now: datetime, actor: str, what: str, **details: Any
) -> None:
    audit.record(
        session,
        now,
        actor,
        what,
        f"escalation:{escalation.id}",
        person_id=escalation.conversation.person_id,
        reason=escalation.reason,
        **details,
    )
    notify(session, CHANGED, str(escalation.conversation_id))
