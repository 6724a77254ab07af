"""What the QR code at a venue opens: the code filled in, to be sent by text, or with one press from a phone that was
told to remember whose it is.

Anybody may open it: it knows a code and a number of ours. Only who asks for it on their own proof page gets a cookie;
nobody on the victims' side is offered that.
"""

import re
import secrets
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub.addresses import as_dialled
from hub.errors import LinkDoesNotWork
from hub.reading import venue_screen, webchat
from hub.reading.webchat import Chat
from hub.words import ChannelKind, Side
from inbox import respondent
from inbox.pages.chat import hand_in
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False)

PHONE = "handrail_phone"
REMEMBERED = timedelta(days=120)  # the length of a contract of four months
_CODE, _NUMBER = re.compile(r"[0-9]{6}"), re.compile(r"[0-9]{8,15}")


@router.get("/here")
async def show(request: Request, web: WebDep, code: str = "", to: str = "") -> HTMLResponse:
    """Raises `LinkDoesNotWork` for what the screen cannot have shown."""
    if not _CODE.fullmatch(code) or not _NUMBER.fullmatch(to):
        raise LinkDoesNotWork
    async with web.hub.store.transaction() as session:
        line = await venue_screen.line_at(session, f"+{to}")
        if line is None:
            raise LinkDoesNotWork
        ours = await venue_screen.addresses(session, line.agency_id, line.side)
        agency, leaves = line.agency.short_name, line.side is Side.VICTIMS
    facts: dict[str, Any] = {
        "agency": agency,
        "code": code,
        "to": to,
        "number": as_dialled(f"+{to}"),
        "telegram": ours.get(ChannelKind.TELEGRAM, ""),
        "leaves": leaves,
    }
    whose = await _token(request, web)
    return respondent.page_for_anybody(request, web, "here.html", remembered=bool(whose), **facts)


@router.post("/here")
async def send(request: Request, web: WebDep, code: Annotated[str, Form(max_length=6)] = "") -> Response:
    """As if they had typed it in their chat. Raises `LinkDoesNotWork` when this phone is nobody's."""
    token = await _token(request, web)
    if not token or not _CODE.fullmatch(code):
        raise LinkDoesNotWork
    await hand_in(web, token, await _read(web, token), {"nonce": secrets.token_urlsafe(12)}, code, ())
    return RedirectResponse(f"/proof/{token}/sent", 303)


@router.post("/proof/{token}/phone")
async def remember(web: WebDep, token: str, forget: Annotated[str, Form(max_length=5)] = "") -> Response:
    """This phone is theirs, or is not any more. Raises `LinkDoesNotWork`."""
    found = await _read(web, token)
    answer = RedirectResponse(f"/proof/{token}", 303)
    if forget or found.side is Side.VICTIMS:
        answer.delete_cookie(PHONE, path="/here")
        answer.delete_cookie(PHONE, path=f"/proof/{token}")
        return answer
    for path in ("/here", f"/proof/{token}"):  # nowhere else is it sent
        answer.set_cookie(
            PHONE,
            token,
            max_age=int(REMEMBERED.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=web.settings.secure_cookies,
            path=path,
        )
    return answer


async def _token(request: Request, web: Web) -> str:
    """Whose phone this is; empty when it is nobody's, or the link has ended."""
    token = request.cookies.get(PHONE, "")
    try:
        found = await _read(web, token) if token else None
    except LinkDoesNotWork:
        return ""
    return token if found and found.side is Side.SUPERVISION else ""


async def _read(web: Web, token: str) -> Chat:
    """Raises `LinkDoesNotWork`."""
    async with web.hub.store.transaction() as session:
        return await webchat.for_proof(web.hub, session, token)
