"""A supporter's own page behind the link of their settings: whom they stand by, quiet, leaving, ideas, support.

Not where others may read the phone: there everything is asked by text, after "is now a good time?".
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import settings_links
from hub.errors import NotFound
from hub.handling import Handling
from hub.reading import standing_by
from hub.reading.own_data import settings_of
from hub.safe_contact import is_careful
from hub.store.tables import SettingsLink
from hub.threads import own_page
from inbox import respondent
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/me/{token}/standing-by")


@router.get("")
async def show(request: Request, web: WebDep, token: str, done: str = "") -> HTMLResponse:
    """`done`: what has just happened."""
    async with web.hub.store.transaction() as session:
        link = await _open(web, session, token)
        known = done if done in {"quiet", "hear", "left"} else ""
        return await _page(request, web, session, link, token, done=known)


@router.get("/{thread}/leave")
async def ask(request: Request, web: WebDep, token: str, thread: int) -> HTMLResponse:
    """Sure? It cannot be undone from here."""
    async with web.hub.store.transaction() as session:
        link = await _open(web, session, token)
        found = await standing_by.standing_by(web.hub, session, link.conversation.person)
        one = next((each for each in found.people if each.thread == thread), None)
        if one is None:
            raise NotFound
        return await _page(request, web, session, link, token, "me_leave.html", one=one)


@router.post("/{thread}/quiet")
async def quiet(web: WebDep, token: str, thread: int) -> Response:
    async with web.hub.store.transaction() as session:
        await own_page.want_quiet(await _handling(web, session, token), thread, quiet=True)
    return RedirectResponse(f"/me/{token}/standing-by?done=quiet", 303)


@router.post("/{thread}/hear")
async def hear(web: WebDep, token: str, thread: int) -> Response:
    async with web.hub.store.transaction() as session:
        await own_page.want_quiet(await _handling(web, session, token), thread, quiet=False)
    return RedirectResponse(f"/me/{token}/standing-by?done=hear", 303)


@router.post("/{thread}/leave")
async def leave(web: WebDep, token: str, thread: int) -> Response:
    async with web.hub.store.transaction() as session:
        await own_page.leave(await _handling(web, session, token), thread)
    return RedirectResponse(f"/me/{token}/standing-by?done=left", 303)


async def _open(web: Web, session: AsyncSession, token: str, *, lock: bool = False) -> SettingsLink:
    link = await settings_links.find(web.hub, session, token, lock=lock)
    if is_careful(link.conversation.contact_point):
        raise NotFound
    return link


async def _handling(web: Web, session: AsyncSession, token: str) -> Handling:
    link = await _open(web, session, token, lock=True)
    return await settings_links.handling_of(web.hub, session, link.conversation)


async def _page(
    request: Request,
    web: Web,
    session: AsyncSession,
    link: SettingsLink,
    token: str,
    template: str = "me_standing_by.html",
    **facts: Any,
) -> HTMLResponse:
    own = await settings_of(web.hub, session, link)
    found = await standing_by.standing_by(web.hub, session, link.conversation.person)
    place = "/standing-by"
    return respondent.page(request, web, template, own, f"/me/{token}", place, own=own, found=found, **facts)
