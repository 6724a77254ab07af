"""Who stands by a person: the tab, what each may see, taking somebody out, and the history of who allowed what."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import access_person
from hub.access_supporters import access_supporter
from hub.reading import stands_by, supporters
from hub.reading.support_history import history_of
from hub.reading.support_words import BY_WORKER, SEES, SEES_MEANS
from hub.reading.supporters import first_name
from hub.store.tables import Person, ThreadMember
from hub.threads import members
from hub.times import at_local, local
from hub.words import Role, Sees
from inbox import typed as read
from inbox.login import SupervisionWorker
from inbox.pages.person import tab_page
from inbox.pages.person_edit import actor, task_page
from inbox.spreadsheet import as_csv
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/supporters")

TAB = "/supporters"
BACK = "/people/{ref}/supporters?done={done}"
DONE = {
    "changed": "Changed. What waits to go to them and is more than that does not leave.",
    "stays": "They stand by the person as before.",
    "ended": "Their part has ended. Nothing more goes to them, and what waited for them does not leave.",
    "asked": "Kept. The person is asked by text. When they say yes they get a code to hand on.",
    "checking": "Kept. Somebody has to look at it first: it stands below.",
    "withdrawn": "Taken back. The code does not work any more.",
    "looked": "Kept. Where others may read a phone, they are told at a good time; whoever gave the code is asked now.",
    "refused": "Refused. The person is told that they cannot be added, and not why.",
}
MIDNIGHT = time(0)
HISTORY = ("When", "What", "Who", "By", "What they may see", "Until", "How")


@router.get("")
async def show(request: Request, web: WebDep, me: SupervisionWorker, ref: str, done: str = "") -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="supporters_viewed")
        rows, hidden = await stands_by.supported(web.hub, session, me.worker, person)
        facts: dict[str, Any] = {
            "circle": await supporters.circle_of(web.hub, session, me.worker, person),
            "supported": rows,
            "hidden": hidden,
            "is_supporter": person.role is Role.SUPPORTER,
            "done": DONE.get(done, ""),
        }
        return await tab_page(request, web, me, session, person, TAB, "person_supporters.html", **facts)


@router.get("/history")
async def history(request: Request, web: WebDep, me: SupervisionWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="supporters_viewed")
        lines = await history_of(web.hub, session, person)
        return await task_page(request, web, me, session, person, "person_supporters_history.html", lines=lines)


@router.get("/history.csv")
async def history_file(web: WebDep, me: SupervisionWorker, ref: str) -> Response:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="supporters_viewed")
        lines = await history_of(web.hub, session, person)
    rows = [(each.when, each.what, each.about, each.who, each.sees, each.until, each.how) for each in lines]
    return as_csv(f"supporters-{person.ref}", HISTORY, rows)


@router.get("/{other}/change")
async def ask_change(request: Request, web: WebDep, me: SupervisionWorker, ref: str, other: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="supporters_viewed")
        member = await access_supporter(web.hub, session, person, other)
        until = f"{local(member.ends_at, person.agency.time_zone):%Y-%m-%d}" if member.ends_at else ""
        typed = {"sees": str(member.sees), "until": until}
        return await _change_page(request, web, me, session, person, member, typed=typed)


@router.post("/{other}/change")
async def change(request: Request, web: WebDep, me: SupervisionWorker, ref: str, other: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        member = await access_supporter(web.hub, session, person, other, lock=True)
        until, errors = _read(web, person, typed)
        if errors:
            return await _change_page(request, web, me, session, person, member, errors=errors, typed=typed)
        sees, how = Sees(typed["sees"]), typed["how"]
        await members.change(web.hub, session, actor(me), member, sees, until, how)
    return RedirectResponse(BACK.format(ref=ref, done="changed"), 303)


@router.get("/{other}/end")
async def ask_end(request: Request, web: WebDep, me: SupervisionWorker, ref: str, other: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="supporters_viewed")
        member = await access_supporter(web.hub, session, person, other)
        facts: dict[str, Any] = {"who": first_name(web.hub, member.supporter), "other": other}
        return await task_page(request, web, me, session, person, "person_supporter_end.html", **facts)


@router.post("/{other}/end")
async def end(web: WebDep, me: SupervisionWorker, ref: str, other: str) -> Response:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        member = await access_supporter(web.hub, session, person, other, lock=True)
        await members.end(web.hub, session, actor(me), member, "removed")
    return RedirectResponse(BACK.format(ref=ref, done="ended"), 303)


@router.post("/{other}/stays")
async def stays(web: WebDep, me: SupervisionWorker, ref: str, other: str) -> Response:
    """Held, since somebody is to go and it was not said who: it is not this one."""
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        member = await access_supporter(web.hub, session, person, other, lock=True)
        for mark in (members.HELD, members.LEAVING):
            await members.go_on(web.hub, session, actor(me), member, mark)
    return RedirectResponse(BACK.format(ref=ref, done="stays"), 303)


def _read(web: Web, person: Person, typed: Mapping[str, str]) -> tuple[datetime | None, dict[str, str]]:
    """Their part ends at the start of the day after the one that was entered."""
    errors: dict[str, str] = {}
    day, zone = read.day(typed.get("until", "")), person.agency.time_zone
    if typed.get("sees") not in set(Sees):
        errors["sees"] = "Select what they may see."
    if typed.get("until") and (day is None or day <= local(web.hub.clock.now(), zone).date()):
        errors["until"] = "Enter a day from tomorrow on, or leave it empty."
    if typed.get("how") not in BY_WORKER:
        errors["how"] = "Select how the person agreed. Without their yes nothing is changed."
    return (at_local(day, MIDNIGHT, zone) if day else None), errors


async def _change_page(
    request: Request,
    web: Web,
    me: SupervisionWorker,
    session: AsyncSession,
    person: Person,
    member: ThreadMember,
    **asked: Any,
) -> HTMLResponse:
    facts: dict[str, Any] = {
        "who": first_name(web.hub, member.supporter),
        "other": member.supporter.ref,
        "sees": [(each, SEES[each], SEES_MEANS[each]) for each in Sees],
        "how": BY_WORKER,
    }
    return await task_page(request, web, me, session, person, "person_supporter_change.html", **facts, **asked)
