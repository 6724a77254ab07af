"""A conversation as a file to keep or to hand on: choose the days, get text or PDF. Each download is recorded."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from hub.access import access_person
from hub.reading.texts import shown_name
from hub.reading.transcript import Range, Transcript, first_day, transcript
from hub.store import audit
from hub.times import local
from inbox.login import CaseWorker
from inbox.transcripts.as_text import as_text
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/messages")

NO_DATE = "must be a real date, such as 27 3 2026"


@dataclass(frozen=True, slots=True)
class Fields:
    """Two dates as typed: a refusal shows them again."""

    since_day: str
    since_month: str
    since_year: str
    until_day: str
    until_month: str
    until_year: str
    notes: bool

    @classmethod
    def of(cls, since: date, until: date) -> "Fields":
        numbers = (since.day, since.month, since.year, until.day, until.month, until.year)
        a, b, c, d, e, f = map(str, numbers)
        return cls(a, b, c, d, e, f, notes=False)

    def errors(self) -> dict[str, str]:
        """What is wrong, by the first field of each date."""
        since, until = self._date("since"), self._date("until")
        found = {} if since else {"since-day": f"The first day {NO_DATE}"}
        if not until:
            found["until-day"] = f"The last day {NO_DATE}"
        elif since and until < since:
            found["until-day"] = "The last day must be the first day or after it"
        return found

    def range(self) -> Range | None:
        since, until = self._date("since"), self._date("until")
        return Range(since, until, self.notes) if since and until and since <= until else None

    def _date(self, which: str) -> date | None:
        try:
            return date(*(int(getattr(self, f"{which}_{part}")) for part in ("year", "month", "day")))
        except ValueError:
            return None


def fields(
    since_day: str = "",
    since_month: str = "",
    since_year: str = "",
    until_day: str = "",
    until_month: str = "",
    until_year: str = "",
    notes: bool = False,
) -> Fields:
    return Fields(since_day, since_month, since_year, until_day, until_month, until_year, notes)


Asked = Annotated[Fields, Depends(fields)]


@router.get("/transcript")
async def choose(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        first = await first_day(web.hub, session, person)
        today = local(web.hub.clock.now(), person.agency.time_zone).date()
        facts = {"ref": ref, "name": shown_name(web.hub, person)}
    return _page(request, web, me, Fields.of(first, today), facts)


@router.get("/transcript.txt")
async def text(request: Request, web: WebDep, me: CaseWorker, ref: str, asked: Asked) -> Response:
    found = await _transcript(web, me, ref, asked)
    if found is None:
        return await _again(request, web, me, ref, asked)
    return _file(as_text(found), "text/plain; charset=utf-8", ref, "txt")


@router.get("/transcript.pdf")
async def pdf(request: Request, web: WebDep, me: CaseWorker, ref: str, asked: Asked) -> Response:
    found = await _transcript(web, me, ref, asked)
    if found is None:
        return await _again(request, web, me, ref, asked)
    return _file(await asyncio.to_thread(_drawn, found), "application/pdf", ref, "pdf")


def _drawn(found: Transcript) -> bytes:
    # Here, and so in a thread: what draws pages takes long to load, and most processes never draw one.
    from inbox.transcripts.as_pdf import as_pdf

    return as_pdf(found)


async def _transcript(web: WebDep, me: CaseWorker, ref: str, asked: Fields) -> Transcript | None:
    """None when the days make no sense."""
    hub, wanted = web.hub, asked.range()
    async with hub.store.transaction() as session:
        person = await access_person(hub, session, me.worker, ref)
        if wanted is None:
            return None
        found = await transcript(hub, session, person, me.worker, wanted)
        actor, subject = f"worker:{me.worker.id}", f"person:{person.id}"
        days = {"since": wanted.since.isoformat(), "until": wanted.until.isoformat(), "notes": wanted.notes}
        now = hub.clock.now()
        audit.record(session, now, actor, "transcript_downloaded", subject, person_id=person.id, **days)
    return found


async def _again(request: Request, web: WebDep, me: CaseWorker, ref: str, asked: Fields) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        facts = {"ref": ref, "name": shown_name(web.hub, person)}
    return _page(request, web, me, asked, facts, status=422)


def _page(
    request: Request, web: WebDep, me: CaseWorker, asked: Fields, facts: dict[str, Any], status: int = 200
) -> HTMLResponse:
    errors = asked.errors()
    return web.page(request, "transcript.html", status=status, signed_in=me, asked=asked, errors=errors, **facts)


def _file(content: bytes, kind: str, ref: str, ending: str) -> Response:
    """Named by the reference alone: file names end up in histories and e-mails."""
    headers = {"Content-Disposition": f'attachment; filename="conversation-{ref}.{ending}"'}
    return Response(content, media_type=kind, headers=headers)
