"""The web application, put together: pages, errors, headers, live signals. Called by `handrail/wiring.py`."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.routing import Route

from hub import receive
from hub.core import Hub
from hub.imports import Imports
from hub.ports import IdentityProvider, Inbound
from hub.spool.doors import Doors
from inbox.errors import add_error_pages
from inbox.live import Live
from inbox.measures import MeasureRequests, Measures
from inbox.pages import ROUTERS
from inbox.security import SecurityHeaders
from inbox.settings import WebSettings
from inbox.templating import make_templates
from inbox.web import Web

__all__ = ["WebSettings", "create_app"]

STATIC = Path(__file__).parent / "static"


def create_app(
    hub: Hub,
    *,
    settings: WebSettings,
    routers: Sequence[APIRouter] = (),
    doors: Doors | None = None,
    identity: IdentityProvider | None = None,
    imports: Imports | None = None,
) -> FastAPI:
    """The inbox, respondents' pages and what is mounted beside them (`routers`: webhooks, the API, the demo).

    `doors` take in people's texts, on disk while the store is away; without them the hub takes them itself.
    """

    async def accept_into_hub(inbound: Inbound) -> object:
        return await receive.accept(hub, inbound)

    app = FastAPI(
        title=settings.service_name,
        docs_url=None,  # inbox/api has its own, without a script from elsewhere
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan,
    )
    accept = doors.accept if doors else accept_into_hub
    live = Live(hub.store.url)
    app.state.web = Web(hub, settings, make_templates(), live, accept, doors, identity, _webhooks(routers), imports)
    measures = app.state.measures = Measures()
    add_error_pages(app)
    for router in (*routers, *ROUTERS):  # webhooks first: each route that does not fit costs time at each text
        app.router.routes.extend(router.routes)  # as they are: `include_router` would build each of them once more
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(MeasureRequests, measures=measures)
    app.add_middleware(SecurityHeaders, tls=settings.secure_cookies, framed=settings.demo)
    return app


def _webhooks(routers: Sequence[APIRouter]) -> frozenset[str]:
    paths = (route.path for router in routers for route in router.routes if isinstance(route, Route))
    return frozenset(path for path in paths if path.startswith("/webhooks/"))


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """While the app is served, what waits on disk is taken in."""
    web: Web = app.state.web
    async with asyncio.TaskGroup() as group:
        stop = asyncio.Event()
        if web.doors:
            group.create_task(web.doors.keep_draining(stop))
        yield
        stop.set()
    await web.live.close()
