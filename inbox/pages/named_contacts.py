"""Whom a victim has named to hear of their case: entering one with the victim's yes, and ending it."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import nominations
from hub.access import access_person
from hub.addresses import Mobile, parse_mobile
from hub.errors import BadAddress, NotAllowed, SharedNumber
from hub.nominations import AGREED_HOW, SCOPES
from hub.people import add_contact, create_person, find_contact
from hub.reading import named
from hub.reading.wording import LANGUAGES
from hub.store import audit
from hub.store.tables import Person
from hub.words import ChannelKind, Role, Side
from inbox import typed as read
from inbox.login import VictimsWorker
from inbox.pages.person_edit import actor, task_page
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/named")

Typed = Mapping[str, str]
HERE = "/people/{ref}/named?done={done}"
HOW = {"ask": "Not yet: ask them by text", **{how: AGREED_HOW[how] for how in nominations.BY_WORKER}}
DONE = {
    "named": "Kept. Nobody is told anything before the person has said yes.",
    "agreed": "Kept. From now on they hear, too.",
    "ended": "Ended. What waited to be sent to them is taken back.",
}


@router.get("")
async def show(request: Request, web: WebDep, me: VictimsWorker, ref: str, done: str = "") -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        return await _page(request, web, me, session, person, done=DONE.get(done, ""), typed={"language": "en"})


@router.post("")
async def add(request: Request, web: WebDep, me: VictimsWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    mobile, errors = _read(web, typed)
    how = "" if typed.get("yes") == "ask" else typed.get("yes", "")
    if mobile and not errors:
        try:
            async with web.hub.store.transaction() as session:
                await _name(web, session, me, ref, typed, mobile, how)
            return RedirectResponse(HERE.format(ref=ref, done="agreed" if how else "named"), 303)
        except NotAllowed as wrong:
            errors = {"name": wrong.detail or str(wrong)}
        except SharedNumber as wrong:
            errors = {"number": str(wrong)}
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        return await _page(request, web, me, session, person, errors=errors, typed=typed)


@router.post("/{nomination}/agreed")
async def agree(web: WebDep, me: VictimsWorker, ref: str, nomination: int) -> Response:
    """They have said yes to the worker."""
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        found = await nominations.nomination(session, person, nomination)
        await nominations.agree(web.hub, session, actor(me), found, "spoken")
    return RedirectResponse(HERE.format(ref=ref, done="agreed"), 303)


@router.post("/{nomination}/end")
async def end(web: WebDep, me: VictimsWorker, ref: str, nomination: int) -> Response:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        await nominations.end(web.hub, session, actor(me), await nominations.nomination(session, person, nomination))
    return RedirectResponse(HERE.format(ref=ref, done="ended"), 303)


async def _name(
    web: Web, session: AsyncSession, me: VictimsWorker, ref: str, typed: Typed, mobile: Mobile, how: str
) -> None:
    person = await access_person(web.hub, session, me.worker, ref)
    contact = await _contact(web, session, me, person, typed, mobile)
    wish: dict[str, Any] = {"scope": typed["scope"], "instead": typed.get("instead") == "yes", "agreed_how": how}
    await nominations.name(web.hub, session, actor(me), person, contact, **wish)


def _read(web: Web, typed: Typed) -> tuple[Mobile | None, dict[str, str]]:
    errors: dict[str, str] = {}
    mobile = None
    if not typed.get("name"):
        errors["name"] = "Enter their name."
    try:
        mobile = parse_mobile(typed.get("number", ""), fictional=web.settings.fictional)
    except BadAddress as wrong:
        errors["number"] = str(wrong)
    if typed.get("language") not in LANGUAGES:
        errors["language"] = "Select the language that we write in."
    if typed.get("scope") not in SCOPES:
        errors["scope"] = "Select how much they hear."
    if typed.get("yes") not in HOW:
        errors["yes"] = "Select whether the person has said yes."
    return mobile, errors


async def _contact(
    web: Web, session: AsyncSession, me: VictimsWorker, person: Person, typed: Typed, mobile: Mobile
) -> Person:
    """Somebody of their own on the victims' side, found again by their number. Raises `SharedNumber` for a victim's."""
    found = await find_contact(web.hub, session, Side.VICTIMS, ChannelKind.SMS, mobile.e164)
    if found:
        known = await session.get_one(Person, found.person_id)
        if known.role is not Role.SUPPORTER or known.agency_id != person.agency_id:
            raise SharedNumber
        return known
    contact = await create_person(
        web.hub,
        session,
        agency_id=person.agency_id,
        side=Side.VICTIMS,
        role=Role.SUPPORTER,
        name=typed["name"][:200],
        language=typed["language"],
        worker_id=person.worker_id,
    )
    # The worker says here whether others may read this phone: that is how we may write. The contact is not asked,
    # since before the person's own yes they are told nothing.
    careful, safe_by = typed.get("discreet") == "yes", f"named:{me.worker.id}"
    await add_contact(web.hub, session, contact, ChannelKind.SMS, mobile.e164, discreet=careful, safe_by=safe_by)
    now = web.hub.clock.now()
    audit.record(session, now, actor(me), "person_created", f"person:{contact.id}", person_id=contact.id)
    return contact


async def _page(
    request: Request, web: Web, me: VictimsWorker, session: AsyncSession, person: Person, **facts: Any
) -> HTMLResponse:
    rows = await named.rows(web.hub, session, person)
    beside: dict[str, Any] = {"rows": rows, "scopes": SCOPES, "how": HOW, "languages": LANGUAGES, "done": ""}
    return await task_page(request, web, me, session, person, "person_named.html", **(beside | facts))
