"""A condition that nobody speaks of: a worker is told early, and again when its day has passed. Never a decision.

The person is told by the nudges `condition_early` and `condition_passed` (flows/conditions/nudges.yml), kindly and on
the same days; what was sent and what they answered stands on the page of their conditions. Knows no text.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import conditions, extensions
from hub.core import Hub
from hub.escalations import escalate
from hub.nudges.planner import replan_all
from hub.people import conversation_for
from hub.states import ConditionState
from hub.store import audit
from hub.store.tables import Agency, Case, Condition
from hub.times import local

MOST_DAYS = 20  # working days: four weeks, from which on half time comes first


async def look(session: AsyncSession, now: datetime) -> int:
    """Look at what is due to be looked at. Returns how many."""
    due = select(Condition).where(Condition.look_at <= now).order_by(Condition.id)
    found = (await session.scalars(due.with_for_update(skip_locked=True, of=Condition))).all()
    for condition in found:
        await _look(session, condition, now)
    return len(found)


async def set_days(hub: Hub, session: AsyncSession, actor: str, agency: Agency, days: int) -> None:
    """How many working days before the day of a condition an early word is due; what is planned follows."""
    if days == agency.early_days:
        return
    agency.early_days = days
    now = hub.clock.now()
    audit.record(session, now, actor, "agency_changed", f"agency:{agency.id}", fields=["early_days"])
    waiting = (
        select(Condition)
        .join(Case, Case.id == Condition.case_id)
        .where(Case.agency_id == agency.id, Condition.look_at.is_not(None))
    )
    found = (await session.scalars(waiting.order_by(Condition.id))).all()
    for condition in found:
        condition.look_at = conditions.next_look(condition, now)
    await replan_all(hub, session, "condition", [condition.id for condition in found])


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
