"""How one address of a person may be used: is it safe, who else reads it, when, a code word. On the victims' side a
worker says how they spoke with the person: that is what lifts a doubt."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from hub import person_details, safe_contact_told
from hub.access import access_person
from hub.core import Hub
from hub.errors import BadHours
from hub.manner import code_word_of
from hub.reading.safe_contact import in_words
from hub.reading.texts import key_of
from hub.reading.wording import CHANNELS
from hub.safe_contact import SPOKE
from hub.safe_contact_told import Told
from hub.states import SafeContactState
from hub.store.tables import ContactPoint, Person
from hub.times import local
from hub.words import Side
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.pages.person_edit import actor, back, task_page
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}")

SAFE = {"yes": "Yes, it is safe to text this phone", "no": "No, nothing may go to this phone"}
SAME_TIME = "The hours end when they begin. Enter two different times."


@router.get("/contact/{way_id}")
async def ask_safety(request: Request, web: WebDep, me: CaseWorker, ref: str, way_id: int) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        way = await person_details.contact(session, person, way_id)
        beside = {"typed": _as_it_is(web.hub, person, way), **_around(way)}
        return await task_page(request, web, me, session, person, "person_way.html", **beside)


@router.post("/contact/{way_id}")
async def take_safety(request: Request, web: WebDep, me: CaseWorker, ref: str, way_id: int) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        way = await person_details.contact(session, person, way_id)
        told = told_in(typed)
        errors = hours_wrong(typed)
        if way.side is Side.VICTIMS:
            errors |= told_wrong(web.hub, person, typed)
        if not errors:
            try:
                if way.side is Side.VICTIMS:
                    await safe_contact_told.take(web.hub, session, me.worker, person, way, told)
                else:
                    await person_details.set_safety(
                        web.hub, session, actor(me), person, way, discreet=told.discreet, window=told.hours
                    )
                return back(ref, "/contact")
            except BadHours:
                errors = {"safe_from": SAME_TIME}
        beside: dict[str, Any] = {"errors": errors, "typed": typed, **_around(way)}
        return await task_page(request, web, me, session, person, "person_way.html", **beside)


def told_in(typed: Mapping[str, str]) -> Told:
    """What was typed, as far as it can be read; what cannot is among the problems."""
    return Told(
        safe=typed.get("safe", "yes") == "yes",
        spoke=typed.get("spoke", ""),
        spoke_on=read.day(typed.get("spoke_on", "")) or date.max,
        discreet=typed.get("discreet") == "yes",
        ask_first=typed.get("ask_first") == "yes",
        hours=(read.clock(typed.get("safe_from", "")), read.clock(typed.get("safe_until", ""))),
        code_word=typed.get("code_word", ""),
    )


def told_wrong(hub: Hub, person: Person, typed: Mapping[str, str]) -> dict[str, str]:
    """By field: also the question itself, which has no answer that could be taken for granted."""
    unsaid = {} if typed.get("safe") in SAFE else {"safe": "Select whether it is safe to text this phone."}
    return unsaid | safe_contact_told.problems_with(hub, person.agency, told_in(typed))


def hours_wrong(typed: Mapping[str, str]) -> dict[str, str]:
    given = {name: typed.get(name, "") for name in ("safe_from", "safe_until")}
    wrong = {
        name: "Enter a time, such as 09:30 or 2pm." for name, text in given.items() if text and not read.clock(text)
    }
    if not wrong and bool(given["safe_from"]) != bool(given["safe_until"]):
        missing = "safe_until" if given["safe_from"] else "safe_from"
        wrong[missing] = "Enter both times, or leave both empty."
    return wrong


def today(hub: Hub, person_zone: str) -> str:
    """The day of the talk, as it mostly is."""
    return f"{local(hub.clock.now(), person_zone):%Y-%m-%d}"


def _as_it_is(hub: Hub, person: Person, way: ContactPoint) -> dict[str, str]:
    key = key_of(hub, person)
    return {
        "safe": "yes" if way.safe_state is SafeContactState.RECORDED else "",
        "spoke": "",
        "spoke_on": today(hub, person.agency.time_zone),
        "discreet": "yes" if way.discreet else "",
        "ask_first": "yes" if way.ask_first else "",
        "safe_from": f"{way.safe_from:%H:%M}" if way.safe_from else "",
        "safe_until": f"{way.safe_until:%H:%M}" if way.safe_until else "",
        "code_word": code_word_of(key, way) if key else "",
    }


def _around(way: ContactPoint) -> dict[str, Any]:
    victims = way.side is Side.VICTIMS
    stands = in_words(way) if victims else ""
    lists: dict[str, Any] = {"safe": list(SAFE.items()), "spoke": [("", "Choose"), *SPOKE.items()]}
    return {"channel": CHANNELS[way.channel], "victims": victims, "stands": stands, "lists": lists}
