"""The teams of the agency, on the administrator's side: a new one, another name."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import workers
from hub.errors import MoveNotAllowed
from hub.reading import workers as reading
from inbox.login import Administrator
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/settings/teams")

Name = Annotated[str, Form(max_length=100)]
DONE = {"added": "The team is there. You can now put people in it.", "renamed": "The team has its new name."}
TAKEN = "There is a team of that name already. Choose another name."


@router.get("")
async def show(request: Request, web: WebDep, me: Administrator, done: str = "") -> HTMLResponse:
    return await _page(request, web, me, done=DONE.get(done, ""))


@router.post("")
async def add(request: Request, web: WebDep, me: Administrator, name: Name = "") -> Response:
    name = " ".join(name.split())
    if not name:
        return await _page(request, web, me, errors={"name": "Enter the name of the team."})
    try:
        async with web.hub.store.transaction() as session:
            await workers.add_team(web.hub, session, f"worker:{me.worker.id}", me.worker.team, name)
    except MoveNotAllowed:
        return await _page(request, web, me, errors={"name": TAKEN}, typed={"name": name})
    return RedirectResponse("/settings/teams?done=added", 303)


@router.post("/{number}")
async def rename(request: Request, web: WebDep, me: Administrator, number: int, name: Name = "") -> Response:
    name, field = " ".join(name.split()), f"name-{number}"
    if not name:
        return await _page(request, web, me, errors={field: "Enter the name of the team."})
    try:
        async with web.hub.store.transaction() as session:
            team = await workers.team_of_house(session, me.worker, number)
            await workers.rename_team(web.hub, session, f"worker:{me.worker.id}", team, name)
    except MoveNotAllowed:
        return await _page(request, web, me, errors={field: TAKEN}, typed={field: name})
    return RedirectResponse("/settings/teams?done=renamed", 303)


async def _page(
    request: Request,
    web: Web,
    me: Administrator,
    *,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    done: str = "",
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        rows = await reading.teams(session, me.worker.team)
    facts = {"rows": rows, "errors": errors or {}, "typed": typed or {}, "done": done}
    return web.page(request, "settings/teams.html", status=422 if errors else 200, signed_in=me, **facts)
