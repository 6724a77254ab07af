"""The demo's page: four phones beside the inbox, and a clock that the visitor pushes forward.

Everything typed here goes the whole real way. Mounted in demo mode only; the people are invented, so there is no login.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader
from sqlalchemy import select

from handrail.demo.cast import CAST, LINES, PHONES, STAFF, Character
from handrail.demo.phones import Bubble, bubbles, venue_code
from handrail.driving import Driver
from hub import sign_in
from hub.core import Hub
from hub.errors import NotFound
from hub.ports import Media
from hub.store.tables import Worker
from hub.times import at_local, local, say_day, say_time
from hub.words import ChannelKind
from inbox.login import keep_session
from inbox.settings import WebSettings

ZONE = "Europe/London"
LARGEST_PHOTO = 10 * 1024 * 1024
HERE = Path(__file__).parent
_templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)


@dataclass(frozen=True, slots=True)
class Stage:
    """What the page plays on."""

    hub: Hub
    driver: Driver
    settings: WebSettings
    moving: asyncio.Lock  # one push of the clock at a time


def router(hub: Hub, driver: Driver, settings: WebSettings) -> APIRouter:  # noqa: C901  # a list of routes
    stage = Stage(hub, driver, settings, asyncio.Lock())
    routes = APIRouter(prefix="/demo", include_in_schema=False)

    @routes.get("")
    async def show(as_staff: str = "priya") -> HTMLResponse:
        staff = next((s for s in STAFF if s.email.startswith(f"{as_staff}@")), STAFF[0])
        facts = {"phones": [await _phone(stage, who) for who in PHONES], "staff": STAFF, "chosen": staff}
        return _page("demo.html", **facts, **_clock(stage), chat=CAST[-1])

    @routes.get("/demo.css")
    async def style() -> FileResponse:
        return FileResponse(HERE / "static" / "demo.css", media_type="text/css")

    @routes.get("/demo.js")
    async def script() -> FileResponse:
        return FileResponse(HERE / "static" / "demo.js", media_type="text/javascript")

    @routes.get("/clock")
    async def clock() -> HTMLResponse:
        return _page("clock.html", **_clock(stage))

    @routes.post("/clock")
    async def push(to: Annotated[str, Form()]) -> Response:
        async with stage.moving:
            await stage.driver.advance_to(_target(stage.hub.clock.now(), to))
        return RedirectResponse("/demo", status_code=303)

    @routes.get("/phones/{key}")
    async def phone(key: str) -> HTMLResponse:
        return _page("bubbles.html", **await _phone(stage, _character(key)))

    @routes.post("/phones/{key}")
    async def write(
        key: str, request: Request, text: Annotated[str, Form()] = "", photo: UploadFile | None = None
    ) -> Response:
        who = _character(key)
        media: tuple[Media, ...] = ()
        if photo and photo.filename:
            content = await photo.read(LARGEST_PHOTO + 1)
            media = (Media(content, photo.content_type or "", photo.filename),)
        line = next(a for side, kind, a, _ in LINES if side is who.side and kind is who.channel)
        if text.strip() or media:
            await stage.driver.simulator.text(who.address, line, text, channel=who.channel, media=media)
        if request.headers.get("HX-Request"):
            return _page("bubbles.html", **await _phone(stage, who))
        return RedirectResponse("/demo", status_code=303)

    @routes.get("/as/{first_name}")
    async def enter(first_name: str) -> Response:
        """Sign a visitor in as one of the invented workers, both factors given."""
        async with hub.store.transaction() as session:
            worker = await session.scalar(select(Worker).where(Worker.email == f"{first_name}@example.org"))
            if worker is None:
                raise NotFound
            token = await sign_in.start(hub, session, worker, second_factor=True)
        answer = RedirectResponse("/inbox", status_code=303)
        keep_session(answer, settings, token)
        return answer

    return routes


async def _phone(stage: Stage, who: Character) -> dict[str, object]:
    found: list[Bubble] = await bubbles(stage.hub, who)
    code = await venue_code(stage.hub, who)
    return {"who": who, "bubbles": found, "sms": who.channel is ChannelKind.SMS, "code": code}


def _character(key: str) -> Character:
    found = next((who for who in PHONES if who.key == key), None)
    if found is None:
        raise NotFound
    return found


def _clock(stage: Stage) -> dict[str, str]:
    now = stage.hub.clock.now()
    return {"day": say_day(now, ZONE), "time": say_time(now, ZONE)}


def _target(now: datetime, to: str) -> datetime:
    """Where a button of the clock leads."""
    day = local(now, ZONE).date()
    match to:
        case "hour":
            return now + timedelta(hours=1)
        case "tomorrow":
            return at_local(day + timedelta(days=1), time(9), ZONE)
        case "tomorrow_afternoon":
            return at_local(day + timedelta(days=1), time(14, 5), ZONE)
        case "three_days":
            return at_local(day + timedelta(days=3), time(9), ZONE)
    raise NotFound


def _page(name: str, **facts: object) -> HTMLResponse:
    return HTMLResponse(_templates.get_template(name).render(**facts))
