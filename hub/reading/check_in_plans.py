"""How somebody is checked in with: the rhythm, the next one, how many went well, and whether they were back. In words.

Knows no screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import tiers
from hub.check_in_plans import plan_of, questions_of
from hub.check_in_streak import streak
from hub.core import Hub
from hub.return_facts import facts_of
from hub.return_plans import plans_of
from hub.rhythm import WEEKDAYS
from hub.states import CheckInState, ReturnState
from hub.store.tables import CheckIn, CheckInPlan, Person, ReturnCheck, ReturnPlan, Worker
from hub.times import at_local, local, say_day, say_time, say_when
from hub.words import Role

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHOWN = 7  # evenings
_RETURNS = {
    ReturnState.PLANNED: "Planned",
    ReturnState.ASKED: "Asked",
    ReturnState.NOT_YET: "Not yet",
    ReturnState.ASKED_AGAIN: "Asked again",
    ReturnState.BACK: "Back",
    ReturnState.NOT_BACK: "Not yet, twice",
    ReturnState.SILENT: "No answer",
}


@dataclass(frozen=True, slots=True)
class Plan:
    words: str
    paused: str
    questions: Sequence[str]
    set_by: str


@dataclass(frozen=True, slots=True)
class Evening:
    day: str
    state: str
    facts: str


@dataclass(frozen=True, slots=True)
class Returns:
    number: int
    words: str
    agreed: str
    set_by: str


@dataclass(frozen=True, slots=True)
class Standing:
    """`asked`: whether this is somebody whom we check in with at all."""

    asked: bool
    tier: str
    plan: Plan | None
    following: str
    streak: int
    open_one: bool
    returns: Sequence[Returns]
    evenings: Sequence[Evening]


async def standing(hub: Hub, session: AsyncSession, person: Person) -> Standing:
    plan, zone = await plan_of(session, person), person.agency.time_zone
    following = await session.scalar(_coming(person).order_by(CheckIn.due_at).limit(1))
    open_one = select(CheckIn.id).where(CheckIn.person_id == person.id, CheckIn.state == CheckInState.ASKED)
    return Standing(
        asked=person.role is Role.SUPERVISED,
        tier=tiers.name_of(person),
        plan=await _plan(hub, session, plan) if plan else None,
        following=say_when(following.due_at, zone) if following else "",
        streak=await streak(session, person.id),
        open_one=await session.scalar(open_one) is not None,
        returns=[await _returns(session, each) for each in await plans_of(session, person)],
        evenings=await _evenings(session, person),
    )


def rhythm_in_words(weeks: int, first_on: date) -> str:
    every = "Every week" if weeks == 1 else f"Every {weeks} weeks"
    return f"{every} on {DAYS[first_on.weekday()]}"


def days_in_words(weekdays: Sequence[str]) -> str:
    """ "Every day", "Monday, Tuesday and Friday"."""
    if len(weekdays) == len(DAYS):
        return "Every day"
    names = [DAYS[WEEKDAYS.index(day)] for day in weekdays]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _coming(person: Person) -> Select[CheckIn]:
    return select(CheckIn).where(CheckIn.person_id == person.id, CheckIn.state == CheckInState.PLANNED)


async def _plan(hub: Hub, session: AsyncSession, plan: CheckInPlan) -> Plan:
    zone = plan.person.agency.time_zone
    words = (
        f"{rhythm_in_words(plan.weeks, plan.first_on)} at {say_time(at_local(plan.first_on, plan.clock, zone), zone)}"
    )
    words += f", until {plan.last_on:%-d %B %Y}" if plan.last_on else ""
    paused = plan.paused_until and plan.paused_until > local(hub.clock.now(), zone).date()
    return Plan(
        words=words,
        paused=f"Paused until {plan.paused_until:%-d %B %Y}" if paused else "",
        questions=questions_of(hub, plan),
        set_by=await _set_by(session, plan, zone),
    )


async def _returns(session: AsyncSession, plan: ReturnPlan) -> Returns:
    zone = plan.person.agency.time_zone
    words = f"{days_in_words(plan.weekdays)} at {say_time(at_local(plan.first_on, plan.clock, zone), zone)}"
    words += f", until {plan.last_on:%-d %B %Y}" if plan.last_on else ""
    agreed = f"They agreed to this hour ({say_day(plan.agreed_at, zone)})" if plan.agreed_at else ""
    return Returns(plan.id, words, agreed, await _set_by(session, plan, zone))


async def _evenings(session: AsyncSession, person: Person) -> Sequence[Evening]:
    """The newest of those that have come."""
    zone = person.agency.time_zone
    newest = select(ReturnCheck).where(ReturnCheck.person_id == person.id, ReturnCheck.state != ReturnState.PLANNED)
    found = (await session.scalars(newest.order_by(ReturnCheck.due_at.desc()).limit(SHOWN))).all()
    return [
        Evening(say_when(each.due_at, zone), _RETURNS[each.state], await facts_of(session, each, zone))
        for each in found
    ]


async def _set_by(session: AsyncSession, plan: CheckInPlan | ReturnPlan, zone: str) -> str:
    kind, _, number = plan.set_by.partition(":")
    worker = await session.get(Worker, int(number)) if kind == "worker" else None
    return f"{worker.name if worker else 'Case system'}, {say_day(plan.set_at, zone)}"
