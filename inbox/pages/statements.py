"""Statements of a person, for the worker: asked for, read, printed. Only on the victims' side."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import access_person, access_statement
from hub.errors import NotFound
from hub.people import conversation_for
from hub.reading import statements as reading
from hub.reading.statements import Told
from hub.safe_contact import is_recorded
from hub.speaking import speak_to
from hub.statements import records, talk
from hub.store import audit
from hub.store.tables import Person
from hub.words import Purpose, Side
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.pages.person import tab_page
from inbox.pages.person_edit import task_page
from inbox.qr import picture_of
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/statements")

TAB = "/statements"
HOW = {"text": "Text them now", "link": "They are with me: show a link and a picture to scan"}
DONE = {"text": "Asked. They hear of it at their next permitted hour, in words that fit their phone."}


@router.get("")
async def show(request: Request, web: WebDep, me: CaseWorker, ref: str, done: str = "") -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await _victim(web, me, session, ref, viewing="person_viewed")
        return await _list(request, web, me, session, person, done=DONE.get(done, ""))


@router.post("")
async def ask(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await _victim(web, me, session, ref)
        errors = _problems(web, typed)
        handling = await speak_to(web.hub, session, person, Purpose.UPDATE) if not errors else None
        if not errors and typed["how"] == "text" and handling is None:
            errors = {"how": "There is no way to text them: show them the link instead, or add a number first."}
        if errors:
            return await _list(request, web, me, session, person, errors=errors, typed=typed)
        statement = await records.ask(web.hub, session, me.worker, person, typed["questions"])
        if typed["how"] == "text" and handling:
            await talk.invite(handling, statement)
            return RedirectResponse(f"/people/{person.ref}/statements?done=text", 303)
    return RedirectResponse(f"/people/{person.ref}/statements/{statement.id}/link", 303)


@router.get("/{number}")
async def told(request: Request, web: WebDep, me: CaseWorker, ref: str, number: int) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await _victim(web, me, session, ref)
        statement = await access_statement(web.hub, session, me.worker, person, number, "statement_viewed")
        found = await reading.told(web.hub, session, statement)
        return await task_page(request, web, me, session, person, "statement_told.html", told=found)


@router.get("/{number}/link")
async def link(request: Request, web: WebDep, me: CaseWorker, ref: str, number: int) -> HTMLResponse:
    """For somebody who stands beside the worker. Whoever has the link reads and answers: it is shown, not sent."""
    async with web.hub.store.transaction() as session:
        person = await _victim(web, me, session, ref)
        statement = await access_statement(web.hub, session, me.worker, person, number, "statement_link_shown")
        if not records.may_go_on(web.hub, statement):
            raise NotFound
        address = records.link(web.hub, statement)
        facts: dict[str, Any] = {"link": address, "picture": picture_of(address), "number": number}
        return await task_page(request, web, me, session, person, "statement_link.html", **facts)


@router.get("/{number}/statement.pdf")
async def print_pdf(web: WebDep, me: CaseWorker, ref: str, number: int) -> Response:
    """The record of the printing is sealed first, as with a timeline."""
    hub = web.hub
    async with hub.store.transaction() as session:
        person = await _victim(web, me, session, ref)
        statement = await access_statement(hub, session, me.worker, person, number, "statement_downloaded")
        found = await reading.told(hub, session, statement)
    async with hub.store.transaction() as session:
        await audit.seal(session, hub.clock.now())
    content = await asyncio.to_thread(_drawn, found, me.worker.name)
    headers = {"Content-Disposition": f'attachment; filename="statement-{found.reference}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


async def _victim(web: Web, me: CaseWorker, session: AsyncSession, ref: str, viewing: str | None = None) -> Person:
    """Raises `NotFound` on the other side."""
    person = await access_person(web.hub, session, me.worker, ref, viewing=viewing)
    if person.side is not Side.VICTIMS:
        raise NotFound
    return person


def _problems(web: Web, typed: Any) -> dict[str, str]:
    errors = {}
    if typed.get("questions") not in _sets(web):
        errors["questions"] = "Select which questions."
    if typed.get("how") not in HOW:
        errors["how"] = "Select how they are asked."
    return errors


def _sets(web: Web) -> dict[str, str]:
    found = web.hub.flows.statements.values()
    return {each.name: each.title["en"] for each in found if each.side is Side.VICTIMS}


async def _list(
    request: Request,
    web: Web,
    me: CaseWorker,
    session: AsyncSession,
    person: Person,
    *,
    errors: dict[str, str] | None = None,
    typed: Any = None,
    done: str = "",
) -> HTMLResponse:
    conversation = await conversation_for(session, person)
    facts: dict[str, Any] = {
        "rows": await reading.of_person(web.hub, session, person),
        "sets": _sets(web),
        "how": HOW,
        "errors": errors or {},
        "typed": typed or {},
        "done": done,
        "safety_unknown": conversation is not None and not is_recorded(conversation.contact_point),
        "discreet": conversation is not None and conversation.contact_point.discreet,
    }
    status = 422 if errors else 200
    return await tab_page(request, web, me, session, person, TAB, "person_statements.html", status=status, **facts)


def _drawn(found: Told, by: str) -> bytes:
    # Here, and so in a thread: what draws pages takes long to load, and most processes never draw one.
    from inbox.transcripts.statement_as_pdf import as_pdf

    return as_pdf(found, by)
