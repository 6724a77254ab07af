"""How often somebody is asked how they are. The coming weeks are ordinary check-ins, made ahead by the upkeep.

    start(), change(), pause(), end()   what a worker does; what nobody has been asked yet follows
    extend_all()                        the rolling horizon: the days that have come into sight

Knows no screen and no text.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import check_ins
from hub.core import Hub
from hub.errors import MoveNotAllowed, NotAllowed
from hub.in_sight import plans_to_extend
from hub.nudges.planner import replan_all
from hub.rhythm import every_weeks, when_somebody_reads
from hub.states import CheckInState
from hub.store import audit
from hub.store.tables import CheckIn, CheckInPlan, Person
from hub.tiers import WEEKS
from hub.times import local
from hub.words import Role

HORIZON = timedelta(weeks=8)  # the longest rhythm: the next one is always there to be seen
MOST_QUESTIONS = 3
LONGEST_QUESTION = 90  # characters: with what stands round it, one text
ONE_AT_A_TIME = "They have been asked and have not answered yet. Send that one again instead."


@dataclass(frozen=True, slots=True)
class Rhythm:
    weeks: int
    first_on: date  # its weekday is that of all others
    clock: time
    last_on: date | None = None


async def plan_of(session: AsyncSession, person: Person) -> CheckInPlan | None:
    """The one that runs, paused or not."""
    wanted = select(CheckInPlan).where(CheckInPlan.person_id == person.id, CheckInPlan.ended_at.is_(None))
    found: CheckInPlan | None = await session.scalar(wanted)
    return found


def questions_of(hub: Hub, plan: CheckInPlan) -> Sequence[str]:
    """The worker's own."""
    if plan.questions_sealed is None or plan.person.wrapped_key is None:
        return []
    key = hub.vault.open_person_key(plan.person.wrapped_key)
    found: list[str] = json.loads(key.open(plan.questions_sealed, "check_in_questions"))
    return found


async def set_plan(
    hub: Hub, session: AsyncSession, actor: str, person: Person, rhythm: Rhythm, questions: Sequence[str] = ()
) -> CheckInPlan:
    """Begin, or do it otherwise from now on; a pause ends. Raises `NotAllowed` with what is wrong."""
    _check(person, rhythm, questions)
    plan = await plan_of(session, person)
    what = "check_in_plan_changed" if plan else "check_in_plan_made"
    plan = plan or CheckInPlan(person_id=person.id, person=person)
    plan.weeks, plan.first_on, plan.clock, plan.last_on = rhythm.weeks, rhythm.first_on, rhythm.clock, rhythm.last_on
    plan.paused_until, plan.set_by, plan.set_at = None, actor, hub.clock.now()
    plan.questions_sealed = _sealed(hub, person, questions)
    plan.planned_until = rhythm.first_on - timedelta(days=1)
    session.add(plan)
    await session.flush()
    _record(hub, session, actor, what, plan)
    await _make_anew(hub, session, plan)
    return plan


async def pause(hub: Hub, session: AsyncSession, actor: str, plan: CheckInPlan, until: date | None) -> None:
    """None is asked before `until`; None as the day: they go on."""
    plan.paused_until = until
    _record(hub, session, actor, "check_in_plan_paused" if until else "check_in_plan_resumed", plan)
    await _make_anew(hub, session, plan)


async def end(hub: Hub, session: AsyncSession, actor: str, plan: CheckInPlan) -> None:
    """None is asked any more. One that is open stays open."""
    plan.ended_at = hub.clock.now()
    _record(hub, session, actor, "check_in_plan_ended", plan)
    await _forget_planned(hub, session, plan)


async def ask_now(hub: Hub, session: AsyncSession, actor: str, person: Person) -> CheckIn:
    """One beside the rhythm. Raises `MoveNotAllowed` while another is open, `NotAllowed` for who is not asked."""
    if person.role is not Role.SUPERVISED:
        raise NotAllowed("Check-ins are for people under supervision.")
    open_one = select(CheckIn.id).where(CheckIn.person_id == person.id, CheckIn.state == CheckInState.ASKED)
    if await session.scalar(open_one):
        raise MoveNotAllowed(ONE_AT_A_TIME)
    plan = await plan_of(session, person)
    made = await check_ins.schedule(hub, session, person, hub.clock.now(), plan)
    about = f"check_in:{made.id}"
    audit.record(session, hub.clock.now(), actor, "check_in_asked_now", about, person_id=person.id)
    return made


async def extend_all(hub: Hub) -> int:
    """Make the check-ins that have come into sight. Returns how many plans were looked at: call again while not 0."""
    async with hub.store.transaction() as session:
        days = (CheckInPlan.planned_until, CheckInPlan.last_on)
        found = await plans_to_extend(hub, session, CheckInPlan, HORIZON, *days, CheckInPlan.ended_at.is_(None))
        for plan in found:
            await _extend(hub, session, plan)
        return len(found)


async def _extend(hub: Hub, session: AsyncSession, plan: CheckInPlan) -> None:
    agency = plan.person.agency
    until = local(hub.clock.now(), agency.time_zone).date() + HORIZON
    known = set(await session.scalars(select(CheckIn.occurrence_on).where(CheckIn.plan_id == plan.id)))
    made = []
    for day in every_weeks(plan.weeks, plan.first_on, plan.planned_until, min(until, plan.last_on or until)):
        due_at = when_somebody_reads(day, plan.clock, agency.time_zone, agency.holidays)
        paused = plan.paused_until is not None and day < plan.paused_until
        if day not in known and not paused and due_at > hub.clock.now():
            made.append(check_ins.new(plan.person, due_at, plan, day))
    plan.planned_until = max(plan.planned_until, until)
    session.add_all(made)
    await session.flush()
    await replan_all(hub, session, "check_in", [each.id for each in made])


async def _make_anew(hub: Hub, session: AsyncSession, plan: CheckInPlan) -> None:
    await _forget_planned(hub, session, plan)
    plan.planned_until = plan.first_on - timedelta(days=1)
    await _extend(hub, session, plan)


async def _forget_planned(hub: Hub, session: AsyncSession, plan: CheckInPlan) -> None:
    """Those ahead that nobody has been asked; what was planned to be said about them goes with them."""
    ahead = delete(CheckIn).where(CheckIn.plan_id == plan.id, CheckIn.state == CheckInState.PLANNED)
    gone = list(await session.scalars(ahead.returning(CheckIn.id)))
    await replan_all(hub, session, "check_in", gone)


def _check(person: Person, rhythm: Rhythm, questions: Sequence[str]) -> None:
    if person.role is not Role.SUPERVISED:
        raise NotAllowed("Check-ins are for people under supervision.")
    agency = person.agency
    if rhythm.weeks not in WEEKS or rhythm.first_on.weekday() > 4:
        raise NotAllowed("Check-ins come every 1, 2, 4 or 8 weeks, from Monday to Friday.")
    if not agency.contact_from <= rhythm.clock < agency.contact_until:
        raise NotAllowed(f"Choose a time from {agency.contact_from:%H:%M} to before {agency.contact_until:%H:%M}.")
    if rhythm.last_on and rhythm.last_on < rhythm.first_on:
        raise NotAllowed("The last day must not be before the first.")
    if len(questions) > MOST_QUESTIONS or any(len(words) > LONGEST_QUESTION for words in questions):
        raise NotAllowed(f"Up to {MOST_QUESTIONS} questions, each of {LONGEST_QUESTION} characters at most.")


def _sealed(hub: Hub, person: Person, questions: Sequence[str]) -> bytes | None:
    asked = [" ".join(words.split()) for words in questions if words.strip()]
    if not asked or person.wrapped_key is None:
        return None
    return hub.vault.open_person_key(person.wrapped_key).seal(json.dumps(asked), "check_in_questions")


def _record(hub: Hub, session: AsyncSession, actor: str, what: str, plan: CheckInPlan) -> None:
    about = f"check_in_plan:{plan.id}"
    audit.record(session, hub.clock.now(), actor, what, about, person_id=plan.person_id, weeks=plan.weeks)
