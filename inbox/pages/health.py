"""Is it alive, is it ready, how is it doing, what is it? For load balancers and monitoring."""

import asyncio
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from hub.errors import StoreUnavailable
from hub.heartbeat import is_silent, last_beat
from hub.reading.load import SETTLED, accepted, load, problems
from hub.store.migrate import newest
from inbox.measures import Measures
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False)

OK = "ok"


@router.get("/health/live")
async def live() -> PlainTextResponse:
    """The process answers. Nothing else is asked, so that a dead database does not have it restarted."""
    return PlainTextResponse("ok\n")


@router.get("/health/ready")
async def ready(web: WebDep) -> JSONResponse:
    """200 while people's texts can be taken in, on disk at least: a web that got none would lose them all. The words
    tell what else is not as it should be."""
    found = await checks(web)
    takes_texts = found.get("migration", OK) == OK and OK in (found["database"], found.get("spool"))
    return JSONResponse(found, 200 if takes_texts else 503)


@router.get("/metrics")
async def metrics(request: Request, web: WebDep) -> Response:
    """Also while the database is away: then the disk's numbers are the ones that matter."""
    measures: Measures = request.app.state.measures
    try:
        async with measures.one_reader:
            await _read(web, measures)
    except StoreUnavailable:
        measures.show_load(None, web.hub.clock.now())
    if web.doors:
        measures.show_spool(await asyncio.to_thread(web.doors.waiting))
    return Response(measures.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


async def _read(web: Web, measures: Measures) -> None:
    now = web.hub.clock.now()
    async with web.hub.store.transaction() as session:
        measures.show_load(await load(session, now), now)
        since, until = measures.read_until or now, now - SETTLED
        if since < until:
            found = await accepted(session, since, until), await problems(session, since, until)
            measures.add(*found)
        measures.read_until = max(since, until)


@router.get("/version")
async def version_of() -> dict[str, str]:
    try:
        return {"version": version("handrail")}
    except PackageNotFoundError:
        return {"version": "unknown"}


async def checks(web: Web) -> dict[str, str]:
    """Each part's word, `ok` or what to do."""
    return await _database(web) | ({"spool": await asyncio.to_thread(_spool, web)} if web.doors else {})


async def _database(web: Web) -> dict[str, str]:
    try:
        async with web.hub.store.transaction() as session:
            migration = await _migration(session)
            beat = await last_beat(session)
    except StoreUnavailable:
        return {"database": "down: check HANDRAIL_DATABASE_URL and that PostgreSQL runs"}
    except ProgrammingError:
        return {"database": OK, "migration": "missing: run `handrail db upgrade`"}
    late = is_silent(beat, web.hub.clock.now())
    return {
        "database": OK,
        "migration": migration,
        "scheduler": "late: check that `handrail worker` runs" if late else OK,
    }


def _spool(web: Web) -> str:
    return OK if web.doors and web.doors.have_room() else "full or not writable: run `handrail doctor`"


async def _migration(session: AsyncSession) -> str:
    found = await session.scalar(text("SELECT version_num FROM alembic_version"))
    return OK if found == newest() else "old: run `handrail db upgrade`"
