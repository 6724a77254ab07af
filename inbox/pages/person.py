"""One person, tab by tab, each at its own address. Changes are in person_edit.py and person_standing.py."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from hub import namesakes
from hub.access import access_person
from hub.reading import appointments, check_in_plans, feedback, stands_by, survey_person
from hub.reading import history as reading_history
from hub.reading import person as reading
from hub.reading.texts import shown_name
from hub.store.tables import Person
from hub.words import Role, Side, WorkerRole
from inbox.login import CaseWorker, Reader
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}")

TABS = {
    "": "Overview",
    "/messages": "Messages",
    "/appointments": "Appointments",
    "/conditions": "Cases",
    "/check-ins": "Check-ins and proof",
    "/surveys": "Feedback",
    "/support": "Rights and support",
    "/contact": "Contact and consent",
    "/history": "History",
}
OF_SUPERVISION = {"/supporters": "Supporters"}
STANDS_BY = {"/supporters": "Stands by"}  # of a supporter
NOT_OF_SUPPORTERS = ("/conditions", "/check-ins")  # they have no case, and are asked for nothing
OF_VICTIMS = {"/safe": "Are you safe?", "/statements": "Statements"}  # beside these, on that side alone
OF_PROVIDERS = ("", "/messages", "/appointments")
DONE = {
    "merged": "The two records are one now. Look through the messages and appointments: there may be some twice.",
    "apart": "They are two people. Neither is suggested for the other again.",
}
SURVEYS_DONE = {
    "invited": "They are invited at the next hour at which texts may go out.",
    "open": "They had been asked before, and can still answer.",
    "noted": "Noted.",
}
COLOURS = {"active": "green", "paused": "yellow", "stopped": "red", "ended": "grey"}


@router.get("")
async def overview(request: Request, web: WebDep, me: Reader, ref: str, done: str = "") -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        facts: dict[str, Any] = {
            "now": await reading.overview(web.hub, session, person),
            "ahead": (await appointments.ahead_of_person(web.hub, session, me.worker, person))[:3],
            "alike": await _alike(web, me, session, person),
            "done": DONE.get(done, ""),
        }
        return await tab_page(request, web, me, session, person, "", "person_overview.html", **facts)


async def _alike(web: Web, me: Reader, session: AsyncSession, person: Person) -> list[tuple[str, str]]:
    """Who may be the same person: for whoever may make two records one."""
    if me.worker.role is WorkerRole.PROVIDER:
        return []
    found = await namesakes.namesakes(session, me.worker, person)
    return [(each.ref, shown_name(web.hub, each)) for each in found]


@router.get("/appointments")
async def of_person(request: Request, web: WebDep, me: Reader, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        ahead = await appointments.ahead_of_person(web.hub, session, me.worker, person)
        past = await appointments.past_of_person(web.hub, session, me.worker, person)
        facts: dict[str, Any] = {"lists": [("Ahead", ahead), ("Past", past)]}
        return await tab_page(request, web, me, session, person, "/appointments", "person_appointments.html", **facts)


@router.get("/check-ins")
async def check_ins(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        facts: dict[str, Any] = {
            "standing": await check_in_plans.standing(web.hub, session, person),
            "check_ins": await reading.check_ins(session, person),
            "proofs": await reading.proofs(session, person),
        }
        return await tab_page(request, web, me, session, person, "/check-ins", "person_check_ins.html", **facts)


@router.get("/surveys")
async def surveys(request: Request, web: WebDep, me: CaseWorker, ref: str, done: str = "") -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        facts: dict[str, Any] = {
            "surveys": await survey_person.runs_of(web.hub, session, person),
            "noted": await survey_person.noted(session, person),
            "done": SURVEYS_DONE.get(done, ""),
            "sessions": await feedback.of_person(web.hub, session, me.worker, person),
        }
        return await tab_page(request, web, me, session, person, "/surveys", "person_surveys.html", **facts)


@router.get("/contact")
async def contact(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        ways = await reading.ways(web.hub, session, person)
        return await tab_page(request, web, me, session, person, "/contact", "person_contact.html", ways=ways)


@router.get("/history")
async def history(request: Request, web: WebDep, me: CaseWorker, ref: str, page: int = 1) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        found = await reading_history.history(session, me.worker, person, page)
        return await tab_page(request, web, me, session, person, "/history", "person_history.html", found=found)


async def tab_page(
    request: Request,
    web: Web,
    me: Reader,
    session: AsyncSession,
    person: Person,
    tab: str,
    template: str,
    *,
    status: int = 200,
    **facts: Any,
) -> HTMLResponse:
    """A tab under the person's header."""
    provider = me.worker.role is WorkerRole.PROVIDER
    around: dict[str, Any] = {
        "tabs": {end: words for end, words in _tabs(person).items() if not provider or end in OF_PROVIDERS},
        "tab": tab,
        "colours": COLOURS,
        "may_change": not provider,
        "stands": [] if provider else await stands_by.lines(web.hub, session, me.worker, person),
    }
    header = await reading.header(web.hub, session, person)
    return web.page(request, template, status=status, signed_in=me, head=header, **around, **facts)


def _tabs(person: Person) -> dict[str, str]:
    if person.side is Side.VICTIMS:
        return TABS | OF_VICTIMS
    if person.role is Role.SUPPORTER:
        return {end: words for end, words in TABS.items() if end not in NOT_OF_SUPPORTERS} | STANDS_BY
    return TABS | OF_SUPERVISION
