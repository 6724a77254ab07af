"""On which evenings somebody is asked whether they are back, and at what time. A worker sets it; nothing computes it.

A curfew can end at nine in the evening, when the agency's texts no longer go out. Such a time needs the person's own
agreement, which the plan keeps; a safe window of theirs is never overstepped. Knows no screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotAllowed, NotFound
from hub.in_sight import plans_to_extend
from hub.nudges import reach
from hub.nudges.planner import replan_all
from hub.rhythm import WEEKDAYS, moments_on
from hub.states import ReturnState
from hub.store import audit
from hub.store.tables import Person, ReturnCheck, ReturnPlan
from hub.times import at_local, in_window, local
from hub.words import Purpose, Role

HORIZON = timedelta(weeks=2)


@dataclass(frozen=True, slots=True)
class Evenings:
    """`agreed`: the person has agreed to be texted at this time though it is outside the agency's hours."""

    weekdays: Sequence[str]  # MO … SU
    clock: time
    first_on: date
    last_on: date | None = None
    agreed: bool = False


async def plans_of(session: AsyncSession, person: Person) -> Sequence[ReturnPlan]:
    """Those that run."""
    wanted = select(ReturnPlan).where(ReturnPlan.person_id == person.id, ReturnPlan.ended_at.is_(None))
    return (await session.scalars(wanted.order_by(ReturnPlan.clock, ReturnPlan.id))).all()


async def plan(session: AsyncSession, person: Person, number: int) -> ReturnPlan:
    """One of theirs that runs. Raises `NotFound`."""
    found: ReturnPlan | None = await session.scalar(
        select(ReturnPlan)
        .where(ReturnPlan.id == number, ReturnPlan.person_id == person.id, ReturnPlan.ended_at.is_(None))
        .with_for_update(of=ReturnPlan)
    )
    if found is None:
        raise NotFound
    return found


async def set_plan(
    hub: Hub, session: AsyncSession, actor: str, person: Person, wish: Evenings, plan: ReturnPlan | None = None
) -> ReturnPlan:
    """A new one, or `plan` otherwise from now on. Raises `NotAllowed` with what is wrong."""
    problem = await problem_with(session, person, wish)
    if problem:
        raise NotAllowed(problem)
    what = "return_plan_changed" if plan else "return_plan_made"
    plan = plan or ReturnPlan(person_id=person.id, person=person)
    plan.weekdays = [day for day in WEEKDAYS if day in wish.weekdays]
    plan.first_on, plan.last_on, plan.clock = wish.first_on, wish.last_on, wish.clock
    plan.agreed_at = hub.clock.now() if wish.agreed and _is_unusual(person, wish.clock) else None
    plan.set_by, plan.set_at = actor, hub.clock.now()
    plan.planned_until = wish.first_on - timedelta(days=1)
    session.add(plan)
    await session.flush()
    _record(hub, session, actor, what, plan)
    await _forget_planned(hub, session, plan)
    await _extend(hub, session, plan)
    return plan


async def end(hub: Hub, session: AsyncSession, actor: str, plan: ReturnPlan) -> None:
    """Nothing is asked any more. One that is open stays open."""
    plan.ended_at = hub.clock.now()
    _record(hub, session, actor, "return_plan_ended", plan)
    await _forget_planned(hub, session, plan)


async def problem_with(session: AsyncSession, person: Person, wish: Evenings) -> str:
    """What is wrong with it, and what to do; nothing where nothing is."""
    if person.role is not Role.SUPERVISED:
        return "“Are you back?” is for people under supervision."
    if not set(wish.weekdays) & set(WEEKDAYS):
        return "Select on which days."
    if wish.last_on and wish.last_on < wish.first_on:
        return "The last day must not be before the first."
    calendar = (await reach.load(session, [person.id])).calendar(person, Purpose.RETURN)
    there = at_local(wish.first_on, wish.clock, person.agency.time_zone)
    if not in_window(there, calendar.contact_from, calendar.contact_until, calendar.time_zone):
        return "This time is outside the hours in which it is safe to text them. Choose another one."
    if _is_unusual(person, wish.clock) and not wish.agreed:
        return "Texts do not go out at this time. Ask them, and tick the box if they agree."
    return ""


def _is_unusual(person: Person, clock: time) -> bool:
    agency = person.agency
    return not agency.contact_from <= clock < agency.contact_until


async def extend_all(hub: Hub) -> int:
    """Make those that have come into sight. Returns how many plans were looked at: call again while it is not 0."""
    async with hub.store.transaction() as session:
        days = (ReturnPlan.planned_until, ReturnPlan.last_on)
        found = await plans_to_extend(hub, session, ReturnPlan, HORIZON, *days, ReturnPlan.ended_at.is_(None))
        for plan in found:
            await _extend(hub, session, plan)
        return len(found)


async def _extend(hub: Hub, session: AsyncSession, plan: ReturnPlan) -> None:
    agency, now = plan.person.agency, hub.clock.now()
    until = local(now, agency.time_zone).date() + HORIZON
    known = set(await session.scalars(select(ReturnCheck.on).where(ReturnCheck.plan_id == plan.id)))
    last = min(until, plan.last_on or until)
    zone = agency.time_zone
    moments = moments_on(plan.weekdays, plan.first_on, plan.planned_until, last, plan.clock, zone)
    made = [_check(plan, day, due_at) for day, due_at in moments.items() if day not in known and due_at > now]
    plan.planned_until = max(plan.planned_until, until)
    session.add_all(made)
    await session.flush()
    await replan_all(hub, session, "return_check", [each.id for each in made])


def _check(plan: ReturnPlan, on: date, due_at: datetime) -> ReturnCheck:
    closes_at = due_at + timedelta(minutes=plan.person.agency.back_within)
    return ReturnCheck(
        plan_id=plan.id, person_id=plan.person_id, on=on, due_at=due_at, closes_at=closes_at, state=ReturnState.PLANNED
    )


async def _forget_planned(hub: Hub, session: AsyncSession, plan: ReturnPlan) -> None:
    ahead = delete(ReturnCheck).where(ReturnCheck.plan_id == plan.id, ReturnCheck.state == ReturnState.PLANNED)
    await replan_all(hub, session, "return_check", list(await session.scalars(ahead.returning(ReturnCheck.id))))


def _record(hub: Hub, session: AsyncSession, actor: str, what: str, plan: ReturnPlan) -> None:
    about = f"return_plan:{plan.id}"
    agreed = plan.agreed_at is not None
    audit.record(session, hub.clock.now(), actor, what, about, person_id=plan.person_id, agreed=agreed)
