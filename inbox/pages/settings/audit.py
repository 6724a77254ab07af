"""Who saw what: filtered by POST, so that no reference stands in an address; as a file too. Asking is recorded."""

import csv
import io
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.reading import audit as reading
from hub.reading import workers
from hub.reading.audit import Row, Wanted
from hub.records import leads_to
from hub.store import audit
from hub.store.tables import Person
from hub.times import local, say_when
from inbox.login import Manager
from inbox.pages.settings.colleagues import number
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/settings/audit")

Word = Annotated[str, Form(max_length=40)]
A_PAGE, A_FILE = 50, 10_000
CHECKED = 50_000  # events: about what can be proved while somebody waits
BAD_DAY = "Enter a day such as 2026-03-02, or leave it empty."


@router.get("")
async def show(request: Request, web: WebDep, me: Manager) -> HTMLResponse:
    return await _page(request, web, me, Wanted())


@router.post("")
async def filter_(
    request: Request,
    web: WebDep,
    me: Manager,
    ref: Word = "",
    worker: Word = "",
    kind: Word = "",
    day: Word = "",
    before: Word = "",
    file: Word = "",
) -> Response:
    try:
        on = date.fromisoformat(day.strip()) if day.strip() else None
    except ValueError:
        return await _page(request, web, me, Wanted(ref.strip().upper(), number(worker), kind), wrong_day=day)
    wanted = Wanted(ref.strip().upper(), number(worker), kind, on)
    if file:
        return await _file(web, me, wanted)
    return await _page(request, web, me, wanted, before=number(before) or None)


@router.post("/check")
async def check(request: Request, web: WebDep, me: Manager) -> HTMLResponse:
    """Proves the newest part of the chain now; `handrail audit verify` proves all of it."""
    async with web.hub.store.transaction() as session:
        broken = await audit.verify(session, newest=CHECKED)
        audit.record(session, web.hub.clock.now(), f"worker:{me.worker.id}", "audit_checked", "audit", broken=broken)
    said = (
        "The record does not hold: something in it was changed. Keep the database as it is and tell whoever answers "
        f"for it. It is seal {broken}."
        if broken
        else "The record holds: nothing in its newest part was changed or removed."
    )
    return await _page(request, web, me, Wanted(), checked=said, is_broken=broken is not None)


async def _page(
    request: Request,
    web: Web,
    me: Manager,
    wanted: Wanted,
    *,
    before: int | None = None,
    wrong_day: str = "",
    checked: str = "",
    is_broken: bool = False,
) -> HTMLResponse:
    zone = me.worker.team.agency.time_zone
    async with web.hub.store.transaction() as session:
        rows, older = await reading.rows(session, me.worker, wanted, most=A_PAGE, before=before)
        sealed_at = await reading.last_sealed_at(session)
        everybody = await workers.of(session, me.worker.team)
        await _record(web, session, me, "audit_viewed", wanted)
    facts = {
        "rows": [(row, say_when(row.at, zone)) for row in rows],
        "older": older,
        "sealed": say_when(sealed_at, zone) if sealed_at else "",
        "workers": [("", "Everybody"), *((str(row.id), row.name) for row in everybody)],
        "kinds": list(reading.KINDS.items()),
        "wanted": wanted,
        "day": wrong_day or wanted.day or "",
        "errors": {"day": BAD_DAY} if wrong_day else {},
        "checked": checked,
        "is_broken": is_broken,
    }
    return web.page(request, "settings/audit.html", status=422 if wrong_day else 200, signed_in=me, **facts)


async def _file(web: Web, me: Manager, wanted: Wanted) -> Response:
    async with web.hub.store.transaction() as session:
        rows, _ = await reading.rows(session, me.worker, wanted, most=A_FILE)
        await _record(web, session, me, "audit_exported", wanted)
    headers = {"Content-Disposition": 'attachment; filename="who-saw-what.csv"'}
    return Response(_csv(rows, me.worker.team.agency.time_zone), media_type="text/csv; charset=utf-8", headers=headers)


def _csv(rows: list[Row], zone: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["when", "who", "what", "person", "about"])
    for row in rows:
        at = local(row.at, zone).isoformat(timespec="seconds")
        writer.writerow([at, *(_harmless(cell) for cell in (row.who, row.what, row.ref, row.subject))])
    return out.getvalue()


def _harmless(cell: str) -> str:
    """Spreadsheets calculate what begins like a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell


async def _record(web: Web, session: AsyncSession, me: Manager, what: str, wanted: Wanted) -> None:
    """Whoever asks about one person of their house is on that person's record, too."""
    team = me.worker.team
    theirs = leads_to(wanted.ref), Person.agency_id == team.agency_id, Person.side == team.side
    person_id = await session.scalar(select(Person.id).where(*theirs)) if wanted.ref else None
    audit.record(session, web.hub.clock.now(), f"worker:{me.worker.id}", what, "audit", person_id=person_id)
