"""Pausing a person's messages, ending our contact, taking either back, giving a person to another worker.

What will happen is shown before it does.
"""

from datetime import datetime, time, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import pausing, transfers
from hub.access import access_person
from hub.pausing import ENDED_FOR, PAUSED_FOR
from hub.store.tables import Person
from hub.times import at_local, local
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.pages.person_edit import actor, back, task_page
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}")

LONGEST_PAUSE = timedelta(days=366)


@router.get("/pause")
async def ask_pause(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        typed = {"why": person.paused_for}
        return await task_page(request, web, me, session, person, "person_pause.html", typed=typed, reasons=PAUSED_FOR)


@router.post("/pause")
async def pause(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        until = _until(web, person, typed.get("until", ""))
        errors = {} if until else {"until": "Enter a day to come, within a year, such as 24/03/2027."}
        if typed.get("why") not in PAUSED_FOR:
            errors["why"] = "Select why messages are paused."
        if errors or until is None:
            beside: dict[str, Any] = {"errors": errors, "typed": typed, "reasons": PAUSED_FOR}
            return await task_page(request, web, me, session, person, "person_pause.html", **beside)
        await pausing.pause(web.hub, session, actor(me), person, until, typed["why"])
    return back(ref)


def _until(web: Web, person: Person, text: str) -> datetime | None:
    """The start of that day, where the person's agency is."""
    day, zone, now = read.day(text), person.agency.time_zone, web.hub.clock.now()
    if day is None or not local(now, zone).date() < day <= (now + LONGEST_PAUSE).date():
        return None
    return at_local(day, time(), zone)


@router.get("/resume")
async def ask_resume(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    return await _sure(request, web, me, ref, "person_resume.html")


@router.post("/resume")
async def resume(web: WebDep, me: CaseWorker, ref: str) -> Response:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        await pausing.resume(web.hub, session, actor(me), person)
    return back(ref)


@router.get("/end")
async def ask_end(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    return await _sure(request, web, me, ref, "person_end.html")


@router.post("/end")
async def end(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    why = read.fields(await request.form()).get("why", "")
    if why not in ENDED_FOR:
        return await _sure(request, web, me, ref, "person_end.html", {"why": "Select why our contact ends."})
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        await pausing.end(web.hub, session, actor(me), person, why)
    return back(ref)


@router.get("/restore")
async def ask_restore(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    return await _sure(request, web, me, ref, "person_restore.html")


@router.post("/restore")
async def restore(web: WebDep, me: CaseWorker, ref: str) -> Response:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        await pausing.restore(web.hub, session, actor(me), person)
    return back(ref)


async def _sure(
    request: Request, web: Web, me: CaseWorker, ref: str, template: str, errors: dict[str, str] | None = None
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        facts: dict[str, Any] = {"reasons": ENDED_FOR, **(await _at_stake(web, session, person))}
        return await task_page(request, web, me, session, person, template, errors=errors, **facts)


async def _at_stake(web: Web, session: AsyncSession, person: Person) -> dict[str, Any]:
    open_items = await transfers.unfinished(session, person, web.hub.clock.now())
    return {"planned": await pausing.planned(session, person), "open_items": open_items}


@router.get("/transfer")
async def ask_transfer(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    return await _transfer_page(request, web, me, ref)


@router.post("/transfer")
async def transfer(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    chosen = read.number(read.fields(await request.form()).get("worker", ""), 1, 2**62)
    if chosen is None:
        return await _transfer_page(request, web, me, ref, {"worker": "Select who looks after them from now on."})
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        to = await transfers.transfer(web.hub, session, actor(me), person, chosen)
        still_mine = to.team_id == me.worker.team_id and me.worker.role == "supervisor"
    return back(ref) if still_mine or to.id == me.worker.id else RedirectResponse("/people", 303)


async def _transfer_page(
    request: Request, web: Web, me: CaseWorker, ref: str, errors: dict[str, str] | None = None
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        workers = [worker for worker in await transfers.candidates(session, person) if worker.id != person.worker_id]
        facts = {"workers": workers, **(await _at_stake(web, session, person))}
        return await task_page(request, web, me, session, person, "person_transfer.html", errors=errors, **facts)
