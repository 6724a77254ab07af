"""The inbox: what needs attention, mine, nobody's, waiting for a reply, done."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hub.reading import inbox
from hub.reading.inbox import View
from inbox.login import Reader
from inbox.web import WebDep

router = APIRouter(include_in_schema=False)

TITLES = {
    View.ATTENTION: "Needs attention",
    View.MINE: "Mine",
    View.UNASSIGNED: "Unassigned",
    View.WAITING: "Waiting for reply",
    View.DONE: "Done",
}
EMPTY = {
    View.ATTENTION: "Nothing needs attention now. New messages that need a person will appear here.",
    View.MINE: "You have no conversations yet. Your caseload appears here once they have been sent a text.",
    View.UNASSIGNED: "Everybody has a worker. People whom nobody knows yet appear here when they write.",
    View.WAITING: "We are not waiting for anybody. People appear here while we wait for an answer.",
    View.DONE: "Nothing has been closed yet. Conversations appear here when their last reason is closed.",
}


@router.get("/inbox")
async def show(request: Request, web: WebDep, me: Reader, view: View = View.ATTENTION, page: int = 1) -> HTMLResponse:
    now = web.hub.clock.now()
    async with web.hub.store.transaction() as session:
        counts = await inbox.counts(session, me.worker, now)
        found = await inbox.page(web.hub, session, me.worker, view, page)
    facts: dict[str, Any] = {
        "view": view,
        "titles": TITLES,
        "counts": counts,
        "found": found,
        "empty": EMPTY[view],
    }
    return web.page(request, "inbox.html", signed_in=me, since=now.isoformat(), **facts)


@router.get("/inbox/new")
async def news(request: Request, web: WebDep, me: Reader, view: View, since: datetime) -> HTMLResponse:
    """The part "3 new – show": rows never move by themselves under somebody's finger."""
    async with web.hub.store.transaction() as session:
        number = await inbox.count_new(session, me.worker, view, since, web.hub.clock.now())
    return web.page(request, "parts/inbox_new.html", signed_in=me, view=view, number=number)
