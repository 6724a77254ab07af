"""A condition that nobody speaks of: a worker is told early, and again when its day has passed. Never a decision.

The person is told by the nudges `condition_early` and `condition_passed` (flows/conditions/nudges.yml), kindly and on
the same days; what was sent and what they answered stands on the page of their conditions. Knows no text.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import conditions, extensions
from hub.escalations import escalate
from hub.people import conversation_for
from hub.states import ConditionState
from hub.store.tables import Condition
from hub.times import local


async def look(session: AsyncSession, now: datetime) -> int:
    """Look at what is due to be looked at. Returns how many."""
    due = select(Condition).where(Condition.look_at <= now).order_by(Condition.id)
    found = (await session.scalars(due.with_for_update(skip_locked=True, of=Condition))).all()
    for condition in found:
        await _look(session, condition, now)
    return len(found)


async def _look(session: AsyncSession, condition: Condition, now: datetime) -> None:
    zone = condition.case.person.agency.time_zone
    passed = condition.due_on is not None and local(now, zone).date() > condition.due_on
    condition.look_at = None if passed else conditions.next_look(condition, now)
    if condition.state is not ConditionState.OPEN or condition.case.closed_at or condition.case.person.ended_at:
        return
    if await extensions.open_request(session, condition):
        return  # a worker has that already
    conversation = await conversation_for(session, condition.case.person)
    if conversation:
        reason = "condition_passed" if passed else "condition_due"
        await escalate(session, conversation, reason, now, detail=f"condition:{condition.id}")
