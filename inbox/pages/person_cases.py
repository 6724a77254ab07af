"""A case: its timeline as a page and as a file, closing it, taking that back."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import case_closing
from hub.access import access_case, access_person
from hub.case_closing import CLOSED_FOR, FOR_VICTIMS, MISTAKE
from hub.errors import ReasonMissing
from hub.foresight import foresee
from hub.milestones import CLOSED
from hub.reading import cases, effects, news
from hub.reading.court.timeline import Timeline, timeline
from hub.store import audit
from hub.words import Side
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.pages.person_edit import actor, task_page
from inbox.transcripts.timeline_as_text import as_text, ending
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/cases")

BACK = "/people/{ref}/conditions?done={done}"  # the list of cases, with what was agreed in each


@router.get("/{number}/timeline")
async def show_timeline(
    request: Request, web: WebDep, me: CaseWorker, ref: str, number: int, words: bool = False
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="timeline_viewed")
        case = await access_case(session, person, number)
        found = await timeline(web.hub, session, case, me.worker.name, with_words=words)
        facts: dict[str, Any] = {"found": found, "number": number, "ending": ending(found)}
        return await task_page(request, web, me, session, person, "person_timeline.html", **facts)


@router.get("/{number}/timeline.txt")
async def print_text(web: WebDep, me: CaseWorker, ref: str, number: int, words: bool = False) -> Response:
    found = await _printed(web, me, ref, number, words=words)
    return _file(as_text(found), "text/plain; charset=utf-8", found, "txt")


@router.get("/{number}/timeline.pdf")
async def print_pdf(web: WebDep, me: CaseWorker, ref: str, number: int, words: bool = False) -> Response:
    found = await _printed(web, me, ref, number, words=words)
    return _file(await asyncio.to_thread(_drawn, found), "application/pdf", found, "pdf")


@router.get("/{number}/close")
async def ask_close(request: Request, web: WebDep, me: CaseWorker, ref: str, number: int) -> HTMLResponse:
    return await _close_page(request, web, me, ref, number)


@router.post("/{number}/close")
async def close(request: Request, web: WebDep, me: CaseWorker, ref: str, number: int) -> Response:
    """First shows what stops and what the person is told; closes when that was seen."""
    typed = read.fields(await request.form())
    why, words = typed.get("why", ""), typed.get("words", "")
    errors = {} if why in CLOSED_FOR else {"why": "Select why the case is closed."}
    if me.worker.team.side is Side.VICTIMS and why != MISTAKE and not words:
        errors["words"] = str(ReasonMissing())
    if errors:
        return await _close_page(request, web, me, ref, number, errors=errors, why=why, words=words)

    async def act(session: AsyncSession) -> None:
        person = await access_person(web.hub, session, me.worker, ref)
        case = await access_case(session, person, number, lock=True)
        await case_closing.close(web.hub, session, actor(me), case, why, words)

    if typed.get("sure"):
        async with web.hub.store.transaction() as session:
            await act(session)
        return RedirectResponse(BACK.format(ref=ref, done="closed"), 303)
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        person_id, case = person.id, await access_case(session, person, number)
        said = why != MISTAKE and person.side is Side.VICTIMS
        shown = await news.preview(web.hub, session, case, CLOSED, words) if said else None
    zone = me.worker.team.agency.time_zone
    effect = effects.in_words(web.hub, await foresee(web.hub, person_id, act), zone, "Closing it")
    return await _close_page(request, web, me, ref, number, why=why, words=words, effect=effect, shown=shown)


@router.post("/{number}/reopen")
async def reopen(web: WebDep, me: CaseWorker, ref: str, number: int) -> Response:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        case = await access_case(session, person, number, lock=True)
        await case_closing.reopen(web.hub, session, actor(me), case)
    return RedirectResponse(BACK.format(ref=ref, done="reopened"), 303)


async def _close_page(
    request: Request,
    web: Web,
    me: CaseWorker,
    ref: str,
    number: int,
    *,
    errors: dict[str, str] | None = None,
    **asked: Any,
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        found = await cases.closing(web.hub, session, await access_case(session, person, number))
        victims = person.side is Side.VICTIMS
        reasons = FOR_VICTIMS if victims else CLOSED_FOR
        facts: dict[str, Any] = {"closing": found, "reasons": reasons, "victims": victims}
        facts |= {"why": "", "words": "", "effect": None, "shown": None, **asked}
        return await task_page(request, web, me, session, person, "person_case_close.html", errors=errors, **facts)


async def _printed(web: Web, me: CaseWorker, ref: str, number: int, *, words: bool) -> Timeline:
    """The record of the printing first, then the seal, so that what is printed is sealed."""
    hub = web.hub
    async with hub.store.transaction() as session:
        person = await access_person(hub, session, me.worker, ref)
        case = await access_case(session, person, number)
        now, subject = hub.clock.now(), f"case:{case.id}"
        audit.record(session, now, actor(me), "timeline_downloaded", subject, person_id=person.id, words=words)
    async with hub.store.transaction() as session:
        await audit.seal(session, now)
    async with hub.store.transaction() as session:
        person = await access_person(hub, session, me.worker, ref)
        case = await access_case(session, person, number)
        return await timeline(hub, session, case, me.worker.name, with_words=words)


def _drawn(found: Timeline) -> bytes:
    # Here, and so in a thread: what draws pages takes long to load, and most processes never draw one.
    from inbox.transcripts.timeline_as_pdf import as_pdf

    return as_pdf(found)


def _file(content: bytes, kind: str, found: Timeline, ending: str) -> Response:
    """Named by the person's reference alone: file names end up in histories and e-mails."""
    headers = {"Content-Disposition": f'attachment; filename="timeline-{found.person_ref}.{ending}"'}
    return Response(content, media_type=kind, headers=headers)
