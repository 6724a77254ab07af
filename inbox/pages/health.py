"""Is it alive, is it ready, how is it doing, what is it? For load balancers and monitoring."""

from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from hub.errors import StoreUnavailable
from hub.store.migrate import newest
from hub.store.tables import Heartbeat
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False)

LATE = timedelta(minutes=2)  # the scheduler ticks every few seconds


@router.get("/health/live")
async def live() -> PlainTextResponse:
    """The process answers. Nothing else is asked, so that a dead database does not have it restarted."""
    return PlainTextResponse("ok\n")


@router.get("/health/ready")
async def ready(web: WebDep) -> JSONResponse:
    checks = await _checks(web)
    return JSONResponse(checks, 200 if all(word == "ok" for word in checks.values()) else 503)


@router.get("/metrics")
async def metrics(request: Request, web: WebDep) -> Response:
    async with web.hub.store.transaction() as session:
        body = await request.app.state.measures.read(session, web.hub.clock.now())
    return Response(body, media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get("/version")
async def version_of() -> dict[str, str]:
    try:
        return {"version": version("handrail")}
    except PackageNotFoundError:
        return {"version": "unknown"}


async def _checks(web: Web) -> dict[str, str]:
    try:
        async with web.hub.store.transaction() as session:
            migration = await _migration(session)
            beat = await session.scalar(select(Heartbeat.at).where(Heartbeat.name == "scheduler"))
    except StoreUnavailable:
        return {"database": "down: check HANDRAIL_DATABASE_URL and that PostgreSQL runs"}
    except ProgrammingError:
        return {"database": "ok", "migration": "missing: run `handrail db upgrade`"}
    late = beat is None or web.hub.clock.now() - beat > LATE
    return {
        "database": "ok",
        "migration": migration,
        "scheduler": "late: check that `handrail worker` runs" if late else "ok",
    }


async def _migration(session: AsyncSession) -> str:
    found = await session.scalar(text("SELECT version_num FROM alembic_version"))
    return "ok" if found == newest() else "old: run `handrail db upgrade`"
