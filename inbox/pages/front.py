"""The front door, and the pages that say how the service works."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from inbox.web import WebDep

router = APIRouter(include_in_schema=False)


@router.get("/")
async def front() -> RedirectResponse:
    return RedirectResponse("/inbox", 303)


@router.get("/accessibility")
async def accessibility(request: Request, web: WebDep) -> HTMLResponse:
    return web.page(request, "accessibility.html")


@router.get("/privacy")
async def privacy(request: Request, web: WebDep) -> HTMLResponse:
    return web.page(request, "privacy.html")


@router.get("/.well-known/security.txt")
async def security(web: WebDep) -> PlainTextResponse:
    where = f"{web.settings.public_url}/.well-known/security.txt"
    return PlainTextResponse(
        f"Contact: {web.settings.security_contact}\nCanonical: {where}\nPreferred-Languages: en\n"
    )
