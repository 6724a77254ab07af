"""When somebody is asked whether they are safe: once, or on days of the week. The person sets it, or a worker for them.

One time at once: another one moves it, so that nobody is asked at a time that they had given up. Days of the week stand
beside it. Knows no text and no screen.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import safe_wishes
from hub.core import Hub
from hub.errors import NotAllowed, NotFound
from hub.people import conversation_for
from hub.rhythm import WEEKDAYS, moments_on
from hub.safe_check_words import LATEST, SOONEST, Time
from hub.safe_checks import TO_ASK, WAITING
from hub.safe_wishes import zone_of
from hub.states import SAFE_MOVES, SafeState, check_move
from hub.store import audit
from hub.store.tables import Person, SafeCheck, SafePlan
from hub.times import local
from hub.words import Side

HORIZON = timedelta(weeks=2)
AT_ONCE = 100  # plans


async def waiting(session: AsyncSession, person: Person) -> Sequence[SafeCheck]:
    """All that are still to be answered, the next first."""
    theirs = select(SafeCheck).where(SafeCheck.person_id == person.id, SafeCheck.state.in_(WAITING))
    return (await session.scalars(theirs.order_by(SafeCheck.due_at, SafeCheck.id))).all()


async def plans_of(session: AsyncSession, person: Person) -> Sequence[SafePlan]:
    """Those that run."""
    wanted = select(SafePlan).where(SafePlan.person_id == person.id, SafePlan.ended_at.is_(None))
    return (await session.scalars(wanted.order_by(SafePlan.clock, SafePlan.id))).all()


async def set_time(hub: Hub, session: AsyncSession, actor: str, person: Person, wish: Time) -> SafeCheck:
    """The check that is set, or the first one of the days. Raises `NotAllowed` with what is wrong."""
    problem = await problem_with(hub, session, person, wish)
    if problem:
        raise NotAllowed(problem)
    if wish.at:
        return await _set_once(hub, session, actor, person, wish.at)
    return await _set_weekly(hub, session, actor, person, wish)


async def problem_with(hub: Hub, session: AsyncSession, person: Person, wish: Time) -> str:
    """What is wrong with it, and what to do; nothing where nothing is."""
    if person.side is not Side.VICTIMS:
        return "“Are you safe?” is for victims, witnesses and whoever stands by them."
    if await conversation_for(session, person) is None:
        return "There is no way to reach them that works. Add one first."
    if wish.at is None and not (wish.clock and set(wish.weekdays) & set(WEEKDAYS)):
        return "Choose a time, once or on days of the week."
    if wish.at and not is_in_reach(wish.at, hub.clock.now()):
        return "Choose a time from 5 minutes to 7 days from now."
    return ""


def is_in_reach(at: datetime, now: datetime) -> bool:
    """A time by the minute is a few seconds short of “in five minutes”."""
    return now + SOONEST - timedelta(minutes=1) <= at <= now + LATEST


async def end_all(hub: Hub, session: AsyncSession, actor: str, person: Person) -> int:
    """Nothing is asked any more. What has been asked and not answered goes on. Returns how many times were set."""
    ended = list(await plans_of(session, person))
    for plan in ended:
        await end_plan(hub, session, actor, plan)
    once = [check for check in await waiting(session, person) if check.state in TO_ASK]
    for check in once:
        _end(hub, session, actor, check)
    return len(ended) + len(once)


async def end_plan(hub: Hub, session: AsyncSession, actor: str, plan: SafePlan) -> None:
    plan.ended_at = hub.clock.now()
    ahead = delete(SafeCheck).where(SafeCheck.plan_id == plan.id, SafeCheck.state == SafeState.PLANNED)
    await session.execute(ahead, execution_options={"synchronize_session": "fetch"})
    _record(hub, session, actor, "safe_plan_ended", f"safe_plan:{plan.id}", plan.person_id)


async def end_one(hub: Hub, session: AsyncSession, actor: str, person: Person, number: int) -> None:
    """One that has not been asked yet. Raises `NotFound`."""
    found = next((each for each in await waiting(session, person) if each.id == number and each.state in TO_ASK), None)
    if found is None:
        raise NotFound
    _end(hub, session, actor, found)


async def plan(session: AsyncSession, person: Person, number: int) -> SafePlan:
    """One of theirs that runs. Raises `NotFound`."""
    found = next((each for each in await plans_of(session, person) if each.id == number), None)
    if found is None:
        raise NotFound
    return found


async def extend_all(hub: Hub) -> int:
    """Make those that have come into sight. Returns how many plans were looked at: call again while it is not 0."""
    async with hub.store.transaction() as session:
        horizon = (hub.clock.now() + HORIZON).date() - timedelta(days=1)  # whatever the zone: that day is in sight
        wanted = (
            select(SafePlan)
            .join(Person, Person.id == SafePlan.person_id)
            .where(Person.erased_at.is_(None), SafePlan.ended_at.is_(None), SafePlan.planned_until < horizon)
            .order_by(SafePlan.planned_until)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True, of=SafePlan)
        )
        found = (await session.scalars(wanted)).all()
        for each in found:
            await _extend(hub, session, each)
        return len(found)


async def _set_once(hub: Hub, session: AsyncSession, actor: str, person: Person, at: datetime) -> SafeCheck:
    once = SafeCheck.plan_id.is_(None) & SafeCheck.state.in_(TO_ASK)
    wanted = select(SafeCheck).where(SafeCheck.person_id == person.id, once)
    check = await session.scalar(wanted.order_by(SafeCheck.id.desc()).limit(1).with_for_update(of=SafeCheck))
    what = "safe_check_moved" if check else "safe_check_set"
    check = check or SafeCheck(person_id=person.id, state=SafeState.PLANNED, postponed=0, unclear=0, person=person)
    check.due_at = at
    check.closes_at = at + timedelta(minutes=await safe_wishes.patience_of(session, person))
    check.set_by, check.set_at = actor, hub.clock.now()
    session.add(check)
    await session.flush()
    _record(hub, session, actor, what, f"safe_check:{check.id}", person.id)
    return check


async def _set_weekly(hub: Hub, session: AsyncSession, actor: str, person: Person, wish: Time) -> SafeCheck:
    now = hub.clock.now()
    today = local(now, zone_of(person)).date()
    made = SafePlan(
        person_id=person.id,
        weekdays=[day for day in WEEKDAYS if day in wish.weekdays],
        clock=wish.clock,
        first_on=today,
        planned_until=today - timedelta(days=1),
        set_by=actor,
        set_at=now,
        person=person,
    )
    for same in await plans_of(session, person):
        if same.clock == wish.clock:  # said again, with other days perhaps
            await end_plan(hub, session, actor, same)
    session.add(made)
    await session.flush()
    _record(hub, session, actor, "safe_plan_made", f"safe_plan:{made.id}", person.id)
    await _extend(hub, session, made)
    first = select(SafeCheck).where(SafeCheck.plan_id == made.id).order_by(SafeCheck.due_at).limit(1)
    return (await session.scalars(first)).one()


async def _extend(hub: Hub, session: AsyncSession, plan: SafePlan) -> None:
    zone, now = zone_of(plan.person), hub.clock.now()
    until = local(now, zone).date() + HORIZON
    patience = timedelta(minutes=await safe_wishes.patience_of(session, plan.person))
    moments = moments_on(plan.weekdays, plan.first_on, plan.planned_until, until, plan.clock, zone)
    known = set(await session.scalars(select(SafeCheck.on).where(SafeCheck.plan_id == plan.id)))
    set_by = {"set_by": plan.set_by, "set_at": plan.set_at, "state": SafeState.PLANNED, "postponed": 0, "unclear": 0}
    session.add_all(
        SafeCheck(plan_id=plan.id, person_id=plan.person_id, on=day, due_at=at, closes_at=at + patience, **set_by)
        for day, at in moments.items()
        if day not in known and at > now
    )
    plan.planned_until = max(plan.planned_until, until)
    await session.flush()


def _end(hub: Hub, session: AsyncSession, actor: str, check: SafeCheck) -> None:
    check.state = check_move(SAFE_MOVES, check.state, SafeState.ENDED)
    _record(hub, session, actor, "safe_check_ended", f"safe_check:{check.id}", check.person_id)


def _record(hub: Hub, session: AsyncSession, actor: str, what: str, about: str, person_id: int) -> None:
    audit.record(session, hub.clock.now(), actor, what, about, person_id=person_id)
