"""Showing that one was there: a photo, seen by its sender before it goes and deleted while nobody has; or a code.

Without JavaScript all of it. The token is that of the person's chat: a photo or code is a message there.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import own_photos
from hub.errors import BadFile, FileTooLarge, HarmfulFile, LinkDoesNotWork, ScannerAway, StoreUnavailable
from hub.own_photos import Deleted
from hub.ports import Media
from hub.reading import webchat
from hub.reading.webchat import Chat
from hub.times import say_when
from inbox import respondent
from inbox.pages.chat import page_of, read, take_in, unavailable
from inbox.pages.here import PHONE
from inbox.uploads import media_of, read_form
from inbox.web import Web, WebDep
from inbox.wording import LANGUAGES, wording

router = APIRouter(include_in_schema=False, prefix="/proof/{token}")

FORM, CHECK, SENT = "proof_upload.html", "proof_check.html", "proof_sent.html"


@router.get("")
async def ask(request: Request, web: WebDep, token: str) -> HTMLResponse:
    remembered = request.cookies.get(PHONE) == token
    return _page(request, web, token, await read(web, token), FORM, remembered=remembered)


@router.post("")
async def take(request: Request, web: WebDep, token: str) -> Response:
    """A code is sent at once; a photo is shown first."""
    try:
        form = await read_form(request)
        media = await media_of(form)
    except FileTooLarge:
        return await _again(request, web, token, "too_large", 413)
    code = str(form.get("text") or "").strip()[:100]
    if not code and not media:
        return await _again(request, web, token, "proof_nothing", 422)
    try:
        if media:
            return await _show_first(request, web, token, media[0])
        await take_in(web, token, form, code, ())
    except StoreUnavailable:
        return unavailable(request, web, f"/proof/{token}", form, code, photo=bool(media))
    return _to(token, "/sent")


@router.get("/check")
async def check(request: Request, web: WebDep, token: str) -> Response:
    found = await read(web, token)
    async with web.hub.store.transaction() as session:
        photo = await own_photos.chosen(session, found.person_id)
    if photo is None:
        return _to(token, "")
    document = photo.content_type == "application/pdf"  # as the browser says it: only how the page shows it
    return _page(request, web, token, found, CHECK, "/check", document=document)


@router.get("/photo")
async def photo(web: WebDep, token: str) -> Response:
    """The chosen photo, as the worker will see it."""
    found = await read(web, token)
    async with web.hub.store.transaction() as session:
        clean = await own_photos.as_shown(web.hub, session, found.person_id)
    if clean is None:
        raise LinkDoesNotWork
    return Response(clean.content, media_type=clean.content_type)


@router.post("/check")
async def send(web: WebDep, token: str) -> Response:
    """Sent once: the photo's own number is that of the message."""
    found = await read(web, token)
    async with web.hub.store.transaction() as session:
        chosen = await own_photos.chosen(session, found.person_id)
        media = await own_photos.opened(web.hub, session, chosen) if chosen else None
    if chosen and media:
        await take_in(web, token, {"nonce": f"proof{chosen.id}"}, "", (media,))
        async with web.hub.store.transaction() as session:
            await own_photos.forget(session, found.person_id)
    return _to(token, "/sent")


@router.post("/another")
async def another(web: WebDep, token: str) -> Response:
    found = await read(web, token)
    async with web.hub.store.transaction() as session:
        await own_photos.forget(session, found.person_id)
    return _to(token, "")


@router.get("/sent")
async def sent(request: Request, web: WebDep, token: str) -> HTMLResponse:
    return await _sent(request, web, token)


@router.post("/delete")
async def delete(request: Request, web: WebDep, token: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        conversation = await webchat.conversation_behind(web.hub, session, token)
        photo = await own_photos.last_sent(session, conversation.id, _mark(token))
        done = await own_photos.take_back(web.hub, session, conversation, photo)
    return await _sent(request, web, token, done)


@router.post("/language/{language}")
async def speak(request: Request, web: WebDep, token: str, language: str) -> Response:
    async with web.hub.store.transaction() as session:
        conversation = await webchat.conversation_behind(web.hub, session, token)
        if language in LANGUAGES:
            conversation.person.language = language
    return await respondent.back_to(request, f"/proof/{token}")


async def _show_first(request: Request, web: Web, token: str, media: Media) -> Response:
    found = await read(web, token)
    try:
        async with web.hub.store.transaction() as session:
            await own_photos.choose(web.hub, session, found.person_id, media)
    except FileTooLarge:
        return await _again(request, web, token, "too_large", 413)
    except HarmfulFile:
        return await _again(request, web, token, "proof_harm", 422)
    except BadFile:
        return await _again(request, web, token, "not_a_photo", 422)
    except ScannerAway:
        return await _again(request, web, token, "proof_wait", 503)
    return _to(token, "/check")


async def _sent(request: Request, web: Web, token: str, deleted: Deleted | None = None) -> HTMLResponse:
    found = await read(web, token)
    async with web.hub.store.transaction() as session:
        photo = await own_photos.last_sent(session, found.conversation_id, _mark(token))
    when = say_when(photo.due, found.time_zone, found.language) if photo else ""
    return _page(request, web, token, found, SENT, "/sent", photo=photo, when=when, deleted=deleted)


async def _again(request: Request, web: Web, token: str, problem: str, status: int) -> HTMLResponse:
    found = await read(web, token)
    return _page(request, web, token, found, FORM, status=status, error=wording(found.language)[problem])


def _page(
    request: Request, web: Web, token: str, found: Chat, template: str, place: str = "", status: int = 200, **facts: Any
) -> HTMLResponse:
    return page_of(request, web, token, found, template, place, status, link=f"/proof/{token}", **facts)


def _mark(token: str) -> str:
    return f"form-{token[:8]}-proof"


def _to(token: str, where: str) -> RedirectResponse:
    return RedirectResponse(f"/proof/{token}{where}", 303)
