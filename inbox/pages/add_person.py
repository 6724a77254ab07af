"""Somebody new: asked for, checked, made. A number that is known already is said before anything is saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import person_details, safe_contact_told, transfers
from hub.access import access_person, visible_ref
from hub.addresses import Mobile, parse_mobile
from hub.errors import BadAddress, NotFound, SharedNumber
from hub.people import add_contact, conversation_for, create_person, find_contact
from hub.person_details import ASKED_FOR
from hub.reading.person import ROLES
from hub.reading.texts import shown_name
from hub.reading.wording import LANGUAGES
from hub.safe_contact import SPOKE, is_recorded
from hub.store import audit
from hub.store.tables import Person
from hub.words import ROLES_OF, ChannelKind, Purpose, Role, Side
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.pages.safe_contact import hours_wrong, today, told_in
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people")

Typed = Mapping[str, str]
ASK = "ask"
SAFE = {"yes": "Yes, they told me", ASK: "Nobody has asked yet: ask them by text first"}


@dataclass(frozen=True, slots=True)
class Double:
    """Somebody here has the number already. `ref`: who, if this worker may see them."""

    ref: str


@router.get("/new")
async def ask(request: Request, web: WebDep, me: CaseWorker) -> HTMLResponse:
    first = next(role for role in ROLES if role in ROLES_OF[me.worker.team.side])
    day = today(web.hub, me.worker.team.agency.time_zone)
    typed = {"role": first.value, "language": "en", "worker": str(me.worker.id), "spoke_on": day}
    return await _form(request, web, me, typed, {})


@router.post("/new")
async def take(request: Request, web: WebDep, me: CaseWorker) -> Response:
    """Without `sure`, all of it is shown once more; `change` leads back to one question of the form."""
    typed = read.fields(await request.form())
    if typed.get("change"):
        return await _form(request, web, me, typed, {})
    workers = await _workers(web, me)
    mobile, errors = _read(web, me, typed, set(workers))
    double = await _double(web, me, mobile)
    if double:
        errors["number"] = str(SharedNumber())
    if errors:
        return await _form(request, web, me, typed, errors, double)
    if not typed.get("sure"):
        return _check(request, web, me, typed, mobile, workers)
    async with web.hub.store.transaction() as session:
        ref = await _make(web, session, me, typed, mobile)
    return RedirectResponse(f"/people/{ref}/added", 303)


@router.get("/{ref}/added")
async def added(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        tried = await session.begin_nested()
        talk = await conversation_for(session, person)
        await tried.rollback()  # the conversation begins with the first text
        facts: dict[str, Any] = {"ref": ref, "name": shown_name(web.hub, person), "reachable": talk is not None}
        asked = person.side is Side.VICTIMS
        text_key = "safe_contact.ask" if asked else "person.welcome"
        welcome = web.hub.texts_for(person).render(text_key, person.language, _welcome_facts(web, person)).text
        facts |= {"asked": asked, "known_safe": talk is not None and is_recorded(talk.contact_point)}
    return web.page(request, "person_added.html", signed_in=me, welcome=welcome, **facts)


@router.post("/{ref}/welcome")
async def welcome(web: WebDep, me: CaseWorker, ref: str) -> Response:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        if person.side is Side.VICTIMS:  # they are asked whether their phone is safe, which is welcome enough
            raise NotFound
        await person_details.welcome(web.hub, session, person)
    return RedirectResponse(f"/people/{ref}/messages", 303)


def _welcome_facts(web: Web, person: Person) -> dict[str, str]:
    return {"first_name": shown_name(web.hub, person).split(" ")[0], "agency": person.agency.short_name}


def _read(web: Web, me: CaseWorker, typed: Typed, workers: set[str]) -> tuple[Mobile | None, dict[str, str]]:
    errors: dict[str, str] = {}
    if not typed.get("name"):
        errors["name"] = "Enter the name."
    mobile = None
    if typed.get("number"):
        try:
            mobile = parse_mobile(typed["number"], fictional=web.settings.fictional)
        except BadAddress as wrong:
            errors["number"] = str(wrong)
    if typed.get("role") not in {role.value for role in ROLES_OF[me.worker.team.side]}:
        errors["role"] = "Select who they are."
    if typed.get("language") not in LANGUAGES:
        errors["language"] = "Select the language that we write in."
    if typed.get("worker") and typed["worker"] not in workers:
        errors["worker"] = "Select who looks after them."
    if mobile and me.worker.team.side is Side.VICTIMS:
        errors |= _safety_wrong(web, me, typed)
    return mobile, errors


def _safety_wrong(web: Web, me: CaseWorker, typed: Typed) -> dict[str, str]:
    """Of a victim's number somebody must say whether it is safe, or that they are to be asked."""
    if typed.get("safe") not in SAFE:
        return {"safe": "Select whether it is safe to text this number."}
    if typed["safe"] == ASK:
        return {}
    agency = me.worker.team.agency
    return hours_wrong(typed) | safe_contact_told.problems_with(web.hub, agency, told_in(typed))


async def _double(web: Web, me: CaseWorker, mobile: Mobile | None) -> Double | None:
    if mobile is None:
        return None
    async with web.hub.store.transaction() as session:
        found = await find_contact(web.hub, session, me.worker.team.side, ChannelKind.SMS, mobile.e164)
        if found is None:
            return None
        return Double(await visible_ref(session, me.worker, found.person_id))


async def _make(web: Web, session: AsyncSession, me: CaseWorker, typed: Typed, mobile: Mobile | None) -> str:
    actor = f"worker:{me.worker.id}"
    person = await create_person(
        web.hub,
        session,
        agency_id=me.worker.team.agency_id,
        side=me.worker.team.side,
        role=Role(typed["role"]),
        name=typed["name"][:200],
        preferred_name=typed.get("preferred", "")[:60] or None,
        language=typed["language"],
        worker_id=int(typed["worker"]) if typed.get("worker") else None,
    )
    subject = f"person:{person.id}"
    audit.record(session, web.hub.clock.now(), actor, "person_created", subject, person_id=person.id)
    if mobile:
        careful = typed.get("discreet") == "yes"
        way = await add_contact(web.hub, session, person, ChannelKind.SMS, mobile.e164, discreet=careful)
        if person.side is Side.VICTIMS and typed.get("safe") == "yes":
            await safe_contact_told.take(web.hub, session, me.worker, person, way, told_in(typed))
        wanted = set(ASKED_FOR) - (set() if typed.get("surveys") == "yes" else {Purpose.SURVEY})
        await person_details.set_consents(web.hub, session, actor, person, way, wanted)
    return person.ref


async def _workers(web: Web, me: CaseWorker) -> dict[str, str]:
    async with web.hub.store.transaction() as session:
        found = await transfers.case_workers(session, me.worker.team.agency_id, me.worker.team.side)
        return {str(worker.id): f"{worker.name}, {worker.team.name}" for worker in found}


def _check(
    request: Request, web: Web, me: CaseWorker, typed: Typed, mobile: Mobile | None, workers: Mapping[str, str]
) -> HTMLResponse:
    number = mobile.as_people_write_it if mobile else "None yet"
    rows = [
        ("name", "Name", typed["name"]),
        ("preferred", "Name in texts", typed.get("preferred") or typed["name"].split(" ")[0]),
        ("role", "Who", ROLES[Role(typed["role"])]),
        ("number", "Mobile number", number + (", others may read it" if typed.get("discreet") == "yes" else "")),
        *_safety_rows(me, typed, mobile),
        ("language", "Language", LANGUAGES[typed["language"]]),
        ("worker", "Worker", workers.get(typed.get("worker", ""), "Nobody")),
        ("surveys", "Surveys", "They agreed to be asked" if typed.get("surveys") == "yes" else "None"),
    ]
    return web.page(request, "person_check.html", signed_in=me, typed=typed, rows=rows)


def _safety_rows(me: CaseWorker, typed: Typed, mobile: Mobile | None) -> list[tuple[str, str, str]]:
    if mobile is None or me.worker.team.side is not Side.VICTIMS:
        return []
    if typed.get("safe") == ASK:
        return [("safe", "Safe to text", "Not known: they are asked by text, and nothing else goes out before")]
    hours = f"{typed.get('safe_from')} to {typed.get('safe_until')}" if typed.get("safe_from") else "Everybody’s"
    first = "Ask first whether it is a good time" if typed.get("ask_first") == "yes" else "No question first"
    return [
        ("safe", "Safe to text", f"Yes: {SPOKE[typed['spoke']].lower()}"),
        ("safe_from", "Hours for texts", hours),
        ("ask_first", "Before anything is told", first),
        ("code_word", "Code word", typed.get("code_word") or "None"),
    ]


async def _form(
    request: Request, web: Web, me: CaseWorker, typed: Typed, errors: Mapping[str, str], double: Double | None = None
) -> HTMLResponse:
    side = me.worker.team.side
    facts: dict[str, Any] = {
        "typed": typed,
        "errors": errors,
        "double": double,
        "roles": [(role.value, words) for role, words in ROLES.items() if role in ROLES_OF[side]],
        "languages": list(LANGUAGES.items()),
        "workers": [*(await _workers(web, me)).items(), ("", "Nobody yet")],
        "victims": side is Side.VICTIMS,
        "lists": {"safe": list(SAFE.items()), "spoke": [("", "Choose"), *SPOKE.items()]},
    }
    return web.page(request, "person_new.html", status=422 if errors else 200, signed_in=me, **facts)
