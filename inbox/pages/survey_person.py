"""Surveys of one person: inviting them, what they said and changed, and what to mind before asking for an opinion."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import marks
from hub.access import access_person
from hub.errors import SidesMeet
from hub.marks import BEREAVED, MARKS, UNDER_18
from hub.reading import survey_person as reading
from hub.store.tables import Person
from hub.surveys import inviting
from hub.times import local
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.pages.person_edit import actor, task_page
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/surveys")

NOTHING_CHOSEN = "Select what you ask them."
BAD_DAY = "Enter a day, such as 24/03/2027, or leave it empty."


@router.get("/invite")
async def ask_invite(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        return await _invite_page(request, web, me, session, person)


@router.post("/invite")
async def invite(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    """Whoever may not be asked is not; the page says why."""
    survey = read.fields(await request.form()).get("survey", "")
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        known = web.hub.flows.surveys.get(survey)
        if known is None or known.side is not person.side:
            return await _invite_page(request, web, me, session, person, {"survey": NOTHING_CHOSEN})
        try:
            invited = await inviting.invite(web.hub, session, actor(me), person, survey)
        except SidesMeet:
            return await _invite_page(request, web, me, session, person, {"survey": NOTHING_CHOSEN})
        if invited.run is None:
            said = f"They cannot be asked now. {'. '.join(invited.why_not)}."
            return await _invite_page(request, web, me, session, person, {"survey": said}, survey)
    return _back(ref, "invited" if invited.new else "open")


@router.get("/marks")
async def ask_marks(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        held = await marks.marks_of(session, person.id)
        typed = dict.fromkeys(held, "yes") | {
            f"{name}_day": f"{row.day:%Y-%m-%d}" for name, row in held.items() if row.day
        }
        return await _marks_page(request, web, me, session, person, typed)


@router.post("/marks")
async def take_marks(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        wanted, errors = _wanted(typed, local(web.hub.clock.now(), person.agency.time_zone).date())
        if errors:
            return await _marks_page(request, web, me, session, person, typed, errors)
        await marks.set_marks(web.hub, session, actor(me), person, wanted)
    return _back(ref, "noted")


@router.get("/{number}")
async def show_answers(request: Request, web: WebDep, me: CaseWorker, ref: str, number: int) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        title, said = await reading.answers_of_run(web.hub, session, me.worker, person, number)
        beside: dict[str, Any] = {"title": title, "said": said}
        return await task_page(request, web, me, session, person, "person_survey.html", **beside)


def _wanted(typed: Mapping[str, str], today: date) -> tuple[dict[str, date | None], dict[str, str]]:
    """The marks that are ticked with their day, and what is wrong with a day."""
    wanted: dict[str, date | None] = {}
    errors: dict[str, str] = {}
    for name in (name for name in MARKS if typed.get(name) == "yes"):
        text = typed.get(f"{name}_day", "") if MARKS[name].day else ""
        wanted[name] = read.day(text)
        if text and wanted[name] is None:
            errors[f"{name}_day"] = BAD_DAY
    if (born := wanted.get(UNDER_18)) and born <= today:
        errors[f"{UNDER_18}_day"] = "That day has come: they are 18. Untick it, or enter a day to come."
    if (since := wanted.get(BEREAVED)) and since > today:
        errors[f"{BEREAVED}_day"] = "Enter a day that has passed, or leave it empty."
    return wanted, errors


async def _invite_page(
    request: Request,
    web: Web,
    me: CaseWorker,
    session: AsyncSession,
    person: Person,
    errors: Mapping[str, str] | None = None,
    chosen: str = "",
) -> HTMLResponse:
    beside: dict[str, Any] = {"offers": await reading.offers(web.hub, session, person), "chosen": chosen}
    return await task_page(request, web, me, session, person, "person_survey_invite.html", errors=errors, **beside)


async def _marks_page(
    request: Request,
    web: Web,
    me: CaseWorker,
    session: AsyncSession,
    person: Person,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> HTMLResponse:
    beside: dict[str, Any] = {"errors": errors, "typed": typed, "marks": MARKS}
    return await task_page(request, web, me, session, person, "person_marks.html", **beside)


def _back(ref: str, done: str) -> RedirectResponse:
    return RedirectResponse(f"/people/{ref}/surveys?done={done}", 303)
