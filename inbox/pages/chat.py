"""The chat on our own page: plain pages and forms, live with JavaScript.

The token in the link is all that lets somebody in, so no answer here sets a cookie or leads elsewhere.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from hub.errors import FileTooLarge, StoreUnavailable
from hub.ports import Inbound, Media
from hub.reading import webchat
from hub.reading.webchat import Chat
from inbox import respondent
from inbox.errors import RETRY_AFTER
from inbox.live import Heard
from inbox.pages.live import HEADERS
from inbox.uploads import media_of, read_form
from inbox.web import Web, WebDep
from inbox.wording import LANGUAGES, wording

router = APIRouter(include_in_schema=False)

LONGEST = 2000  # characters of one message


@router.get("/chat/{token}")
async def show(request: Request, web: WebDep, token: str) -> HTMLResponse:
    found = await read(web, token)
    return _page(request, web, token, found)


@router.get("/chat/{token}/new")
async def news(request: Request, web: WebDep, token: str, after: int = 0) -> HTMLResponse:
    """What has been said since message `after`, for the open page."""
    found = await read(web, token, after)
    return _page(request, web, token, found, "parts/chat_new.html", after=after)


@router.get("/chat/{token}/events")
async def events(web: WebDep, token: str) -> StreamingResponse:
    own = {(await read(web, token)).conversation_id}

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
        return unavailable(request, web, f"/chat/{token}", form, text)
    if request.headers.get("HX-Request") == "true":
        return await news(request, web, token, _number(form.get("after")))
    return RedirectResponse(f"/chat/{token}#latest", 303)


@router.post("/chat/{token}/language/{language}")
async def speak(request: Request, web: WebDep, token: str, language: str) -> Response:
    """Kept: texts come in this language from now on, too."""
    async with web.hub.store.transaction() as session:
        conversation = await webchat.conversation_behind(web.hub, session, token)
        if language in LANGUAGES:
            conversation.person.language = language
    return await respondent.back_to(request, f"/chat/{token}")


async def take_in(web: Web, token: str, form: Mapping[str, object], text: str, media: tuple[Media, ...]) -> Chat:
    """Store it as any channel would. Raises `LinkDoesNotWork` or `StoreUnavailable`."""
    found = await read(web, token)
    await hand_in(web, token, found, form, text, media)
    return found


async def hand_in(
    web: Web, token: str, found: Chat, form: Mapping[str, object], text: str, media: tuple[Media, ...]
) -> None:
    """The same for whose link it is known already. Raises `StoreUnavailable`."""
    nonce = str(form.get("nonce") or "")[:64] or secrets.token_urlsafe(12)
    await web.accept(
        Inbound(
            line_address=found.line_address,
            channel=found.channel,
            sender=found.sender or token,
            # The token's own part keeps one person's form from standing for another's.
            provider_message_id=f"form-{token[:8]}-{nonce}",
            text=text,
            received_at=web.hub.clock.now(),
            media=media,
        )
    )


async def read(web: Web, token: str, after: int = 0) -> Chat:
    """Raises `LinkDoesNotWork`."""
    async with web.hub.store.transaction() as session:
        return await webchat.chat(web.hub, session, token, after)


def _problem(text: str, media: tuple[Media, ...]) -> str:
    if not text and not media:
        return "nothing_to_send"
    return "too_long" if len(text) > LONGEST else ""


async def _again(request: Request, web: Web, token: str, problem: str, text: str, status: int) -> HTMLResponse:
    found = await read(web, token)
    return _page(request, web, token, found, "chat.html", status, error=wording(found.language)[problem], typed=text)


def _page(
    request: Request, web: Web, token: str, found: Chat, template: str = "chat.html", status: int = 200, **facts: Any
) -> HTMLResponse:
    return page_of(request, web, token, found, template, "", status, link=f"/chat/{token}", **facts)


def page_of(
    request: Request, web: Web, token: str, found: Chat, template: str, place: str, status: int, link: str, **facts: Any
) -> HTMLResponse:
    """A page of somebody who chats, with a number of its own for the form on it."""
    facts |= {"chat": found, "token": token, "nonce": secrets.token_urlsafe(12)}
    return respondent.page(request, web, template, found, link, place, status, **facts)


def unavailable(
    request: Request, web: Web, where: str, form: Mapping[str, object], text: str, *, photo: bool = False
) -> HTMLResponse:
    """PostgreSQL is gone: the form again, with what was typed and its own number, to be sent in a minute."""
    facts: dict[str, Any] = {"where": where, "typed": text, "nonce": str(form.get("nonce") or ""), "photo": photo}
    page = respondent.page_for_anybody(request, web, "chat_unavailable.html", status=503, **facts)
    page.headers["Retry-After"] = RETRY_AFTER
    return page


def _number(value: object) -> int:
    return int(value) if isinstance(value, str) and value.isdecimal() else 0
