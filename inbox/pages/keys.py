"""Which keys do what, and what a worker likes: single keys on or off, a sound for a cry for help."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from hub.preferences import Preferences, keep_preferences
from hub.store.tables import Worker
from inbox.login import Staff
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/help/keys")


@router.get("")
async def show(request: Request, web: WebDep, me: Staff, saved: bool = False) -> HTMLResponse:
    return web.page(request, "keys.html", signed_in=me, saved=saved)


@router.post("")
async def keep(request: Request, web: WebDep, me: Staff) -> RedirectResponse:
    liked = set((await request.form()).getlist("like"))
    async with web.hub.store.transaction() as session:
        worker = await session.get_one(Worker, me.worker.id)
        keep_preferences(worker, Preferences(keys="keys" in liked, sound="sound" in liked))
    return RedirectResponse("/help/keys?saved=1", 303)
