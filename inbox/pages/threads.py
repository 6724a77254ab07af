"""All threads of the worker's people: what is new for the worker first, then the newest word."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hub.reading import threads_listed
from inbox.login import SupervisionWorker
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/threads")


@router.get("")
async def show(request: Request, web: WebDep, me: SupervisionWorker, page: int = 1) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        found = await threads_listed.listed(web.hub, session, me.worker, page)
    return web.page(request, "threads.html", signed_in=me, found=found)
