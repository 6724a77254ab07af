"""Passing a conversation to a colleague."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from hub.access import access_conversation, access_person
from hub.conversations import Seen
from hub.errors import NotAllowed
from hub.passing import pass_to
from hub.reading.conversation import talk
from inbox.login import CaseWorker
from inbox.pages.conversation import talk_page
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}")


@router.post("/pass")
async def pass_on(
    request: Request,
    web: WebDep,
    me: CaseWorker,
    ref: str,
    conversation: Annotated[int, Form()],
    to: Annotated[int, Form()] = 0,
    note: Annotated[str, Form(max_length=10_000)] = "",
    seen: Annotated[int, Form()] = 0,
    heard: Annotated[int, Form()] = 0,
) -> Response:
    """To the inbox: it may be nobody's to see any more, once somebody else answers."""
    try:
        async with web.hub.store.transaction() as session:
            found = await access_conversation(web.hub, session, me.worker, ref, conversation)
            await pass_to(web.hub, session, me.worker, found, to, note, Seen(seen, heard) if seen else None)
    except NotAllowed as refused:
        async with web.hub.store.transaction() as session:
            person = await access_person(web.hub, session, me.worker, ref)
            shown = await talk(web.hub, session, person, me.worker)
        error = refused.detail or str(refused)
        return talk_page(request, web, me, shown, error=error, where="#pass", status=422, passing=(to, note))
    return RedirectResponse("/inbox", 303)
