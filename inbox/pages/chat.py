"""The chat on our own page: plain pages and forms, live with JavaScript. And the page for a photo as proof.

The token in the link is all that lets somebody in, so no answer here sets a cookie or leads elsewhere.
"""

import secrets
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.datastructures import FormData

from hub.errors import FileTooLarge, StoreUnavailable
from hub.ports import Inbound, Media
from hub.reading.webchat import Chat, chat
from hub.words import ChannelKind
from inbox.errors import RETRY_AFTER
from inbox.live import Heard
from inbox.pages.live import HEADERS
from inbox.uploads import media_of, read_form
from inbox.web import Web, WebDep
from inbox.wording import wording

router = APIRouter(include_in_schema=False)

LONGEST = 2000  # characters of one message


@router.get("/chat/{token}")
async def show(request: Request, web: WebDep, token: str) -> HTMLResponse:
    found = await _read(web, token)
    return _page(request, web, token, found)


@router.get("/chat/{token}/new")
async def news(request: Request, web: WebDep, token: str, after: int = 0) -> HTMLResponse:
    """What has been said since message `after`, for the open page."""
    found = await _read(web, token, after)
    return _page(request, web, token, found, template="parts/chat_new.html", after=after)


@router.get("/chat/{token}/events")
async def events(web: WebDep, token: str) -> StreamingResponse:
    own = {(await _read(web, token)).conversation_id}

    async def allowed(ids: set[int]) -> Heard | None:
        return Heard(ids & {number for number in own if number})

    return StreamingResponse(web.live.events(allowed), media_type="text/event-stream", headers=HEADERS)


@router.post("/chat/{token}")
async def say(request: Request, web: WebDep, token: str) -> Response:
    """Take a message. The same form sent twice is one message; what was typed survives every refusal."""
    try:
        form = await read_form(request)
        media = await media_of(form)
    except FileTooLarge:
        return await _again(request, web, token, "too_large", "", 413)
    text = str(form.get("text") or "").strip()
    problem = _problem(text, media)
    if problem:
        return await _again(request, web, token, problem, text, 422)
    try:
        await take_in(web, token, form, text, media)
    except StoreUnavailable:
        return _unavailable(request, web, f"/chat/{token}", form, text)
    if request.headers.get("HX-Request") == "true":
        return await news(request, web, token, _number(form.get("after")))
    return RedirectResponse(f"/chat/{token}#latest", 303)


@router.get("/proof/{token}")
async def ask_proof(request: Request, web: WebDep, token: str) -> HTMLResponse:
    found = await _read(web, token)
    return _page(request, web, token, found, template="proof_upload.html")


@router.post("/proof/{token}")
async def take_proof(request: Request, web: WebDep, token: str) -> Response:
    """A photo or the venue's code, taken in as a message of the person's chat."""
    try:
        form = await read_form(request)
        media = await media_of(form)
    except FileTooLarge:
        return await _again(request, web, token, "too_large", "", 413, template="proof_upload.html")
    code = str(form.get("text") or "").strip()[:100]
    if not code and not media:
        return await _again(request, web, token, "proof_nothing", "", 422, template="proof_upload.html")
    try:
        found = await take_in(web, token, form, code, media)
    except StoreUnavailable:
        return _unavailable(request, web, f"/proof/{token}", form, code)
    return _page(request, web, token, found, template="proof_sent.html")


async def take_in(web: Web, token: str, form: FormData, text: str, media: tuple[Media, ...]) -> Chat:
    """Store it as any channel would. Raises `LinkDoesNotWork` or `StoreUnavailable`."""
    found = await _read(web, token)
    nonce = str(form.get("nonce") or "")[:64] or secrets.token_urlsafe(12)
    await web.accept(
        Inbound(
            line_address=found.line_address,
            channel=ChannelKind.WEBCHAT,
            sender=token,
            # The token's own part keeps one person's form from standing for another's.
            provider_message_id=f"form-{token[:8]}-{nonce}",
            text=text,
            received_at=web.hub.clock.now(),
            media=media,
        )
    )
    return found


async def _read(web: Web, token: str, after: int = 0) -> Chat:
    """Raises `LinkDoesNotWork`."""
    async with web.hub.store.transaction() as session:
        return await chat(web.hub, session, token, after)


def _problem(text: str, media: tuple[Media, ...]) -> str:
    if not text and not media:
        return "nothing_to_send"
    return "too_long" if len(text) > LONGEST else ""


async def _again(
    request: Request, web: Web, token: str, problem: str, text: str, status: int, template: str = "chat.html"
) -> HTMLResponse:
    found = await _read(web, token)
    error = wording(found.language)[problem]
    return _page(request, web, token, found, template=template, status=status, error=error, typed=text)


def _page(
    request: Request,
    web: Web,
    token: str,
    found: Chat,
    *,
    template: str = "chat.html",
    status: int = 200,
    **facts: Any,
) -> HTMLResponse:
    words = wording(found.language)
    nonce = secrets.token_urlsafe(12)
    page: dict[str, Any] = {
        "chat": found,
        "token": token,
        "words": words,
        "lang": found.language,
        "nonce": nonce,
    }
    return web.page(request, template, status=status, agency=found.agency, side=found.side, **page, **facts)


def _unavailable(request: Request, web: Web, where: str, form: FormData, text: str) -> HTMLResponse:
    """PostgreSQL is gone: the form again, with what was typed and its own number, to be sent in a minute."""
    facts: dict[str, Any] = {
        "words": wording("en"),
        "lang": "en",
        "where": where,
        "typed": text,
        "nonce": str(form.get("nonce") or ""),
    }
    page = web.page(request, "chat_unavailable.html", status=503, **facts)
    page.headers["Retry-After"] = RETRY_AFTER
    return page


def _number(value: object) -> int:
    return int(value) if isinstance(value, str) and value.isdecimal() else 0
