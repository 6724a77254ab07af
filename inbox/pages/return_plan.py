"""“Are you back?”: on which days and when. A worker sets it, with the person's agreement where it is late."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData

from hub import return_plans
from hub.access import access_person
from hub.errors import NotAllowed
from hub.reading.check_in_plans import DAYS
from hub.return_plans import Evenings
from hub.rhythm import WEEKDAYS
from hub.store.tables import Person, ReturnPlan
from hub.times import local
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.pages.person_edit import actor, back, task_page
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/back")

TAB = "/check-ins"
NAMED = dict(zip(WEEKDAYS, DAYS, strict=True))


@router.get("")
async def ask_new(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        return await _page(request, web, me, session, person, {"clock": "19:00"}, WEEKDAYS)


@router.post("")
async def take_new(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    form = await request.form()
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        return await _take(request, web, me, session, person, form, None)


@router.get("/{number}")
async def ask_change(request: Request, web: WebDep, me: CaseWorker, ref: str, number: int) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        plan = await return_plans.plan(session, person, number)
        typed = {
            "clock": f"{plan.clock:%H:%M}",
            "until": f"{plan.last_on:%Y-%m-%d}" if plan.last_on else "",
            "agreed": "yes" if plan.agreed_at else "",
        }
        return await _page(request, web, me, session, person, typed, plan.weekdays, plan=plan)


@router.post("/{number}")
async def take_change(request: Request, web: WebDep, me: CaseWorker, ref: str, number: int) -> Response:
    form = await request.form()
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        plan = await return_plans.plan(session, person, number)
        return await _take(request, web, me, session, person, form, plan)


@router.post("/{number}/end")
async def end(web: WebDep, me: CaseWorker, ref: str, number: int) -> Response:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        await return_plans.end(web.hub, session, actor(me), await return_plans.plan(session, person, number))
    return back(ref, TAB)


async def _take(
    request: Request,
    web: Web,
    me: CaseWorker,
    session: AsyncSession,
    person: Person,
    form: FormData,
    plan: ReturnPlan | None,
) -> Response:
    typed, weekdays = read.fields(form), [str(day) for day in form.getlist("weekday")]
    clock, until = read.clock(typed.get("clock", "")), read.day(typed.get("until", ""))
    errors = {} if clock else {"clock": "Enter a time, such as 19:00 or 9pm."}
    if typed.get("until") and until is None:
        errors["until"] = "Enter a day, such as 24/03/2027, or leave it empty."
    if clock and not errors:
        today = local(web.hub.clock.now(), person.agency.time_zone).date()
        wish = Evenings(weekdays, clock, today, until, agreed=typed.get("agreed") == "yes")
        try:
            await return_plans.set_plan(web.hub, session, actor(me), person, wish, plan)
            return back(person.ref, TAB)
        except NotAllowed as wrong:
            errors = {_field_of(weekdays, wrong.detail): wrong.detail}
    return await _page(request, web, me, session, person, typed, weekdays, errors=errors, plan=plan)


def _field_of(weekdays: Sequence[str], problem: str) -> str:
    if not set(weekdays) & set(WEEKDAYS):
        return "weekday"
    return "until" if "last day" in problem else "agreed" if "tick" in problem else "clock"


async def _page(
    request: Request,
    web: Web,
    me: CaseWorker,
    session: AsyncSession,
    person: Person,
    typed: Mapping[str, str],
    weekdays: Sequence[str],
    *,
    errors: Mapping[str, str] | None = None,
    plan: ReturnPlan | None = None,
) -> HTMLResponse:
    agency = person.agency
    beside: dict[str, Any] = {
        "typed": typed,
        "errors": errors,
        "days": NAMED,
        "chosen": weekdays,
        "number": plan.id if plan else None,
        "minutes": agency.back_within,
        "hours": f"{agency.contact_from:%H:%M} to {agency.contact_until:%H:%M}",
    }
    return await task_page(request, web, me, session, person, "person_back.html", **beside)
