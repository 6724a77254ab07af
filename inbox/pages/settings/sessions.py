"""Where I am signed in, and signing out there."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import sessions
from hub.errors import NotFound
from hub.sign_in import SignedIn
from hub.store.tables import SignIn
from hub.times import say_when
from inbox.login import Staff
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/settings/sessions")

DONE = {"one": "You are signed out there.", "all": "You are signed out everywhere else."}


@dataclass(frozen=True, slots=True)
class Row:
    id: str  # the hash of its token, which opens nothing
    browser: str
    started: str
    used: str
    is_this: bool


@router.get("")
async def show(request: Request, web: WebDep, me: Staff, done: str = "") -> HTMLResponse:
    rows = await rows_of(web, me, me.worker.id)
    return web.page(request, "settings/sessions.html", signed_in=me, rows=rows, done=DONE.get(done, ""))


@router.post("/end")
async def end(web: WebDep, me: Staff, session_id: Annotated[str, Form(max_length=64)]) -> Response:
    async with web.hub.store.transaction() as session:
        await sessions.end_one(web.hub, session, f"worker:{me.worker.id}", me.worker.id, token_hash(session_id))
    return RedirectResponse("/settings/sessions?done=one", 303)


@router.post("/end-others")
async def end_others(web: WebDep, me: Staff) -> Response:
    async with web.hub.store.transaction() as session:
        await sessions.end_all(web.hub, session, f"worker:{me.worker.id}", me.worker.id, but=me.token_hash)
    return RedirectResponse("/settings/sessions?done=all", 303)


async def rows_of(web: Web, me: SignedIn, worker_id: int) -> list[Row]:
    async with web.hub.store.transaction() as session:
        found = await sessions.of_worker(web.hub, session, worker_id)
    return [_row(each, me) for each in found]


def token_hash(session_id: str) -> bytes:
    """Raises `NotFound` for what no page of ours sends."""
    try:
        return bytes.fromhex(session_id)
    except ValueError as wrong:
        raise NotFound from wrong


def _row(each: SignIn, me: SignedIn) -> Row:
    zone = me.worker.team.agency.time_zone
    return Row(
        id=each.token_hash.hex(),
        browser=each.browser or "A browser",
        started=say_when(each.created_at, zone),
        used=say_when(each.seen_at, zone),
        is_this=each.token_hash == me.token_hash,
    )
