"""Who is on duty: the team's rota for emergencies. Everybody of the team reads it, a supervisor fills it in."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from hub import duties
from hub.reading.wording import until_words
from hub.times import at_local, say_when
from hub.words import WorkerRole
from inbox.login import CaseWorker, Supervisor
from inbox.web import Web, WebDep
from inbox.when import NotADay, read_day, read_time

router = APIRouter(include_in_schema=False, prefix="/duty")

DAYS = {"from": "First day", "until": "Last day"}


@router.get("")
async def show(request: Request, web: WebDep, me: CaseWorker) -> HTMLResponse:
    return await _page(request, web, me)


@router.post("")
async def add(request: Request, web: WebDep, me: Supervisor) -> Response:
    form = await request.form()
    zone = me.worker.team.agency.time_zone
    errors: dict[str, str] = {}
    worker, starts = str(form.get("worker", "")), _moment(form, "from", zone, errors)
    ends = _moment(form, "until", zone, errors)
    if not worker.isdigit():
        errors = {"worker": "Select who is on duty."} | errors
    if starts and ends and not starts < ends <= starts + duties.LONGEST:
        errors["until-day"] = "The duty must end after it begins, and within 14 days."
    if errors or not (starts and ends):
        return await _page(request, web, me, errors, form)
    async with web.hub.store.transaction() as session:
        await duties.add(web.hub, session, me.worker, int(worker), starts, ends)
    return RedirectResponse("/duty", 303)


@router.post("/{number}/remove")
async def remove(web: WebDep, me: Supervisor, number: int) -> RedirectResponse:
    async with web.hub.store.transaction() as session:
        await duties.remove(web.hub, session, me.worker, number)
    return RedirectResponse("/duty", 303)


def _moment(form: FormData, name: str, zone: str, errors: dict[str, str]) -> datetime | None:
    """A day and a time of day; what is wrong with them goes into `errors`."""
    try:
        day = read_day(form, name)
    except NotADay as wrong:
        errors[f"{name}-day"] = f"{DAYS[name]}: {str(wrong)[0].lower()}{str(wrong)[1:]}"
        return None
    try:
        return at_local(day, read_time(str(form.get(f"{name}-time", ""))), zone)
    except NotADay as wrong:
        errors[f"{name}-time"] = str(wrong)
        return None


async def _page(
    request: Request, web: Web, me: CaseWorker, errors: dict[str, str] | None = None, typed: FormData | None = None
) -> HTMLResponse:
    now, zone = web.hub.clock.now(), me.worker.team.agency.time_zone
    async with web.hub.store.transaction() as session:
        current = await duties.on_duty(session, me.worker.team_id, now)
        ahead = await duties.coming(session, me.worker.team_id, now)
        people = await duties.candidates(session, me.worker.team)
    facts: dict[str, Any] = {
        "now_on_duty": [(duty.worker.name, until_words(duty.ends_at, now, zone)) for duty in current],
        "rows": [
            (duty.id, duty.worker.name, say_when(duty.starts_at, zone), say_when(duty.ends_at, zone)) for duty in ahead
        ],
        "candidates": [
            (str(each.id), each.name if each.team_id == me.worker.team_id else f"{each.name}, {each.team.name}")
            for each in people
        ],
        "may_change": me.worker.role is WorkerRole.SUPERVISOR,
        "errors": errors or {},
        "typed": typed or {},
    }
    return web.page(request, "duty.html", signed_in=me, status=422 if errors else 200, **facts)
