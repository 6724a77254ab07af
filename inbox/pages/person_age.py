"""When somebody who is under 18 turns 18: by the month alone, so that no date of birth is kept."""

from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from hub import person_details
from hub.access import access_person
from hub.store.tables import Person
from hub.times import local
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.pages.person_edit import actor, back, task_page
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/age")

YEARS = 18
WRONG = "Enter the month and the year in which they turn 18, for example 4 and 2027. Leave both empty if they are 18."


@router.get("")
async def ask(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        month = turns_18(person)
        typed = {"month": str(month.month), "year": str(month.year)} if month else {}
        return await task_page(request, web, me, session, person, "person_age.html", typed=typed)


@router.post("")
async def take(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        month = _read(web, person, typed)
        if month is None and (typed.get("month") or typed.get("year")):
            errors = {"month": WRONG}
            return await task_page(request, web, me, session, person, "person_age.html", errors=errors, typed=typed)
        await person_details.set_adult_from(web.hub, session, actor(me), person, month)
    return back(ref)


def turns_18(person: Person) -> date | None:
    """The first of the month in which they do."""
    first = person.adult_from
    return None if first is None else date(first.year - (first.month == 1), first.month - 1 or 12, 1)


def _read(web: Web, person: Person, typed: Mapping[str, str]) -> date | None:
    """From this month on: who turned 18 before is no matter of this page."""
    today = local(web.hub.clock.now(), person.agency.time_zone).date()
    month = read.number(typed.get("month", ""), 1, 12)
    year = read.number(typed.get("year", ""), today.year, today.year + YEARS)
    if month is None or year is None:
        return None
    first = date(year, month, 1)
    return first if first >= today.replace(day=1) else None
