"""Somebody does not answer: the facts, and a worker's decision what to do about it."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import silence
from hub.access import access_person
from hub.reading.silence import silence_of
from hub.silence import CHOICES, Choice
from hub.store.tables import Person
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.pages.person_edit import back, task_page
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/silence")

# Where the worker goes on with what they chose.
NEXT = {Choice.WRITE: "/messages#reply", Choice.ANOTHER_WAY: "/contact", Choice.PAUSE: "/pause"}


@router.get("")
async def show(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        return await _page(request, web, me, session, person)


@router.post("")
async def decide(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        errors = {}
        if typed.get("choice") not in set(Choice):
            errors["choice"] = "Select what you do about it."
        elif typed["choice"] == Choice.WAIT and not typed.get("note"):
            errors["note"] = "Write down why you wait."
        if errors:
            return await _page(request, web, me, session, person, errors=errors, typed=typed)
        choice = Choice(typed["choice"])
        await silence.decide(web.hub, session, me.worker, person, choice, typed.get("note", ""))
    return back(ref, NEXT.get(choice, ""))


async def _page(
    request: Request, web: Web, me: CaseWorker, session: AsyncSession, person: Person, **asked: Any
) -> HTMLResponse:
    facts: dict[str, Any] = {"found": await silence_of(web.hub, session, person), "choices": CHOICES}
    return await task_page(request, web, me, session, person, "person_silence.html", **facts, **asked)
