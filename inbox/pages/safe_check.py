"""“Are you safe?” of somebody on the victims' side: what is set, how they are asked, who is told of silence.

The person sets it themselves, by text or on their own page; a worker does it here with their say-so.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import safe_check_plans, safe_check_talk, safe_circle, safe_wishes
from hub.access import access_person
from hub.errors import NotFound
from hub.reading.check_in_plans import DAYS
from hub.reading.safe_checks import standing
from hub.rhythm import WEEKDAYS
from hub.safe_check_words import Time
from hub.safe_wishes import Wish
from hub.speaking import speak_to
from hub.store.tables import Person, SafeCheck
from hub.times import at_local, local
from hub.words import Purpose, Side
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.pages.person import tab_page
from inbox.pages.person_edit import actor, back, task_page
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/safe")

TAB = "/safe"
NAMED = dict(zip(WEEKDAYS, DAYS, strict=True))
PATIENCE = [(str(minutes), f"{minutes} minutes") for minutes in (5, 10, 15, 20, 30, 45, 60)]


@router.get("")
async def show(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await _victim(web, session, me, ref, viewing="person_viewed")
        found = await standing(web.hub, session, person)
        return await tab_page(request, web, me, session, person, TAB, "person_safe.html", standing=found)


@router.get("/new")
async def ask_time(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await _victim(web, session, me, ref, viewing="person_viewed")
        today = local(web.hub.clock.now(), safe_wishes.zone_of(person)).date()
        return await _time_page(request, web, me, session, person, {"on": f"{today:%Y-%m-%d}"}, ())


@router.post("/new")
async def take_time(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    form = await request.form()
    typed, weekdays = read.fields(form), [str(day) for day in form.getlist("weekday")]
    async with web.hub.store.transaction() as session:
        person = await _victim(web, session, me, ref)
        wish, errors = _wish(person, typed, weekdays)
        if wish and not errors:
            problem = await safe_check_plans.problem_with(web.hub, session, person, wish)
            errors = {"clock": problem} if problem else {}
        if wish is None or errors:
            return await _time_page(request, web, me, session, person, typed, weekdays, errors)
        check = await safe_check_plans.set_time(web.hub, session, actor(me), person, wish)
        await _tell_them(web, session, person, check)
    return back(ref, TAB)


@router.post("/{number}/end")
async def end(web: WebDep, me: CaseWorker, ref: str, number: int) -> Response:
    async with web.hub.store.transaction() as session:
        person = await _victim(web, session, me, ref)
        await safe_check_plans.end_one(web.hub, session, actor(me), person, number)
    return back(ref, TAB)


@router.post("/days/{number}/end")
async def end_days(web: WebDep, me: CaseWorker, ref: str, number: int) -> Response:
    async with web.hub.store.transaction() as session:
        person = await _victim(web, session, me, ref)
        plan = await safe_check_plans.plan(session, person, number)
        await safe_check_plans.end_plan(web.hub, session, actor(me), plan)
    return back(ref, TAB)


@router.get("/how")
async def ask_how(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await _victim(web, session, me, ref, viewing="person_viewed")
        now = await standing(web.hub, session, person)
        typed = {
            "question": now.question,
            "patience": str(now.patience),
            "tells": "yes" if now.tells_contacts else "",
        }
        return await _how_page(request, web, me, session, person, typed, has_word=now.has_word)


@router.post("/how")
async def take_how(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await _victim(web, session, me, ref)
        wish = Wish(
            question=typed.get("question", ""),
            duress="" if typed.get("no_word") == "yes" else typed.get("duress") or None,
            patience=read.number(typed.get("patience", ""), safe_wishes.LEAST, safe_wishes.MOST) or 0,
            tells_contacts=typed.get("tells") == "yes",
        )
        errors = safe_wishes.problems(web.hub, person, wish)
        if errors:
            has_word = await safe_wishes.has_duress(session, person)
            return await _how_page(request, web, me, session, person, typed, errors, has_word=has_word)
        await safe_wishes.change(web.hub, session, actor(me), person, wish)
    return back(ref, TAB)


@router.post("/contacts/{other}/ask")
async def ask_contact(web: WebDep, me: CaseWorker, ref: str, other: str) -> Response:
    async with web.hub.store.transaction() as session:
        person = await _victim(web, session, me, ref)
        await safe_circle.ask(web.hub, session, actor(me), person, await _supporter(web, session, person, other))
    return back(ref, TAB)


@router.post("/contacts/{other}/end")
async def end_contact(web: WebDep, me: CaseWorker, ref: str, other: str) -> Response:
    async with web.hub.store.transaction() as session:
        person = await _victim(web, session, me, ref)
        supporter = await _supporter(web, session, person, other)
        await safe_circle.end(web.hub, session, actor(me), person, supporter.id)
    return back(ref, TAB)


async def _victim(web: Web, session: AsyncSession, me: CaseWorker, ref: str, *, viewing: str | None = None) -> Person:
    """Raises `NotFound`: on the other side there is no such page."""
    person = await access_person(web.hub, session, me.worker, ref, viewing=viewing)
    if person.side is not Side.VICTIMS:
        raise NotFound
    return person


async def _supporter(web: Web, session: AsyncSession, person: Person, ref: str) -> Person:
    """Who stands by them; nobody else can be named here."""
    known = await safe_circle.supporters_of(session, person, web.hub.clock.now())
    found = next((each for each in known if each.ref == ref), None)
    if found is None:
        raise NotFound
    return found


async def _tell_them(web: Web, session: AsyncSession, person: Person, check: SafeCheck) -> None:
    """What has been set, in writing; to a phone that others may read nothing goes that they did not ask for there."""
    handling = await speak_to(web.hub, session, person, Purpose.UPDATE)
    if handling and not handling.conversation.contact_point.discreet:
        await safe_check_talk.confirm(handling, check)


def _wish(person: Person, typed: Mapping[str, str], weekdays: Sequence[str]) -> tuple[Time | None, dict[str, str]]:
    clock, on = read.clock(typed.get("clock", "")), read.day(typed.get("on", ""))
    errors = {} if clock else {"clock": "Enter a time, such as 22:30 or 9pm."}
    if typed.get("how") not in {"once", "days"}:
        errors["how"] = "Select whether it is once or on days of the week."
    if typed.get("how") == "once" and on is None:
        errors["on"] = "Enter a day, such as 24/03/2027."
    if typed.get("how") == "days" and not set(weekdays) & set(WEEKDAYS):
        errors["weekday"] = "Select on which days."
    if typed.get("agreed") != "yes":
        errors["agreed"] = "Ask them, and tick the box if they want it."
    if errors or clock is None:
        return None, errors
    if typed["how"] == "days":
        return Time(clock=clock, weekdays=[day for day in WEEKDAYS if day in weekdays]), {}
    return (Time(at_local(on, clock, safe_wishes.zone_of(person))), {}) if on else (None, {})


async def _time_page(
    request: Request,
    web: Web,
    me: CaseWorker,
    session: AsyncSession,
    person: Person,
    typed: Mapping[str, str],
    weekdays: Sequence[str],
    errors: Mapping[str, str] | None = None,
) -> HTMLResponse:
    beside: dict[str, Any] = {
        "days": NAMED,
        "chosen": weekdays,
        "minutes": await safe_wishes.patience_of(session, person),
    }
    return await task_page(
        request, web, me, session, person, "person_safe_time.html", typed=typed, errors=errors, **beside
    )


async def _how_page(
    request: Request,
    web: Web,
    me: CaseWorker,
    session: AsyncSession,
    person: Person,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    *,
    has_word: bool,
) -> HTMLResponse:
    beside: dict[str, Any] = {"has_word": has_word, "patience": PATIENCE, "longest": safe_wishes.LONGEST_QUESTION}
    return await task_page(
        request, web, me, session, person, "person_safe_how.html", typed=typed, errors=errors, **beside
    )
