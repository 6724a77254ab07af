"""A worker puts right what the bot understood: one click on what it meant."""

from typing import Annotated

from fastapi import APIRouter, Form, Header
from fastapi.responses import RedirectResponse, Response

from hub.corrections import correct
from inbox.login import Reader
from inbox.web import WebDep

router = APIRouter(include_in_schema=False)


@router.post("/people/{ref}/messages/{message_id}/meaning")
async def meaning(
    web: WebDep,
    me: Reader,
    ref: str,
    message_id: int,
    meaning: Annotated[str, Form(max_length=100)],
    hx_request: Annotated[bool, Header()] = False,
) -> Response:
    """Back to that text; with JavaScript only the stream comes anew, so that a reply being typed stays."""
    async with web.hub.store.transaction() as session:
        await correct(web.hub, session, me.worker, ref, message_id, meaning)
    if hx_request:
        return RedirectResponse(f"/people/{ref}/messages/stream?corrected={message_id}", 303)
    return RedirectResponse(f"/people/{ref}/messages#message-{message_id}", 303)
