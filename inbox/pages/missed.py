"""Reminders that could not go out in time, for those who can still call."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hub.reading import missed
from inbox.login import Reader
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/missed")


@router.get("")
async def show(request: Request, web: WebDep, me: Reader) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        rows = await missed.rows(web.hub, session, me.worker)
    return web.page(request, "missed.html", signed_in=me, rows=rows)
