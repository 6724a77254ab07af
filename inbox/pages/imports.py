"""Importing a file of people or of appointments: choose it, see its rows and what is wrong with them, then import."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from hub import uploads
from hub.errors import NotFound
from hub.imports import Imports, Kind, Seen
from inbox.login import CaseWorker, Supervisor
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False)

MOST = 20 * 1024 * 1024
WORDS = {
    Kind.PEOPLE: ("people", "person", ".csv,text/csv"),
    Kind.APPOINTMENTS: ("appointments", "appointment", ".csv,.ics,text/csv,text/calendar"),
    Kind.SERVICES: ("services", "service", ".csv,text/csv"),
}


@router.get("/people/import")
async def ask_people(request: Request, web: WebDep, me: CaseWorker) -> HTMLResponse:
    return _ask(request, web, me, Kind.PEOPLE)


@router.get("/appointments/import")
async def ask_appointments(request: Request, web: WebDep, me: CaseWorker) -> HTMLResponse:
    return _ask(request, web, me, Kind.APPOINTMENTS)


@router.post("/people/import")
async def take_people(request: Request, web: WebDep, me: CaseWorker) -> Response:
    return await _take(request, web, me, Kind.PEOPLE)


@router.post("/appointments/import")
async def take_appointments(request: Request, web: WebDep, me: CaseWorker) -> Response:
    return await _take(request, web, me, Kind.APPOINTMENTS)


@router.get("/services/import")
async def ask_services(request: Request, web: WebDep, me: Supervisor) -> HTMLResponse:
    return _ask(request, web, me, Kind.SERVICES)


@router.post("/services/import")
async def take_services(request: Request, web: WebDep, me: Supervisor) -> Response:
    return await _take(request, web, me, Kind.SERVICES)


async def _take(request: Request, web: Web, me: CaseWorker, kind: Kind) -> HTMLResponse:
    """A chosen file is looked at; a reference of one that was looked at is imported."""
    async with request.form() as form:
        ref, file = str(form.get("upload") or ""), form.get("file")
        content = await file.read(MOST + 1) if isinstance(file, UploadFile) and file.filename else b""
    if ref:
        return await _run(request, web, me, kind, ref)
    if not content:
        return _ask(request, web, me, kind, {"file": "Choose a file that is not empty."})
    if len(content) > MOST:
        return _ask(request, web, me, kind, {"file": "The file is larger than 20 MB. Split it."})
    seen = await _importing(web).look(me.worker, kind, content)
    if not seen.problems:
        async with web.hub.store.transaction() as session:
            ref = await uploads.keep(web.hub, session, me.worker, kind, content)
    return _show(request, web, me, kind, seen, ref)


async def _run(request: Request, web: Web, me: CaseWorker, kind: Kind, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        content = await uploads.content_of(web.hub, session, me.worker, kind, ref)
    done = await _importing(web).run(me.worker, kind, content)
    if done.problems:  # something has changed here since it was looked at
        return _show(request, web, me, kind, done, "")
    async with web.hub.store.transaction() as session:
        await uploads.drop(session, ref)
    plural, one, _ = WORDS[kind]
    facts: dict[str, Any] = {"done": done, "kind": kind, "plural": plural, "one": one}
    return web.page(request, "import_done.html", signed_in=me, **facts)


def _importing(web: Web) -> Imports:
    if web.imports is None:
        raise NotFound
    return web.imports


def _ask(request: Request, web: Web, me: CaseWorker, kind: Kind, errors: dict[str, str] | None = None) -> HTMLResponse:
    plural, _, accept = WORDS[kind]
    facts: dict[str, Any] = {"kind": kind, "plural": plural, "accept": accept, "errors": errors or {}}
    return web.page(request, "import.html", status=422 if errors else 200, signed_in=me, **facts)


def _show(request: Request, web: Web, me: CaseWorker, kind: Kind, seen: Seen, ref: str) -> HTMLResponse:
    plural, one, accept = WORDS[kind]
    facts: dict[str, Any] = {"kind": kind, "plural": plural, "one": one, "accept": accept, "seen": seen, "upload": ref}
    errors = {"rows": f"{seen.problems} thing{' is' if seen.problems == 1 else 's are'} wrong in the file."}
    shown = errors if seen.problems else {}
    status = 422 if seen.problems else 200
    return web.page(request, "import_check.html", status=status, signed_in=me, errors=shown, **facts)
