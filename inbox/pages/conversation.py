"""One person's conversation: what was said, what happened, why it is here."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from hub.access import access_media, access_person, record_watching
from hub.conversations import set_unread
from hub.reading.conversation import Talk, talk
from hub.texts import as_written
from inbox.login import Reader
from inbox.web import Web, WebDep
from inbox.when import LATER

router = APIRouter(include_in_schema=False)

# How a reason can end, as colleagues and reports read it.
OUTCOMES = {
    "answered": "Answered",
    "called": "Called them",
    "appointment_changed": "Changed the appointment",
    "passed_on": "Passed on to someone else",
    "emergency": "Called the emergency services",
    "nothing_needed": "Nothing was needed",
}
SHOWABLE = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"})


@router.get("/people/{ref}/messages")
async def show(request: Request, web: WebDep, me: Reader, ref: str, everything: bool = False) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="conversation_viewed")
        found = await talk(web.hub, session, person, everything=everything)
        if found.conversation:
            await set_unread(session, found.conversation, unread=False)
    return talk_page(request, web, me, found)


@router.get("/people/{ref}/messages/stream")
async def stream(request: Request, web: WebDep, me: Reader, ref: str, corrected: int = 0) -> HTMLResponse:
    """The stream alone, for the page that is open: what is being typed beside it stays.

    `corrected`: the text whose meaning was just put right; the cursor goes back to it.
    """
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        await record_watching(web.hub, session, me.worker, "conversation_viewed", person.id)
        found = await talk(web.hub, session, person)
    return web.page(request, "parts/stream.html", signed_in=me, talk=found, part=True, corrected=corrected)


@router.get("/media/{media_id}")
async def media(web: WebDep, me: Reader, media_id: int) -> Response:
    """A photo or document. Only kinds that we have cleaned are shown; anything else is handed over as is."""
    async with web.hub.store.transaction() as session:
        file, content = await access_media(web.hub, session, me.worker, media_id)
    kind = file.content_type if file.content_type in SHOWABLE and not file.refused else "application/octet-stream"
    how = "inline" if kind in SHOWABLE else "attachment"
    headers = {"Content-Disposition": how, "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(content, media_type=kind, headers=headers)


def talk_page(
    request: Request, web: Web, me: Reader, found: Talk, *, error: str = "", typed: str = "", status: int = 200
) -> HTMLResponse:
    count = as_written(typed).count
    facts = {
        "talk": found,
        "error": error,
        "typed": typed,
        "count": count,
        "outcomes": OUTCOMES,
        "later": LATER,
    }
    return web.page(request, "conversation.html", status=status, signed_in=me, **facts)
