"""Changing what is known about a person: name, language, a way to reach them, what they may be texted about."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import person_details
from hub.access import access_person
from hub.addresses import parse_mobile
from hub.errors import BadAddress
from hub.people import add_contact, name_of
from hub.person_details import ASKED_FOR
from hub.reading import person as reading
from hub.reading.texts import key_of
from hub.reading.wording import CHANNELS, LANGUAGES
from hub.store.tables import Person
from hub.words import ChannelKind, Purpose, Side
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}")

NO_NAME = "Enter the name, or who it seems to be."


@router.get("/name")
async def ask_name(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        key = key_of(web.hub, person)
        sealed = person.preferred_name_sealed
        typed = {"name": name_of(web.hub, person), "preferred": key.open(sealed, "name") if key and sealed else ""}
        return await task_page(request, web, me, session, person, "person_name.html", typed=typed)


@router.post("/name")
async def take_name(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        if not typed.get("name"):
            errors = {"name": NO_NAME}
            return await task_page(request, web, me, session, person, "person_name.html", errors=errors, typed=typed)
        await person_details.rename(
            web.hub, session, actor(me), person, typed["name"][:200], typed.get("preferred", "")[:60]
        )
    return back(ref)


@router.get("/language")
async def ask_language(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        typed = {"language": person.language}
        return await task_page(
            request, web, me, session, person, "person_language.html", typed=typed, languages=LANGUAGES
        )


@router.post("/language")
async def take_language(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        if typed.get("language") not in LANGUAGES:
            errors = {"language": "Select the language that we write in."}
            beside: dict[str, Any] = {"errors": errors, "languages": LANGUAGES}
            return await task_page(request, web, me, session, person, "person_language.html", **beside)
        await person_details.set_language(web.hub, session, actor(me), person, typed["language"])
    return back(ref)


@router.get("/number")
async def ask_number(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        return await task_page(request, web, me, session, person, "person_number.html", **_asks(person))


@router.post("/number")
async def take_number(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        try:
            mobile = parse_mobile(typed.get("number", ""), fictional=web.settings.fictional)
            way = await add_contact(
                web.hub, session, person, ChannelKind.SMS, mobile.e164, discreet=typed.get("discreet") == "yes"
            )
        except BadAddress as wrong:
            errors = {"number": str(wrong)}
            return await task_page(
                request, web, me, session, person, "person_number.html", errors=errors, typed=typed, **_asks(person)
            )
        await person_details.prefer(web.hub, session, actor(me), person, way)
    return back(ref, "/contact")


def _asks(person: Person) -> dict[str, Any]:
    return {"victims": person.side is Side.VICTIMS}


@router.post("/contact/{way_id}/prefer")
async def prefer(web: WebDep, me: CaseWorker, ref: str, way_id: int) -> Response:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        way = await person_details.contact(session, person, way_id)
        await person_details.prefer(web.hub, session, actor(me), person, way)
    return back(ref, "/contact")


@router.get("/contact/{way_id}/consent")
async def ask_consent(request: Request, web: WebDep, me: CaseWorker, ref: str, way_id: int) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        way = await person_details.contact(session, person, way_id)
        beside: dict[str, Any] = {
            "channel": CHANNELS[way.channel],
            "purposes": person_details.asked_for(way),
            "allowed": await person_details.consents(session, way),
        }
        return await task_page(request, web, me, session, person, "person_consent.html", **beside)


@router.post("/contact/{way_id}/consent")
async def take_consent(request: Request, web: WebDep, me: CaseWorker, ref: str, way_id: int) -> Response:
    form = await request.form()
    wanted = {Purpose(str(word)) for word in form.getlist("purpose") if word in set(ASKED_FOR)}
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        way = await person_details.contact(session, person, way_id)
        await person_details.set_consents(web.hub, session, actor(me), person, way, wanted)
    return back(ref, "/contact")


async def task_page(
    request: Request,
    web: Web,
    me: CaseWorker,
    session: AsyncSession,
    person: Person,
    template: str,
    *,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    **facts: Any,
) -> HTMLResponse:
    """One question about one person; with errors it has that status, and what was typed is kept."""
    head = await reading.header(web.hub, session, person)
    asked: dict[str, Any] = {"head": head, "errors": errors or {}, "typed": typed or {}}
    return web.page(request, template, status=422 if errors else 200, signed_in=me, **asked, **facts)


def actor(me: CaseWorker) -> str:
    return f"worker:{me.worker.id}"


def back(ref: str, tab: str = "") -> RedirectResponse:
    return RedirectResponse(f"/people/{ref}{tab}", 303)
