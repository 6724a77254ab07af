"""With whom a person may not be in contact: entering somebody, ending it, and whom it has put out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import no_contact
from hub.access import access_person
from hub.access_supporters import access_no_contact
from hub.addresses import parse_mobile
from hub.errors import BadAddress
from hub.no_contact import WHY
from hub.reading import no_contact as reading
from hub.store.tables import Person
from hub.threads.barring import end_barred
from hub.times import at_local, local
from inbox import typed as read
from inbox.login import SupervisionWorker
from inbox.pages.person_edit import actor, task_page
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/no-contact")

HERE = "/people/{ref}/no-contact?done={done}"
DONE = {
    "added": "Added. From now on nobody with one of these numbers can stand by them or hear anything of them.",
    "named": "Added. A name alone bars nobody, since two people can share one: you are asked to look instead.",
    "put_out": "Added. Somebody with this number stood by them: their part has ended now. What waited to go to them "
    "does not leave. They are named below.",
    "ended": "Ended. It stays here for the record. Whoever was put out stays out until the person asks for them again.",
}
MIDNIGHT = time(0)
MOST_NUMBERS = 10
_BETWEEN = re.compile(r"[\n,;]+")


@dataclass(frozen=True, slots=True)
class Wish:
    name: str
    numbers: tuple[str, ...]
    why: str
    ends_at: datetime | None
    case_id: int | None


@router.get("")
async def show(request: Request, web: WebDep, me: SupervisionWorker, ref: str, done: str = "") -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="no_contact_viewed")
        return await _page(request, web, me, session, person, done=DONE.get(done, ""))


@router.post("")
async def add(request: Request, web: WebDep, me: SupervisionWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        wish, errors = _read(web, person, typed, await reading.cases_of(session, person))
        if wish is None:
            return await _page(request, web, me, session, person, errors=errors, typed=typed)
        done = await _add(web, session, me, person, wish)
    return RedirectResponse(HERE.format(ref=ref, done=done), 303)


@router.post("/{number}/end")
async def end(web: WebDep, me: SupervisionWorker, ref: str, number: int) -> Response:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        entry = await access_no_contact(session, person, number)
        await no_contact.end(web.hub, session, me.worker.id, entry)
    return RedirectResponse(HERE.format(ref=ref, done="ended"), 303)


async def _add(web: Web, session: AsyncSession, me: SupervisionWorker, person: Person, wish: Wish) -> str:
    """In one transaction with the end of whoever it bars: nothing leaves in between."""
    await no_contact.add(
        web.hub,
        session,
        me.worker.id,
        person,
        name=wish.name,
        numbers=wish.numbers,
        why=wish.why,
        ends_at=wish.ends_at,
        case_id=wish.case_id,
    )
    if await end_barred(web.hub, session, actor(me), person):
        return "put_out"
    return "added" if wish.numbers else "named"


def _read(
    web: Web, person: Person, typed: Mapping[str, str], cases: Mapping[int, str]
) -> tuple[Wish | None, dict[str, str]]:
    zone, errors = person.agency.time_zone, dict[str, str]()
    numbers, wrong = _numbers(web, typed.get("numbers", ""))
    if wrong:
        errors["numbers"] = wrong
    if not typed.get("name") and not numbers and not wrong:
        errors["name"] = "Enter a name, a number, or both."
    if typed.get("why") not in WHY:
        errors["why"] = "Select why."
    day = read.day(typed.get("until", ""))
    if typed.get("until") and (day is None or day <= local(web.hub.clock.now(), zone).date()):
        errors["until"] = "Enter a day from tomorrow on, or leave it empty."
    case = read.number(typed.get("case", ""), 1, 2**62)
    if errors:
        return None, errors
    ends_at = at_local(day, MIDNIGHT, zone) if day else None
    return Wish(typed.get("name", "")[:200], numbers, typed["why"], ends_at, case if case in cases else None), {}


def _numbers(web: Web, typed: str) -> tuple[tuple[str, ...], str]:
    """E.164, and what is wrong: which of several, since nobody should have to guess."""
    lines = [line.strip() for line in _BETWEEN.split(typed) if line.strip()]
    if len(lines) > MOST_NUMBERS:
        return (), f"Enter at most {MOST_NUMBERS} numbers, one on each line."
    found = []
    for line in lines:
        try:
            found.append(parse_mobile(line, fictional=web.settings.fictional).e164)
        except BadAddress as wrong:
            return (), f"{line}: {wrong}"
    return tuple(dict.fromkeys(found)), ""


async def _page(
    request: Request,
    web: Web,
    me: SupervisionWorker,
    session: AsyncSession,
    person: Person,
    *,
    done: str = "",
    **asked: Any,
) -> HTMLResponse:
    facts: dict[str, Any] = {
        "entries": await reading.entries(web.hub, session, me.worker, person),
        "put_out": await reading.put_out(web.hub, session, person),
        "cases": await reading.cases_of(session, person),
        "why": WHY,
        "done": done,
    }
    return await task_page(request, web, me, session, person, "person_no_contact.html", **facts, **asked)
