"""How often somebody is asked how they are: set, paused, ended, asked now; and the tier that a human has given."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import check_in_plans, tiers
from hub.access import access_person
from hub.check_in_plans import MOST_QUESTIONS, Rhythm
from hub.errors import NotAllowed, NotFound
from hub.reading import check_in_plans as reading
from hub.reading.preview import preview
from hub.rhythm import first_of
from hub.store.tables import CheckInPlan, Person
from hub.times import local
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.pages.person_edit import actor, back, task_page
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}")

TAB = "/check-ins"
LONGEST_PAUSE = timedelta(days=366)
EVERY = {1: "Every week", 2: "Every 2 weeks", 4: "Every 4 weeks", 8: "Every 8 weeks"}
WORKING_DAYS = reading.DAYS[:5]
USUAL_CLOCK = "11:00"  # people are up, and somebody reads a low answer on the same day


@router.get("/check-in-plan")
async def ask_plan(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        plan = await check_in_plans.plan_of(session, person)
        typed = _as_it_is(web, plan) if plan else _proposed(web, person)
        return await _plan_page(request, web, me, session, person, typed)


@router.post("/check-in-plan")
async def take_plan(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        rhythm, errors = _read(web, person, typed)
        questions = [typed.get(f"question_{number}", "") for number in range(1, MOST_QUESTIONS + 1)]
        errors |= _too_long(questions)
        if rhythm is None or errors:
            return await _plan_page(request, web, me, session, person, typed, errors)
        asked = [words for words in questions if words]
        try:
            await check_in_plans.set_plan(web.hub, session, actor(me), person, rhythm, asked)
        except NotAllowed as wrong:
            return await _plan_page(request, web, me, session, person, typed, {"clock": wrong.detail})
    return back(ref, TAB)


@router.get("/check-in-plan/pause")
async def ask_pause(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person, _ = await _with_plan(web, session, me, ref)
        return await task_page(request, web, me, session, person, "person_check_in_pause.html")


@router.post("/check-in-plan/pause")
async def pause(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person, plan = await _with_plan(web, session, me, ref)
        until, today = read.day(typed.get("until", "")), _today(web, person)
        if until is None or not today < until <= today + LONGEST_PAUSE:
            errors = {"until": "Enter a day to come, within a year, such as 24/03/2027."}
            beside: dict[str, Any] = {"errors": errors, "typed": typed}
            return await task_page(request, web, me, session, person, "person_check_in_pause.html", **beside)
        await check_in_plans.pause(web.hub, session, actor(me), plan, until)
    return back(ref, TAB)


@router.post("/check-in-plan/resume")
async def resume(web: WebDep, me: CaseWorker, ref: str) -> Response:
    async with web.hub.store.transaction() as session:
        _, plan = await _with_plan(web, session, me, ref)
        await check_in_plans.pause(web.hub, session, actor(me), plan, None)
    return back(ref, TAB)


@router.get("/check-in-plan/end")
async def ask_end(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person, _ = await _with_plan(web, session, me, ref)
        return await task_page(request, web, me, session, person, "person_check_in_end.html")


@router.post("/check-in-plan/end")
async def end(web: WebDep, me: CaseWorker, ref: str) -> Response:
    async with web.hub.store.transaction() as session:
        _, plan = await _with_plan(web, session, me, ref)
        await check_in_plans.end(web.hub, session, actor(me), plan)
    return back(ref, TAB)


@router.get("/check-ins/now")
async def ask_now(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    """What would be sent."""
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        facts: dict[str, Any] = {"text": await preview(web.hub, session, person, "check_ins.feeling")}
        return await task_page(request, web, me, session, person, "person_check_in_now.html", **facts)


@router.post("/check-ins/now")
async def now(web: WebDep, me: CaseWorker, ref: str) -> Response:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        await check_in_plans.ask_now(web.hub, session, actor(me), person)
    return back(ref, TAB)


@router.get("/tier")
async def ask_tier(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        typed = {"tier": str(person.tier or "")}
        return await task_page(request, web, me, session, person, "person_tier.html", typed=typed, tiers=_tiers(person))


@router.post("/tier")
async def take_tier(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        chosen, known = typed.get("tier", ""), _tiers(person)
        if chosen not in known:
            beside: dict[str, Any] = {"errors": {"tier": "Select a tier, or none."}, "tiers": known}
            return await task_page(request, web, me, session, person, "person_tier.html", **beside)
        await tiers.set_tier(web.hub, session, actor(me), person, int(chosen) if chosen else None)
    return back(ref, TAB)


def _tiers(person: Person) -> Mapping[str, str]:
    found = tiers.of_agency(person.agency)
    return {str(tier.number): f"{tier.name} ({EVERY[tier.weeks].lower()})" for tier in found} | {"": "No tier"}


async def _with_plan(web: Web, session: AsyncSession, me: CaseWorker, ref: str) -> tuple[Person, CheckInPlan]:
    person = await access_person(web.hub, session, me.worker, ref)
    plan = await check_in_plans.plan_of(session, person)
    if plan is None:
        raise NotFound
    return person, plan


def _today(web: Web, person: Person) -> date:
    return local(web.hub.clock.now(), person.agency.time_zone).date()


def _proposed(web: Web, person: Person) -> Mapping[str, str]:
    """What is usual for this tier, from tomorrow on."""
    tomorrow = _today(web, person) + timedelta(days=1)
    weekday = tomorrow.weekday() if tomorrow.weekday() < len(WORKING_DAYS) else 0
    return {"weeks": str(tiers.usual_weeks(person)), "weekday": str(weekday), "clock": USUAL_CLOCK}


def _as_it_is(web: Web, plan: CheckInPlan) -> Mapping[str, str]:
    questions = check_in_plans.questions_of(web.hub, plan)
    return {
        "weeks": str(plan.weeks),
        "weekday": str(plan.first_on.weekday()),
        "clock": f"{plan.clock:%H:%M}",
        "until": f"{plan.last_on:%Y-%m-%d}" if plan.last_on else "",
        **{f"question_{number}": words for number, words in enumerate(questions, 1)},
    }


def _read(web: Web, person: Person, typed: Mapping[str, str]) -> tuple[Rhythm | None, dict[str, str]]:
    weeks, weekday = read.number(typed.get("weeks", ""), 1, 8), read.number(typed.get("weekday", ""), 0, 4)
    clock, until = read.clock(typed.get("clock", "")), read.day(typed.get("until", ""))
    starting = read.day(typed.get("starting", "")) or _today(web, person)
    wrong = {
        "weeks": weeks not in EVERY and "Select how often.",
        "weekday": weekday is None and "Select a day from Monday to Friday.",
        "clock": clock is None and "Enter a time, such as 11:00 or 2pm.",
        "until": bool(typed.get("until")) and until is None and "Enter a day, such as 24/03/2027, or leave it empty.",
    }
    errors = {name: words for name, words in wrong.items() if isinstance(words, str)}
    if errors or weeks is None or weekday is None or clock is None:
        return None, errors
    return _rhythm(web, person, weeks, first_of(weekday, max(starting, _today(web, person))), clock, until), {}


def _rhythm(web: Web, person: Person, weeks: int, first_on: date, clock: time, until: date | None) -> Rhythm:
    """A time that has passed today begins a week later."""
    there = local(web.hub.clock.now(), person.agency.time_zone)
    if first_on == there.date() and clock <= there.time():
        first_on += timedelta(weeks=1)
    return Rhythm(weeks, first_on, clock, until)


def _too_long(questions: list[str]) -> dict[str, str]:
    most = check_in_plans.LONGEST_QUESTION
    return {
        f"question_{number}": f"Use at most {most} characters: it must fit into one text."
        for number, words in enumerate(questions, 1)
        if len(words) > most
    }


async def _plan_page(
    request: Request,
    web: Web,
    me: CaseWorker,
    session: AsyncSession,
    person: Person,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> HTMLResponse:
    beside: dict[str, Any] = {
        "typed": typed,
        "errors": errors,
        "every": EVERY,
        "days": dict(enumerate(WORKING_DAYS)),
        "tier": tiers.name_of(person),
        "runs": await check_in_plans.plan_of(session, person) is not None,
        "most": check_in_plans.LONGEST_QUESTION,
    }
    return await task_page(request, web, me, session, person, "person_check_in_plan.html", **beside)
