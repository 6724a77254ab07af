"""The public API: people, cases and appointments, for the programs of an agency (/api/v1, /api/docs).

Must not know the pages of the inbox, nor how a worker signs in.
"""

from functools import cache
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, JSONResponse

from hub.core import Hub
from inbox.api import appointments, cases, check, check_ins, document, people, referrals, series, surveys
from inbox.api.asked import provide

PUBLIC = ("/api/docs", "/api/openapi.json")  # without a key: they tell how, and nothing of anybody


def router(hub: Hub, *, fictional: bool = False) -> APIRouter:
    """All routes of the API. `fictional` takes 07700 900000 to 900999 too, for the demo and tests."""
    api = APIRouter(prefix="/api/v1", dependencies=[Depends(provide(hub, fictional=fictional))])
    for part in (check, people, check_ins, surveys, cases, appointments, series, referrals):
        api.include_router(part.routes)
    whole = APIRouter()
    whole.include_router(api)

    @cache  # made when first asked for: it takes a while, and most processes are never asked
    def described() -> dict[str, Any]:
        return document.openapi(list(whole.routes))

    @cache
    def page() -> str:
        return document.page(described())

    @whole.get(PUBLIC[0], include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(page())

    @whole.get(PUBLIC[1], include_in_schema=False)
    async def openapi() -> JSONResponse:
        return JSONResponse(described())

    return whole
