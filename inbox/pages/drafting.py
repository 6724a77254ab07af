"""What an open conversation page says by itself: what is written so far, and that somebody is there."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from hub import drafts, presence
from hub.access import access_conversation, access_person
from hub.errors import NotFound
from hub.store.tables import Conversation
from hub.times import say_time
from inbox.login import Reader
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}")


@router.post("/draft")
async def draft(
    request: Request,
    web: WebDep,
    me: Reader,
    ref: str,
    conversation: Annotated[int, Form()],
    body: Annotated[str, Form(max_length=10_000)] = "",
) -> HTMLResponse:
    """Keep it while it is being typed, and let colleagues see that somebody writes."""
    now = web.hub.clock.now()
    async with web.hub.store.transaction() as session:
        to = await access_conversation(web.hub, session, me.worker, ref, conversation)
        await drafts.keep(web.hub, session, me.worker, to, body)
        await presence.be_here(session, me.worker, to.id, now, writing=bool(body.strip()))
    kept = say_time(now, to.person.agency.time_zone) if body.strip() else ""
    return web.page(request, "parts/draft.html", signed_in=me, kept=kept, ref=ref)


@router.get("/presence")
async def here(request: Request, web: WebDep, me: Reader, ref: str, conversation: int, known: str = "") -> Response:
    """Who else is here. `known`: who the page says is, so that the same again is not read out again."""
    now = web.hub.clock.now()
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        found = await session.get(Conversation, conversation)
        if found is None or found.person_id != person.id:
            raise NotFound
        await presence.be_here(session, me.worker, conversation, now)
        others = await presence.others(session, me.worker, conversation, now)
    if presence.fingerprint(others) == known:
        return Response(status_code=204)
    return web.page(request, "parts/presence.html", signed_in=me, others=others, ref=ref, conversation=conversation)
