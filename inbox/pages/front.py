"""The front door, and the pages that say how the service works."""

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from hub import sign_in
from hub.errors import NotFound
from inbox.login import SESSION
from inbox.pages.navigation import first_page
from inbox.web import WebDep

router = APIRouter(include_in_schema=False)

STANDS_FOR = timedelta(days=180)  # RFC 9116 asks for an end, less than a year ahead


@router.get("/")
async def front(request: Request, web: WebDep) -> RedirectResponse:
    """Each role to its first page; whoever is not signed in, to the door."""
    token = request.cookies.get(SESSION, "")
    async with web.hub.store.transaction() as session:
        found = await sign_in.find(web.hub, session, token) if token else None
    if found is None:
        return RedirectResponse("/sign-in?over=1" if token else "/sign-in", 303)
    return RedirectResponse(first_page(found.worker.role), 303)


@router.get("/accessibility")
async def accessibility(request: Request, web: WebDep) -> HTMLResponse:
    return web.page(request, "accessibility.html")


@router.get("/privacy")
async def privacy(request: Request, web: WebDep) -> HTMLResponse:
    return web.page(request, "privacy.html")


@router.get("/.well-known/security.txt")
async def security(web: WebDep) -> PlainTextResponse:
    """RFC 9116. Raises `NotFound` where no contact is set."""
    if not web.settings.security_contact:
        raise NotFound
    lines = (
        f"Contact: {web.settings.security_contact}",
        f"Expires: {web.hub.clock.now() + STANDS_FOR:%Y-%m-%dT%H:%M:%SZ}",
        f"Canonical: {web.settings.public_url}/.well-known/security.txt",
        "Preferred-Languages: en",
    )
    return PlainTextResponse("\n".join(lines) + "\n")
