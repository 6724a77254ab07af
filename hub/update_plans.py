"""How a victim is kept informed about a case: enhanced rights, how often, not at all. Set by people, never computed.

    plan_of()        the case's plan, made with our own rule when there is none yet
    set_enhanced()   one working day instead of five, with why
    set_rhythm()     a word at least so often, even when nothing has happened
    set_wanted()     no updates about this, or updates again

Victims' Code, Right 6: within five working days, one under enhanced rights. Knows no screen.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import updates_owed
from hub.core import Hub
from hub.errors import NotAllowed
from hub.nudges.planner import replan
from hub.store import audit
from hub.store.tables import Case, Person, UpdatePlan
from hub.updates_owed import USUAL_RHYTHM
from hub.words import Side

ENHANCED = {
    "vulnerable": "Vulnerable or intimidated",
    "targeted": "Persistently targeted",
    "serious": "Victim of one of the most serious crimes",
}
RHYTHMS = {
    7: "Every week",
    14: "Every 2 weeks",
    USUAL_RHYTHM: "Every month",
    0: "Only when something happens",
}
AT_ONCE = 100  # cases


async def plan_of(hub: Hub, session: AsyncSession, case: Case) -> UpdatePlan:
    found = await session.get(UpdatePlan, case.id)
    return found or await _make(hub, session, case)


async def set_enhanced(hub: Hub, session: AsyncSession, actor: str, plan: UpdatePlan, reasons: Collection[str]) -> None:
    """For reasons of `ENHANCED`; none takes it away. What is owed from now on is due so much sooner, and what is owed
    already is due by the new promise too.
    """
    if not set(reasons) <= ENHANCED.keys():
        raise NotAllowed("Select why they have enhanced rights.")
    plan.enhanced_for = [reason for reason in ENHANCED if reason in reasons]
    _record(hub, session, actor, plan, "enhanced_rights_set", reasons=plan.enhanced_for)
    await updates_owed.retime(session, plan)


async def set_rhythm(hub: Hub, session: AsyncSession, actor: str, plan: UpdatePlan, days: int) -> None:
    """A key of `RHYTHMS`. Whoever asks for it wants updates."""
    if days not in RHYTHMS:
        raise NotAllowed("Select how often.")
    now = hub.clock.now()
    plan.every_days, plan.agreed_at, plan.asked_at = days, now, plan.asked_at or now
    _record(hub, session, actor, plan, "update_rhythm_set", days=days)
    await set_wanted(hub, session, actor, plan, wanted=True)


async def say_rhythm(hub: Hub, session: AsyncSession, person: Person, days: int | None) -> None:
    """Their own answer, for all of their open cases: nobody thinks of themselves by case. None: no updates."""
    actor = f"person:{person.id}"
    for plan in await open_plans(hub, session, person):
        if days is None:
            await set_wanted(hub, session, actor, plan, wanted=False)
        else:
            await set_rhythm(hub, session, actor, plan, days)


async def set_wanted(hub: Hub, session: AsyncSession, actor: str, plan: UpdatePlan, *, wanted: bool) -> None:
    """Their own choice: nothing about this any more, or again. What others were named for stays as it is."""
    if wanted != (plan.unwanted_at is None):
        plan.unwanted_at = None if wanted else hub.clock.now()
        _record(hub, session, actor, plan, "updates_wanted" if wanted else "updates_unwanted")
        if not wanted:
            await updates_owed.waive(hub, session, plan.case)
    await updates_owed.keep_word(hub, session, plan)
    await replan(hub, session, "update_plan", plan.case_id)


async def open_plans(hub: Hub, session: AsyncSession, person: Person) -> list[UpdatePlan]:
    """Of their cases that are open."""
    cases = select(Case).where(Case.person_id == person.id, Case.side == Side.VICTIMS, Case.closed_at.is_(None))
    return [await plan_of(hub, session, case) for case in (await session.scalars(cases.order_by(Case.id))).all()]


def unplanned() -> Any:
    """Which open cases of victims have no plan yet: a condition on `Case`."""
    planned = select(UpdatePlan.case_id).where(UpdatePlan.case_id == Case.id)
    return (Case.side == Side.VICTIMS) & Case.closed_at.is_(None) & ~planned.exists()


async def make_missing(hub: Hub, session: AsyncSession) -> int:
    """Cases come from imports and other systems: each gets its plan here. Returns how many."""
    wanted = select(Case).where(unplanned()).order_by(Case.id).limit(AT_ONCE).with_for_update(skip_locked=True, of=Case)
    cases = (await session.scalars(wanted)).all()
    for case in cases:
        await _make(hub, session, case)
    return len(cases)


async def _make(hub: Hub, session: AsyncSession, case: Case) -> UpdatePlan:
    plan = UpdatePlan(case_id=case.id, made_at=hub.clock.now(), every_days=USUAL_RHYTHM, enhanced_for=[], case=case)
    session.add(plan)
    await session.flush()
    await updates_owed.keep_word(hub, session, plan)
    await replan(hub, session, "update_plan", case.id)
    return plan


def _record(hub: Hub, session: AsyncSession, actor: str, plan: UpdatePlan, what: str, **details: Any) -> None:
    case = plan.case
    audit.record(session, hub.clock.now(), actor, what, f"case:{case.id}", person_id=case.person_id, **details)
