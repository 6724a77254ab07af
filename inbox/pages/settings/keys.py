"""Keys of other programs: made and shown once, listed, revoked."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select

from hub import api_keys
from hub.errors import NotFound
from hub.store.tables import ApiKey
from hub.times import say_day
from inbox.login import Administrator
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/settings/keys")

Word = Annotated[str, Form(max_length=100)]
NO_NAME = "Enter which program it is for, so that you know later which key to revoke."


@router.get("")
async def show(request: Request, web: WebDep, me: Administrator, done: bool = False) -> HTMLResponse:
    words = "The key is revoked. Programs that use it get no answer any more." if done else ""
    return await _page(request, web, me, done=words)


@router.post("")
async def make(request: Request, web: WebDep, me: Administrator, name: Word = "") -> Response:
    if not name.strip():
        return await _page(request, web, me, errors={"name": NO_NAME})
    team = me.worker.team
    async with web.hub.store.transaction() as session:
        _, token = await api_keys.create(
            web.hub, session, f"worker:{me.worker.id}", agency_id=team.agency_id, side=team.side, name=name.strip()
        )
    return web.page(request, "settings/key_made.html", signed_in=me, name=name.strip(), token=token)


@router.post("/{number}/revoke")
async def revoke(request: Request, web: WebDep, me: Administrator, number: int, sure: Word = "") -> Response:
    """First says what it does."""
    team = me.worker.team
    async with web.hub.store.transaction() as session:
        theirs = (ApiKey.agency_id == team.agency_id, ApiKey.side == team.side)
        key = await session.scalar(select(ApiKey).where(ApiKey.id == number, *theirs).with_for_update())
        if key is None:
            raise NotFound
        if not sure:
            return web.page(request, "settings/key_revoke.html", signed_in=me, key=key)
        await api_keys.revoke(web.hub, session, f"worker:{me.worker.id}", key)
    return RedirectResponse("/settings/keys?done=1", 303)


async def _page(
    request: Request, web: Web, me: Administrator, *, errors: dict[str, str] | None = None, done: str = ""
) -> HTMLResponse:
    team, zone = me.worker.team, me.worker.team.agency.time_zone
    async with web.hub.store.transaction() as session:
        found = [key for key in await api_keys.of_agency(session, team.agency_id) if key.side is team.side]
    rows = [
        (key, say_day(key.created_at, zone), say_day(key.revoked_at, zone) if key.revoked_at else "") for key in found
    ]
    status = 422 if errors else 200
    return web.page(
        request, "settings/keys.html", status=status, signed_in=me, rows=rows, errors=errors or {}, done=done
    )
