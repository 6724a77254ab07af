"""What people outside can read without a link: how we keep what we have, and whether these pages work for them."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from inbox import respondent
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/about")


@router.get("/privacy")
async def privacy(request: Request, web: WebDep) -> HTMLResponse:
    return respondent.page_for_anybody(request, web, "about_privacy.html")


@router.get("/accessibility")
async def accessibility(request: Request, web: WebDep) -> HTMLResponse:
    return respondent.page_for_anybody(request, web, "about_accessibility.html")
