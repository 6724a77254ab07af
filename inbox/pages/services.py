"""The agency's support services: entered and corrected by supervisors, seen by everybody who answers."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import service_entry, services
from hub.reading import support
from hub.store.tables import SupportService
from hub.words import WorkerRole
from inbox import typed as read
from inbox.login import CaseWorker, Supervisor
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/services")

DONE = {"saved": "The service is saved.", "ended": "The service is taken away. Nobody is told of it any more."}


@router.get("")
async def show(request: Request, web: WebDep, me: CaseWorker, done: str = "") -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        team = me.worker.team
        found = await services.all_of(web.hub, session, team.agency, team.side)
    facts: dict[str, Any] = {
        "found": found,
        "needs": dict(support.needs(web.hub)),
        "may_change": me.worker.role is WorkerRole.SUPERVISOR,
        "done": DONE.get(done, ""),
    }
    return web.page(request, "services.html", signed_in=me, **facts)


@router.get("/new")
async def ask_new(request: Request, web: WebDep, me: Supervisor) -> HTMLResponse:
    return _form(request, web, me, None, {})


@router.post("/new")
async def take_new(request: Request, web: WebDep, me: Supervisor) -> Response:
    return await _take(request, web, me, None)


@router.get("/{number}/change")
async def ask_change(request: Request, web: WebDep, me: Supervisor, number: int) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        row = await services.get(session, me.worker, number)
        return _form(request, web, me, number, _typed(row))


@router.post("/{number}/change")
async def take_change(request: Request, web: WebDep, me: Supervisor, number: int) -> Response:
    return await _take(request, web, me, number)


@router.post("/{number}/end")
async def end(web: WebDep, me: Supervisor, number: int) -> Response:
    async with web.hub.store.transaction() as session:
        await services.end(web.hub, session, me.worker, number)
    return RedirectResponse("/services?done=ended", 303)


async def _take(request: Request, web: Web, me: Supervisor, number: int | None) -> Response:
    form = await request.form()
    typed = {**read.fields(form), "needs": ", ".join(str(need) for need in form.getlist("needs"))}
    entry, errors = service_entry.read(typed, web.hub.flows.support.needs)
    async with web.hub.store.transaction() as session:
        if number:
            await services.get(session, me.worker, number)  # theirs, or nobody's
        team = me.worker.team
        house = (team.agency_id, team.side)
        if not errors and await _is_taken(session, me, entry.name, number):
            errors = {"name": "There is a service with this name already. Change that one."}
        if errors:
            return _form(request, web, me, number, typed, errors)
        await services.save(web.hub, session, f"worker:{me.worker.id}", house, entry, number)
    return RedirectResponse("/services?done=saved", 303)


async def _is_taken(session: AsyncSession, me: Supervisor, name: str, number: int | None) -> bool:
    own = await services.own(session, me.worker.team.agency_id, me.worker.team.side)
    return any(row.name == name and row.id != number for row in own)


def _typed(row: SupportService) -> dict[str, str]:
    lists = {name: ", ".join(getattr(row, name)) for name in ("needs", "areas", "languages")}
    return lists | {name: getattr(row, name) for name in service_entry.FIELDS if name not in lists}


def _form(
    request: Request,
    web: Web,
    me: Supervisor,
    number: int | None,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> HTMLResponse:
    facts: dict[str, Any] = {
        "number": number,
        "typed": typed,
        "errors": errors or {},
        "needs": support.needs(web.hub),
        "chosen": [part.strip() for part in typed.get("needs", "").split(",")],
    }
    return web.page(request, "service_form.html", status=422 if errors else 200, signed_in=me, **facts)
