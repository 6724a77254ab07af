"""Updates owed: what victims are to be told, overdue first. Telling itself is in case_updates.py."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hub.reading import updates
from hub.reading.updates import View
from hub.words import WorkerRole
from inbox.login import VictimsWorker
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/updates")

HEADINGS = {View.OVERDUE: "Overdue", View.TODAY: "Due today", View.SOON: "Due in the next 5 working days"}
DONE = {"told": "Noted that you told them.", "again": "It is sent again.", "word": "They are told that nothing is new."}


@router.get("")
async def show(request: Request, web: WebDep, me: VictimsWorker, done: str = "") -> HTMLResponse:
    supervisor = me.worker.role is WorkerRole.SUPERVISOR
    async with web.hub.store.transaction() as session:
        rows = await updates.rows(web.hub, session, me.worker)
        counts = await updates.counts(web.hub, session, me.worker)
        middle = await updates.middle(web.hub, session, me.worker) if supervisor else ""
    lists = [(view, words, [row for row in rows if row.view is view]) for view, words in HEADINGS.items()]
    facts: dict[str, Any] = {"lists": lists, "counts": counts, "middle": middle, "supervisor": supervisor}
    return web.page(request, "updates.html", signed_in=me, done=DONE.get(done, ""), **facts)
