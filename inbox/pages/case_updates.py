"""How somebody is kept informed about one case: what was owed and told, news, how often, enhanced rights."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import case_events, update_plans, updates_told
from hub.access import access_case, access_person, access_update
from hub.errors import NotAllowed, ReasonMissing
from hub.reading import named, news, updates
from hub.reading.cases import row as case_row
from hub.store.tables import Case, Person, Update
from hub.times import at_local, local
from hub.update_plans import ENHANCED, RHYTHMS
from hub.updates_told import BY_WORKER
from inbox import typed as read
from inbox.login import VictimsWorker
from inbox.pages.person_edit import actor, task_page
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/cases/{number}")

HERE = "/people/{ref}/cases/{number}/updates?done={done}"
LIST = "/updates?done={done}"
DONE = {
    "news": "Recorded. They are told at the next hour in which we may text them.",
    "kept": "Saved.",
    "told": "Noted that you told them.",
}


@router.get("/updates")
async def show(request: Request, web: WebDep, me: VictimsWorker, ref: str, number: int, done: str = "") -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person, case = await _case(web, session, me, ref, number, viewing="case_viewed")
        plan = await update_plans.plan_of(web.hub, session, case)
        facts: dict[str, Any] = {
            "rows": await updates.of_case(web.hub, session, case),
            "plan": plan,
            "rhythms": RHYTHMS,
            "why": ", ".join(ENHANCED[each] for each in plan.enhanced_for),
            "named": [row.name for row in await named.rows(web.hub, session, person) if row.hears],
            "done": DONE.get(done, ""),
        }
        return await _page(request, web, me, session, person, case, "case_updates.html", **facts)


@router.get("/news")
async def ask_news(request: Request, web: WebDep, me: VictimsWorker, ref: str, number: int) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person, case = await _case(web, session, me, ref, number, viewing="person_viewed")
        today = local(web.hub.clock.now(), person.agency.time_zone)
        typed = {"day": f"{today:%Y-%m-%d}", "clock": f"{today:%H:%M}"}
        return await _news_page(request, web, me, session, person, case, typed=typed)


@router.post("/news")
async def take_news(request: Request, web: WebDep, me: VictimsWorker, ref: str, number: int) -> Response:
    """First shows what they will read, also where others may read it; records it when that was seen."""
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person, case = await _case(web, session, me, ref, number)
        happened, errors = _when(typed, person, web.hub.clock.now())
        known = _known(typed, person, happened, web.hub.clock.now(), errors)
        milestone, reason = typed.get("milestone", ""), typed.get("reason", "")
        kind = web.hub.flows.milestones.get(milestone)
        if kind is None or not kind.by_hand:
            errors["milestone"] = "Select what has happened."
        elif kind.needs_reason and not reason:
            errors["reason"] = str(ReasonMissing())
        if errors or happened is None or not typed.get("sure"):
            seen = not errors and happened and not typed.get("change")
            shown = await news.preview(web.hub, session, case, milestone, reason) if seen else None
            return await _news_page(request, web, me, session, person, case, errors=errors, typed=typed, shown=shown)
        await case_events.record_event(web.hub, session, actor(me), case, milestone, reason, happened, known)
    return RedirectResponse(HERE.format(ref=ref, number=number, done="news"), 303)


@router.get("/updates/{update}/told")
async def ask_told(
    request: Request, web: WebDep, me: VictimsWorker, ref: str, number: int, update: int
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person, case = await _case(web, session, me, ref, number, viewing="person_viewed")
        there = local(web.hub.clock.now(), person.agency.time_zone)
        typed = {"day": f"{there:%Y-%m-%d}", "clock": f"{there:%H:%M}"}
        return await _told_page(request, web, me, session, person, case, update, typed=typed)


@router.post("/updates/{update}/told")
async def take_told(request: Request, web: WebDep, me: VictimsWorker, ref: str, number: int, update: int) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person, case = await _case(web, session, me, ref, number)
        found = await access_update(session, case, update, lock=True)
        at, errors = _when(typed, person, web.hub.clock.now())
        if typed.get("how") not in BY_WORKER:
            errors["how"] = "Select how you told them."
        if errors or at is None:
            return await _told_page(request, web, me, session, person, case, update, errors=errors, typed=typed)
        await updates_told.by_worker(web.hub, session, me.worker, found, typed["how"], at)
    return RedirectResponse(LIST.format(done="told"), 303)


@router.post("/updates/{update}/again")
async def send_again(web: WebDep, me: VictimsWorker, ref: str, number: int, update: int) -> Response:
    async with web.hub.store.transaction() as session:
        found = await _update(web, session, me, ref, number, update)
        await case_events.send_again(web.hub, session, actor(me), found)
    return RedirectResponse(LIST.format(done="again"), 303)


@router.post("/updates/{update}/nothing-new")
async def say_nothing_new(web: WebDep, me: VictimsWorker, ref: str, number: int, update: int) -> Response:
    async with web.hub.store.transaction() as session:
        found = await _update(web, session, me, ref, number, update)
        await case_events.say_no_news(web.hub, session, actor(me), found)
    return RedirectResponse(LIST.format(done="word"), 303)


@router.get("/informed")
async def ask_informed(request: Request, web: WebDep, me: VictimsWorker, ref: str, number: int) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person, case = await _case(web, session, me, ref, number, viewing="person_viewed")
        plan = await update_plans.plan_of(web.hub, session, case)
        chosen = "none" if plan.unwanted_at else str(plan.every_days)
        return await _informed_page(request, web, me, session, person, case, chosen, plan.enhanced_for)


@router.post("/informed")
async def take_informed(request: Request, web: WebDep, me: VictimsWorker, ref: str, number: int) -> Response:
    form = await request.form()
    often, why = str(form.get("often") or ""), [str(each) for each in form.getlist("enhanced")]
    async with web.hub.store.transaction() as session:
        person, case = await _case(web, session, me, ref, number)
        if often not in {"none", *map(str, RHYTHMS)} or not set(why) <= ENHANCED.keys():
            errors = {"often": "Select how often they wish to hear."}
            return await _informed_page(request, web, me, session, person, case, often, why, errors=errors)
        await _keep(web, session, me, case, often, why)
    return RedirectResponse(HERE.format(ref=ref, number=number, done="kept"), 303)


async def _keep(web: Web, session: AsyncSession, me: VictimsWorker, case: Case, often: str, why: list[str]) -> None:
    """Only what has changed."""
    plan = await update_plans.plan_of(web.hub, session, case)
    if set(why) != set(plan.enhanced_for):
        await update_plans.set_enhanced(web.hub, session, actor(me), plan, why)
    if often == "none":
        await update_plans.set_wanted(web.hub, session, actor(me), plan, wanted=False)
    elif plan.unwanted_at or int(often) != plan.every_days:
        await update_plans.set_rhythm(web.hub, session, actor(me), plan, int(often))


def _when(typed: Mapping[str, str], person: Person, now: datetime) -> tuple[datetime | None, dict[str, str]]:
    day, clock = read.day(typed.get("day", "")), read.clock(typed.get("clock", ""))
    if day is None:
        return None, {"day": "Enter a day, such as 24/03/2027."}
    if clock is None:
        return None, {"clock": "Enter a time, such as 14:30 or 2pm."}
    moment = at_local(day, time(clock.hour, clock.minute), person.agency.time_zone)
    return (None, {"day": "This lies ahead. Enter when it was."}) if moment > now else (moment, {})


def _known(
    typed: Mapping[str, str], person: Person, happened: datetime | None, now: datetime, errors: dict[str, str]
) -> datetime | None:
    """When the agency knew: a day is enough, as working days are counted from it. None: now."""
    if not typed.get("known") or happened is None:
        return None
    day, zone = read.day(typed["known"]), person.agency.time_zone
    if day is None or not local(happened, zone).date() <= day <= local(now, zone).date():
        errors["known"] = "Enter a day from the event until today, or leave it empty."
        return None
    return min(now, max(happened, at_local(day, time(12), zone)))


async def _update(web: Web, session: AsyncSession, me: VictimsWorker, ref: str, number: int, update: int) -> Update:
    """Locked: of two workers at once the second sees what the first has done."""
    _, case = await _case(web, session, me, ref, number)
    return await access_update(session, case, update, lock=True)


async def _case(
    web: Web, session: AsyncSession, me: VictimsWorker, ref: str, number: int, viewing: str | None = None
) -> tuple[Person, Case]:
    person = await access_person(web.hub, session, me.worker, ref, viewing=viewing)
    return person, await access_case(session, person, number, lock=viewing is None)


async def _page(
    request: Request,
    web: Web,
    me: VictimsWorker,
    session: AsyncSession,
    person: Person,
    case: Case,
    template: str,
    **facts: Any,
) -> HTMLResponse:
    return await task_page(request, web, me, session, person, template, case=case_row(case), number=case.id, **facts)


async def _news_page(
    request: Request,
    web: Web,
    me: VictimsWorker,
    session: AsyncSession,
    person: Person,
    case: Case,
    **facts: Any,
) -> HTMLResponse:
    offered = news.offered(web.hub)
    beside: dict[str, Any] = {"shown": None, **facts, "offered": offered}
    return await _page(request, web, me, session, person, case, "case_news.html", **beside)


async def _told_page(
    request: Request,
    web: Web,
    me: VictimsWorker,
    session: AsyncSession,
    person: Person,
    case: Case,
    update: int,
    **facts: Any,
) -> HTMLResponse:
    found = await access_update(session, case, update)
    if found.state != "owed":
        raise NotAllowed("This has been told, or is not owed any more.")
    beside: dict[str, Any] = {**facts, "row": await updates.one(web.hub, session, found), "ways": BY_WORKER}
    return await _page(request, web, me, session, person, case, "update_told.html", **beside)


async def _informed_page(
    request: Request,
    web: Web,
    me: VictimsWorker,
    session: AsyncSession,
    person: Person,
    case: Case,
    often: str,
    why: list[str],
    **facts: Any,
) -> HTMLResponse:
    beside: dict[str, Any] = {**facts, "often": often, "why": why, "rhythms": RHYTHMS, "enhanced": ENHANCED}
    return await _page(request, web, me, session, person, case, "case_informed.html", **beside)
