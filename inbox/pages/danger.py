"""The banner of a cry for help, on every page of a worker: kept up to date, and taken from it by name."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import escalations
from hub.access import access_cry
from hub.reading.dangers import dangers
from hub.states import EscalationState
from inbox.login import CaseWorker
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/danger")

Seen = Annotated[list[str], Query(max_length=20)]


@router.get("")
async def banner(request: Request, web: WebDep, me: CaseWorker, seen: Seen = []) -> HTMLResponse:  # noqa: B006
    return await _part(request, web, me, seen)


@router.post("/{ref}/take")
async def take(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    """The first who says so has it; the second reads who that was. What is typed elsewhere on the page stays."""
    async with web.hub.store.transaction() as session:
        found = await access_cry(session, me.worker, ref)
        if found.state in {EscalationState.OPEN, EscalationState.SNOOZED}:
            await escalations.take(session, found, me.worker.id, web.hub.clock.now())
    if request.headers.get("HX-Request") == "true":
        form = await request.form()
        return await _part(request, web, me, [ref, *(str(each) for each in form.getlist("seen"))])
    return RedirectResponse(f"/people/{found.conversation.person.ref}/messages", 303)


async def _part(request: Request, web: Web, me: CaseWorker, seen: list[str]) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        found = await dangers(web.hub, session, me.worker, seen)
    return web.page(request, "parts/danger.html", signed_in=me, dangers=found)
