"""A new appointment, once or repeating: asked for, checked with the reminders that follow, then made."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import appointments as hub_appointments
from hub import recurring, repeats
from hub.access import access_person
from hub.errors import BadRepeats, NotFound
from hub.foresight import foresee
from hub.people import diaries
from hub.reading import cautions, effects
from hub.reading.appointments import HOW
from hub.reading.texts import shown_name
from hub.recurring import Pattern
from hub.store.tables import Person
from hub.times import at_local, is_on_the_clock, say_when
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.pages.appointment import WHEN
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/appointments")

REPEATS = {"": "Once", "every week": "Every week", "every 2 weeks": "Every 2 weeks", "every 4 weeks": "Every 4 weeks"}
UNTIL = "Enter the last day, after the first one, such as 30/06/2027."
Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed, read."""

    day: date
    clock: time
    starts_at: datetime
    pattern: Pattern | None  # None: once
    details: dict[str, Any]


@router.get("/new")
async def ask(request: Request, web: WebDep, me: CaseWorker, person: str = "", day: str = "") -> HTMLResponse:
    typed = {"person": person, "day": day, "with_whom": me.worker.first_name, "worker": str(me.worker.id)}
    return await _form(request, web, me, typed | {"minutes": "30", "how": "in_person"}, {})


@router.post("/new")
async def take(request: Request, web: WebDep, me: CaseWorker) -> Response:
    """Without `sure`, what would follow is shown; `change` leads back into the form."""
    typed = read.fields(await request.form())
    if typed.get("change"):
        return await _form(request, web, me, typed, {})
    async with web.hub.store.transaction() as session:
        person = await _person(web, session, me, typed.get("person", ""))
        workers = {str(worker.id) for worker in await diaries(session, me.worker.team)}
    wanted, errors = _read(web, me, typed, workers)
    if person is None:
        errors = {
            "person": "Nobody of yours has this reference. Check it, or add them from the person’s page."
        } | errors
    if person is None or wanted is None or errors:
        return await _form(request, web, me, typed, errors)
    act = _making(web, me, person.ref, wanted)
    if typed.get("sure"):
        async with web.hub.store.transaction() as session:
            await act(session)
        return RedirectResponse(f"/people/{person.ref}/appointments", 303)
    return await _check(request, web, me, typed, person, wanted, act)


async def _person(web: Web, session: AsyncSession, me: CaseWorker, ref: str) -> Person | None:
    try:
        return await access_person(web.hub, session, me.worker, ref.upper())
    except NotFound:
        return None


def _making(web: Web, me: CaseWorker, ref: str, wanted: Wanted) -> Callable[[AsyncSession], Awaitable[object]]:
    async def act(session: AsyncSession) -> None:
        person = await access_person(web.hub, session, me.worker, ref)
        actor = f"worker:{me.worker.id}"
        if wanted.pattern:
            await recurring.start(web.hub, session, actor, person=person, pattern=wanted.pattern, **wanted.details)
        else:
            await hub_appointments.schedule(
                web.hub, session, actor, person=person, starts_at=wanted.starts_at, **wanted.details
            )

    return act


def _read(web: Web, me: CaseWorker, typed: Typed, workers: set[str]) -> tuple[Wanted | None, dict[str, str]]:
    zone = me.worker.team.agency.time_zone
    on, at, errors = read.day(typed.get("day", "")), read.clock(typed.get("clock", "")), _missing(typed, workers)
    if on is None or at is None or not is_on_the_clock(on, at, zone) or at_local(on, at, zone) <= web.hub.clock.now():
        return None, {"day": WHEN} | errors
    pattern: Pattern | None = None
    if typed.get("repeats"):
        try:
            pattern = pattern_from(typed, on, at, zone)
        except BadRepeats:
            errors["until"] = UNTIL
    minutes = read.number(typed.get("minutes", ""), 5, 600) or 30
    named = {name: typed.get(name, "") for name in ("how", "with_whom", "place", "directions", "bring")}
    details = named | {"minutes": minutes, "worker_id": int(typed.get("worker") or me.worker.id), "proof_wanted": False}
    details["proof_wanted"] = typed.get("proof_wanted") == "yes"
    return (None if errors else Wanted(on, at, at_local(on, at, zone), pattern, details)), errors


def _missing(typed: Typed, workers: set[str]) -> dict[str, str]:
    errors: dict[str, str] = {}
    if typed.get("how") not in HOW:
        errors["how"] = "Select how they meet."
    if not typed.get("with_whom"):
        errors["with_whom"] = "Enter who they meet, as texts say it: a first name or a service."
    if typed.get("how") == "in_person" and not typed.get("place"):
        errors["place"] = "Enter the place. People need to know where to go."
    if read.number(typed.get("minutes", ""), 5, 600) is None:
        errors["minutes"] = "Enter the minutes as a number from 5 to 600."
    if typed.get("worker") not in workers:
        errors["worker"] = "Select whose diary it belongs in."
    return errors


def pattern_from(typed: Typed, on: date, at: time, zone: str) -> Pattern:
    """Of `repeats` and `until`. Raises `BadRepeats`."""
    until = read.day(typed.get("until", "")) if typed.get("until") else None
    if typed["repeats"] not in REPEATS or (typed.get("until") and (until is None or until <= on)):
        raise BadRepeats
    words = typed["repeats"] + (f" until {until:%d/%m/%Y}" if until else "")
    return Pattern(repeats.read(words, on, at, zone), on, at)


async def _check(
    request: Request,
    web: Web,
    me: CaseWorker,
    typed: Typed,
    person: Person,
    wanted: Wanted,
    act: Callable[[AsyncSession], Awaitable[object]],
) -> HTMLResponse:
    zone = me.worker.team.agency.time_zone
    foreseen = await foresee(web.hub, person.id, act)
    async with web.hub.store.transaction() as session:
        mind = await cautions.about(web.hub, session, person, wanted.starts_at, wanted.details["minutes"])
    facts: dict[str, Any] = {
        "typed": typed,
        "name": shown_name(web.hub, person),
        "when": say_when(wanted.starts_at, zone),
        "year": wanted.day.year,
        "repeated": repeats.in_words(wanted.pattern.repeats) if wanted.pattern else "",
        "how": HOW[wanted.details["how"]],
        "details": wanted.details,
        "effect": effects.in_words(web.hub, foreseen, zone, "Adding this"),
        "cautions": mind,
    }
    return web.page(request, "appointment_check.html", signed_in=me, **facts)


async def _form(request: Request, web: Web, me: CaseWorker, typed: Typed, errors: Mapping[str, str]) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await _person(web, session, me, typed.get("person", ""))
        workers = await diaries(session, me.worker.team)
    facts: dict[str, Any] = {
        "typed": typed,
        "errors": errors,
        "name": shown_name(web.hub, person) if person else "",
        "hows": HOW,
        "repeats": REPEATS,
        "workers": [(worker.id, worker.name) for worker in workers],
    }
    return web.page(request, "appointment_new.html", status=422 if errors else 200, signed_in=me, **facts)
