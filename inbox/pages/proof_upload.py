"""Showing that one was there: a photo, seen by its sender before it goes and deleted while nobody has; or a code.

Without JavaScript all of it. The token is that of the person's chat, or of their
own settings where it came by text: a photo or code is a message from there.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import own_photos
from hub.errors import BadFile, FileTooLarge, HarmfulFile, LinkDoesNotWork, ScannerAway, StoreUnavailable
from hub.own_photos import Deleted
from hub.places import PLACE_TYPE, read_point
from hub.ports import Media
from hub.reading import webchat
from hub.reading.venues import place_counts
from hub.reading.webchat import Chat
from hub.times import say_when
from inbox import respondent
from inbox.pages.chat import hand_in, page_of, unavailable
from inbox.pages.here import PHONE
from inbox.security import HEADERS
from inbox.uploads import media_of, read_form
from inbox.web import Web, WebDep
from inbox.wording import LANGUAGES, wording

router = APIRouter(include_in_schema=False, prefix="/proof/{token}")

Word = Annotated[str, Form(max_length=40)]
FORM, CHECK, SENT = "proof_upload.html", "proof_check.html", "proof_sent.html"


@router.get("")
async def ask(request: Request, web: WebDep, token: str) -> HTMLResponse:
    found = await _read(web, token)
    async with web.hub.store.transaction() as session:
        offered = await place_counts(session, found.person_id)
    remembered = request.cookies.get(PHONE) == token
    page = _page(request, web, token, found, FORM, remembered=remembered, place_offered=offered)
    page.headers["Permissions-Policy"] = HEADERS["Permissions-Policy"].replace("geolocation=()", "geolocation=(self)")
    return page


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
        await hand_in(web, token, await _read(web, token), form, code, ())
    except StoreUnavailable:
        return unavailable(request, web, f"/proof/{token}", form, code, photo=bool(media))
    return _to(token, "/sent")


@router.post("/place")
async def place(web: WebDep, token: str, latitude: Word = "", longitude: Word = "", nonce: Word = "") -> Response:
    """Where the browser says that it is, as any channel would hand it on."""
    content = f'{{"type": "Point", "coordinates": [{longitude or 0}, {latitude or 0}]}}'.encode()
    if not (latitude and longitude) or read_point(content) is None:
        return _to(token, "")
    await hand_in(web, token, await _read(web, token), {"nonce": nonce}, "", (Media(content, PLACE_TYPE, "place"),))
    return _to(token, "/sent")


@router.get("/check")
async def check(request: Request, web: WebDep, token: str) -> Response:
    found = await _read(web, token)
    async with web.hub.store.transaction() as session:
        photo = await own_photos.chosen(session, found.person_id)
    if photo is None:
        return _to(token, "")
    document = photo.content_type == "application/pdf"  # as the browser says it: only how the page shows it
    return _page(request, web, token, found, CHECK, "/check", document=document)


@router.get("/photo")
async def photo(web: WebDep, token: str) -> Response:
    """The chosen photo, as the worker will see it."""
    found = await _read(web, token)
    media = await _chosen(web, found)
    if media is None:
        raise LinkDoesNotWork
    clean = await own_photos.shown(web.hub, media[1])
    return Response(clean.content, media_type=clean.content_type)


@router.post("/check")
async def send(web: WebDep, token: str) -> Response:
    """Sent once: the photo's own number is that of the message."""
    found = await _read(web, token)
    chosen = await _chosen(web, found)
    if chosen:
        number, media = chosen
        await hand_in(web, token, found, {"nonce": f"proof{number}"}, "", (media,))
        async with web.hub.store.transaction() as session:
            await own_photos.forget(session, found.person_id)
    return _to(token, "/sent")


@router.post("/another")
async def another(web: WebDep, token: str) -> Response:
    found = await _read(web, token)
    async with web.hub.store.transaction() as session:
        await own_photos.forget(session, found.person_id)
    return _to(token, "")


@router.get("/sent")
async def sent(request: Request, web: WebDep, token: str) -> HTMLResponse:
    return await _sent(request, web, token)


@router.post("/delete")
async def delete(request: Request, web: WebDep, token: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        conversation = await webchat.conversation_for_proof(web.hub, session, token)
        photo = await own_photos.last_sent(session, conversation.id, _mark(token))
        done = await own_photos.take_back(web.hub, session, conversation, photo)
    return await _sent(request, web, token, done)


@router.post("/language/{language}")
async def speak(request: Request, web: WebDep, token: str, language: str) -> Response:
    async with web.hub.store.transaction() as session:
        conversation = await webchat.conversation_for_proof(web.hub, session, token)
        if language in LANGUAGES:
            conversation.person.language = language
    return await respondent.back_to(request, f"/proof/{token}")


async def _show_first(request: Request, web: Web, token: str, media: Media) -> Response:
    found = await _read(web, token)
    try:
        await own_photos.shown(web.hub, media)
    except FileTooLarge:
        return await _again(request, web, token, "too_large", 413)
    except HarmfulFile:
        return await _again(request, web, token, "proof_harm", 422)
    except BadFile:
        return await _again(request, web, token, "not_a_photo", 422)
    except ScannerAway:
        return await _again(request, web, token, "proof_wait", 503)
    async with web.hub.store.transaction() as session:
        await own_photos.choose(web.hub, session, found.person_id, media)
    return _to(token, "/check")


async def _chosen(web: Web, found: Chat) -> tuple[int, Media] | None:
    """The photo that waits to be sent, with its number."""
    async with web.hub.store.transaction() as session:
        photo = await own_photos.chosen(session, found.person_id)
        return (photo.id, await own_photos.opened(web.hub, session, photo)) if photo else None


async def _sent(request: Request, web: Web, token: str, deleted: Deleted | None = None) -> HTMLResponse:
    found = await _read(web, token)
    async with web.hub.store.transaction() as session:
        photo = await own_photos.last_sent(session, found.conversation_id, _mark(token))
    when = say_when(photo.due, found.time_zone, found.language) if photo else ""
    return _page(request, web, token, found, SENT, "/sent", photo=photo, when=when, deleted=deleted)


async def _again(request: Request, web: Web, token: str, problem: str, status: int) -> HTMLResponse:
    found = await _read(web, token)
    return _page(request, web, token, found, FORM, status=status, error=wording(found.language)[problem])


def _page(
    request: Request, web: Web, token: str, found: Chat, template: str, place: str = "", status: int = 200, **facts: Any
) -> HTMLResponse:
    return page_of(request, web, token, found, template, place, status, link=f"/proof/{token}", **facts)


async def _read(web: Web, token: str) -> Chat:
    """Raises `LinkDoesNotWork`."""
    async with web.hub.store.transaction() as session:
        return await webchat.for_proof(web.hub, session, token)


def _mark(token: str) -> str:
    return f"form-{token[:8]}-proof"


def _to(token: str, where: str) -> RedirectResponse:
    return RedirectResponse(f"/proof/{token}{where}", 303)
