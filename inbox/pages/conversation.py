"""One person's conversation: what was said, what happened, why it is here."""

from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from hub import presence
from hub.access import access_media, access_person, record_watching
from hub.conversations import set_unread
from hub.reading.conversation import Talk, talk
from inbox.counting import facts_of_count
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


@dataclass(frozen=True, slots=True)
class Later:
    """What stands in the fields for a time, as typed."""

    day: str
    month: str
    year: str
    clock: str


@dataclass(frozen=True, slots=True)
class Box:
    """The reply box as it is shown. `typed` is None where the worker's draft may stand; `later`: with a time."""

    typed: str | None = None
    later: Later | None = None
    error: str = ""
    where: str = "#body"  # the field that the error is about


@router.get("/people/{ref}/messages")
async def show(
    request: Request, web: WebDep, me: Reader, ref: str, everything: bool = False, again: int = 0, on: int = 0
) -> HTMLResponse:
    """`again`: the message whose words are put into the box once more; `on`: the conversation to send them in."""
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="conversation_viewed")
        found = await talk(web.hub, session, person, me.worker, everything=everything, on=on)
        if found.conversation:
            await set_unread(session, found.conversation, unread=False)
            await presence.be_here(session, me.worker, found.conversation.id, web.hub.clock.now())
    return talk_page(request, web, me, found, box=Box(words_said(found, again)))


@router.get("/people/{ref}/messages/stream")
async def stream(request: Request, web: WebDep, me: Reader, ref: str, corrected: int = 0) -> HTMLResponse:
    """The stream alone, for the page that is open: what is being typed beside it stays.

    `corrected`: the text whose meaning was just put right; the cursor goes back to it.
    """
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        await record_watching(web.hub, session, me.worker, "conversation_viewed", person.id)
        found = await talk(web.hub, session, person, me.worker, writing=False)
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
    request: Request,
    web: Web,
    me: Reader,
    found: Talk,
    *,
    error: str = "",
    where: str = "",
    box: Box | None = None,
    passing: tuple[int, str] = (0, ""),
    status: int = 200,
) -> HTMLResponse:
    """`error` and `where` (an address on the page): of another form than the reply's. `passing`: to whom, the note."""
    box = box or Box()
    draft = found.desk.draft if found.desk else None
    if box.typed is None:
        box = replace(box, typed=draft.body if draft else "")
    facts = {
        "talk": found,
        "error": error or box.error,
        "error_at": where or box.where,
        "box": box,
        "passing": passing,
        "outcomes": OUTCOMES,
        "later": LATER,
    }
    return web.page(
        request, "conversation.html", status=status, signed_in=me, **facts, **facts_of_count(box.typed or "")
    )


def words_said(found: Talk, message_id: int) -> str | None:
    """Of a message of ours that the page shows."""
    ours = (item for _, items in found.days for item in items if item.kind == "out" and item.id == message_id)
    return next((item.words for item in ours), None)
