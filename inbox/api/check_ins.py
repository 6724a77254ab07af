"""How often somebody is asked how they are, and their tier, through the API. Answers are read by workers, not here."""

from datetime import time

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncSession

from hub import check_in_plans, tiers
from hub.check_in_plans import Rhythm
from hub.errors import NotAllowed, NotFound
from hub.store.tables import CheckInPlan, Person
from inbox.api.asked import Asked
from inbox.api.people import find_person
from inbox.api.problems import Problem, ProblemRoute
from inbox.api.shapes import CheckInRhythm, CheckInRhythmShown

routes = APIRouter(route_class=ProblemRoute, tags=["Check-ins"])


@routes.get("/people/{ref}/check-in-plan", response_model=CheckInRhythmShown)
async def show_a_rhythm(ref: str, asked: Asked) -> CheckInRhythmShown:
    """How often a person is asked how they are."""
    async with asked.reading() as session:
        person = await find_person(session, asked, ref)
        asked.audit(session, "person_viewed", f"person:{person.id}", person.id)
        return _shown(person, await _plan(session, person))


@routes.put("/people/{ref}/check-in-plan", response_model=CheckInRhythmShown)
async def set_a_rhythm(ref: str, wish: CheckInRhythm, asked: Asked) -> JSONResponse:
    """Begin, or do it otherwise from now on. A worker's own questions stay as they are."""

    async def make(session: AsyncSession) -> CheckInRhythmShown:
        person = await find_person(session, asked, ref)
        before = await check_in_plans.plan_of(session, person)
        questions = check_in_plans.questions_of(asked.hub, before) if before else ()
        rhythm = Rhythm(wish.weeks, wish.first_on, time.fromisoformat(wish.time), wish.last_on)
        try:
            plan = await check_in_plans.set_plan(asked.hub, session, asked.actor, person, rhythm, questions)
            if wish.tier is not None:
                await tiers.set_tier(asked.hub, session, asked.actor, person, wish.tier)
        except NotAllowed as wrong:
            raise Problem(422, "bad_rhythm", wrong.detail) from wrong
        return _shown(person, plan)

    return await asked.once(200, make)


@routes.delete("/people/{ref}/check-in-plan", response_model=CheckInRhythmShown)
async def end_a_rhythm(ref: str, asked: Asked) -> JSONResponse:
    """They are not asked any more. Answers with what has ended."""

    async def make(session: AsyncSession) -> CheckInRhythmShown:
        person = await find_person(session, asked, ref)
        plan = await _plan(session, person)
        await check_in_plans.end(asked.hub, session, asked.actor, plan)
        return _shown(person, plan)

    return await asked.once(200, make)


async def _plan(session: AsyncSession, person: Person) -> CheckInPlan:
    plan = await check_in_plans.plan_of(session, person)
    if plan is None:
        raise NotFound("(check-in plan)")
    return plan


def _shown(person: Person, plan: CheckInPlan) -> CheckInRhythmShown:
    return CheckInRhythmShown(
        weeks=plan.weeks,
        first_on=plan.first_on,
        time=f"{plan.clock:%H:%M}",
        last_on=plan.last_on,
        paused_until=plan.paused_until,
        tier=person.tier,
    )
