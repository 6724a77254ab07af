"""The reply box: count, check, send. The count comes from the function that also sends."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub.access import access_conversation, access_person
from hub.conversations import worker_reply
from hub.errors import NotAllowed
from hub.reading.conversation import talk
from hub.sms import dear_characters
from hub.texts import as_written
from inbox.login import Reader
from inbox.pages.conversation import talk_page
from inbox.web import WebDep

router = APIRouter(include_in_schema=False)

Body = Annotated[str, Form(max_length=10_000)]


@router.post("/count")
async def count(request: Request, web: WebDep, me: Reader, body: Body = "") -> HTMLResponse:
    rendered = as_written(body)
    facts: dict[str, Any] = {"count": rendered.count, "dear": dear_characters(rendered.text)}
    return web.page(request, "parts/count.html", signed_in=me, **facts)


@router.post("/people/{ref}/messages")
async def send(
    request: Request,
    web: WebDep,
    me: Reader,
    ref: str,
    conversation: Annotated[int, Form()],
    body: Body = "",
    check: Annotated[str, Form()] = "",
) -> Response:
    """Send, or with the button "Check" show how many texts it is. What was typed survives every refusal."""
    hub = web.hub
    try:
        async with hub.store.transaction() as session:
            to = await access_conversation(hub, session, me.worker, ref, conversation)
            if not check:
                await worker_reply(hub, session, me.worker, to, body)
                return RedirectResponse(f"/people/{ref}/messages#latest", 303)
        error = ""
    except NotAllowed as refused:
        error = refused.detail or str(refused)
    async with hub.store.transaction() as session:
        found = await talk(hub, session, await access_person(hub, session, me.worker, ref))
    return talk_page(request, web, me, found, error=error, typed=body, status=422 if error else 200)
