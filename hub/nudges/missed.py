"""After a standstill: one escalation for each worker that says how many nudges came too late, instead of one each.

Whose they are is for the inbox to show, under the worker's own eyes. Knows no names.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.escalations import escalate
from hub.people import conversation_for
from hub.states import EscalationState
from hub.store.notify import CHANGED, notify
from hub.store.tables import Conversation, Escalation, Person

REASON = "nudges_missed"
ONE_STANDSTILL = timedelta(hours=12)  # what comes to light within it is told in the same escalation

Caseload = tuple[int, str, int | None]  # agency, side, worker


async def tell_workers(session: AsyncSession, people: Sequence[Person], now: datetime) -> None:
    """`people`: whom each missed nudge was for; the same person as often as that was."""
    numbers = Counter((person.agency_id, person.side.value, person.worker_id) for person in people)
    first = {(person.agency_id, person.side.value, person.worker_id): person for person in reversed(people)}
    for caseload, number in numbers.items():
        told = await _told(session, caseload, now)
        conversation = await conversation_for(session, first[caseload]) if told is None else None
        if conversation:
            told = await escalate(session, conversation, REASON, now)
        if told:
            told.detail = str(count_in(told) + number)
            notify(session, CHANGED, str(told.conversation_id))


def count_in(escalation: Escalation) -> int:
    """How many nudges it stands for."""
    return int(escalation.detail) if escalation.detail.isdigit() else 0


async def _told(session: AsyncSession, caseload: Caseload, now: datetime) -> Escalation | None:
    """The open one of this worker about the same standstill."""
    agency_id, side, worker_id = caseload
    found: Escalation | None = await session.scalar(
        select(Escalation)
        .join(Conversation, Conversation.id == Escalation.conversation_id)
        .join(Person, Person.id == Conversation.person_id)
        .where(
            Escalation.reason == REASON,
            Escalation.state == EscalationState.OPEN,
            Escalation.opened_at > now - ONE_STANDSTILL,
            Person.agency_id == agency_id,
            Person.side == side,
            Person.worker_id.is_not_distinct_from(worker_id),
        )
        .order_by(Escalation.id.desc())
        .limit(1)
        .with_for_update(of=Escalation)
    )
    return found
