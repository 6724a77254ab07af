"""Who stands by whom among the worker's people: a table, and beside it a picture that says the same."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hub.reading import stands_by
from inbox.circles import MOST, circles
from inbox.login import SupervisionWorker
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/supporters")


@router.get("/map")
async def show(request: Request, web: WebDep, me: SupervisionWorker) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        found = await stands_by.ties(web.hub, session, me.worker)
    people = list(stands_by.by_person(found).values())
    supporters = len({tie.supporter for tie in found})
    facts: dict[str, Any] = {"people": people, "supporters": supporters, "picture": circles(found), "most": MOST}
    return web.page(request, "supporters_map.html", signed_in=me, **facts)
