"""Restorative justice: a list for coordinators, and the steps of one person. Of the other side only the own notes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import restorative
from hub.access import access_person
from hub.errors import NotAllowed, NotFound
from hub.reading import restorative as reading
from hub.restorative import Step
from hub.states_of_care import RestorativeState
from hub.store.tables import Person, Restorative, Worker
from hub.times import at_local
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.pages.person_edit import back, task_page
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False)

HERE = "/people/{ref}/restorative"
DONE = {
    "offered": "It goes out at the next good time. They choose; nothing else depends on it.",
    "step": "The step is saved.",
    "coordinator": "The coordinator is saved.",
    "other": "Your note is saved. Nobody of the other side sees it.",
}


@router.get("/restorative")
async def list_all(request: Request, web: WebDep, me: CaseWorker) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        found = reading.mine_first(await reading.rows(web.hub, session, me.worker), me.worker.name)
    return web.page(request, "restorative.html", signed_in=me, rows=found)


@router.get(HERE)
async def show(request: Request, web: WebDep, me: CaseWorker, ref: str, done: str = "") -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="restorative_viewed")
        return await _page(request, web, me, session, person, done=DONE.get(done, ""))


@router.post(HERE + "/offer")
async def offer(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        try:
            await restorative.offer(web.hub, session, me.worker, person)
        except NotAllowed as wrong:
            return await _page(request, web, me, session, person, errors={"offer": wrong.detail})
    return back(ref, "/restorative?done=offered")


@router.post(HERE + "/step")
async def take_step(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        row = await _theirs(session, person)
        if typed.get("to") not in {value for value, _ in (await reading.standing(web.hub, session, person)).steps}:
            return await _page(request, web, me, session, person, errors={"to": "Select the next step."}, typed=typed)
        step = Step(RestorativeState(typed["to"]), typed.get("note", ""), typed.get("agreed", ""), _when(person, typed))
        try:
            await restorative.take_step(web.hub, session, me.worker, row, step)
        except NotAllowed as wrong:
            field = "day" if step.to is RestorativeState.PREPARED else "agreed"
            return await _page(request, web, me, session, person, errors={field: wrong.detail}, typed=typed)
    return back(ref, "/restorative?done=step")


@router.post(HERE + "/coordinator")
async def set_coordinator(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    chosen = typed.get("coordinator", "")
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        row = await _theirs(session, person)
        to = await session.get(Worker, int(chosen)) if chosen.isdecimal() else None
        if to is None:
            raise NotFound
        await restorative.set_coordinator(web.hub, session, me.worker, row, to)
    return back(ref, "/restorative?done=coordinator")


@router.post(HERE + "/other-side")
async def note_other_side(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        row = await _theirs(session, person)
        code, words = typed.get("other_side", ""), typed.get("other_words", "")
        await restorative.note_other_side(web.hub, session, me.worker, row, code, words)
    return back(ref, "/restorative?done=other")


async def _theirs(session: AsyncSession, person: Person) -> Restorative:
    row = await restorative.of_person(session, person.id, lock=True)
    if row is None:
        raise NotFound
    return row


def _when(person: Person, typed: Mapping[str, str]) -> datetime | None:
    day, clock = read.day(typed.get("day", "")), read.clock(typed.get("clock", ""))
    return at_local(day, clock, person.agency.time_zone) if day and clock else None


async def _page(
    request: Request,
    web: Web,
    me: CaseWorker,
    session: AsyncSession,
    person: Person,
    *,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    done: str = "",
) -> HTMLResponse:
    found = await reading.standing(web.hub, session, person)
    kept = {"agreed": found.agreed, "coordinator": str(found.coordinator_id), "other_side": found.other_side}
    beside: dict[str, Any] = {
        "found": found,
        "coordinators": await reading.coordinators(session, me.worker),
        "other_sides": reading.other_sides(),
        "done": done,
        "errors": errors,
        "typed": {**kept, "other_words": found.other_words, **(typed or {})},
    }
    return await task_page(request, web, me, session, person, "person_restorative.html", **beside)
