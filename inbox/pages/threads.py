"""All threads of the worker's people: what is new for the worker first, then the newest word."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from hub.reading import threads_listed
from inbox.counting import count_of_said
from inbox.login import SupervisionWorker
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/threads")


@router.get("")
async def show(request: Request, web: WebDep, me: SupervisionWorker, page: int = 1) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        found = await threads_listed.listed(web.hub, session, me.worker, page)
    return web.page(request, "threads.html", signed_in=me, found=found)


@router.post("/count")
async def count(
    request: Request,
    web: WebDep,
    me: SupervisionWorker,
    body: Annotated[str, Form(max_length=10_000)] = "",
    parts: Annotated[int, Form()] = -1,
) -> HTMLResponse:
    """`parts`: how many texts it was before; only a change of that is read out."""
    facts = count_of_said(me.worker.first_name, body)
    return web.page(request, "parts/count.html", signed_in=me, said=facts["count"].segments != parts, **facts)
