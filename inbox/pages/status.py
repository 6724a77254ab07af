"""GET /status, for everybody: what works now, in three words each. No numbers, nothing of anybody."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hub.times import say_when
from inbox.pages.health import OK, checks
from inbox.web import WebDep

router = APIRouter(include_in_schema=False)

ZONE = "Europe/London"
WORKS, LATER, NOT, STOPPED = "Works as usual", "Taken, read later", "Does not work", "Stopped for now"


@dataclass(frozen=True, slots=True)
class Part:
    what: str
    words: str
    fine: bool


@router.get("/status")
async def show(request: Request, web: WebDep) -> HTMLResponse:
    found = parts(await checks(web))
    at = say_when(web.hub.clock.now(), ZONE)
    return web.page(request, "status.html", parts=found, at=at, all_fine=all(part.fine for part in found))


def parts(found: Mapping[str, str]) -> list[Part]:
    """From what `/health/ready` says. A part that nobody asked about is not claimed to work."""
    pages = OK == found.get("database") == found.get("migration")
    clock = pages and found.get("scheduler") == OK
    coming_in = WORKS if pages else LATER if found.get("spool") == OK else NOT
    return [
        Part("Texts to us", coming_in, pages),
        Part("Pages for workers and links in texts", WORKS if pages else NOT, pages),
        Part("Reminders and answers from us", WORKS if clock else STOPPED, clock),
    ]
