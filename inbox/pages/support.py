"""Rights and support of one person: what they were told, services that fit, what they asked for, what to pass on."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import rights, support_areas, support_work
from hub.access import access_person
from hub.errors import NotAllowed
from hub.reading import restorative, support
from hub.reading import rights as reading_rights
from hub.store.tables import Person
from hub.words import Side
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.pages.person import tab_page
from inbox.pages.person_edit import back
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/support")

TAB = "/support"
DONE = {
    "area": "The area is saved.",
    "sent": "It goes out at the next good time. On a phone that others may read, they are asked first.",
    "told": "It is noted that you told them.",
    "closed": "The request is closed.",
}
NO_DISTRICT = "Enter the first half of a postcode, such as DE1, or leave it empty."


@router.get("")
async def show(request: Request, web: WebDep, me: CaseWorker, ref: str, need: str = "", done: str = "") -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="support_viewed")
        return await _page(request, web, me, session, person, need=need, done=DONE.get(done, ""))


@router.post("/area")
async def set_area(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        district = support_areas.district_in(typed.get("area", ""))
        if typed.get("area") and not district:
            errors = {"area": NO_DISTRICT}
            return await _page(request, web, me, session, person, errors=errors, typed=typed)
        await support_areas.entered(web.hub, session, me.worker, person, district)
    return back(ref, f"{TAB}?done=area")


@router.post("/send")
async def send(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        await support_work.send(web.hub, session, me.worker, person, typed.get("service", ""), typed.get("need", ""))
    return back(ref, f"{TAB}?done=sent")


@router.post("/requests/{number}")
async def settle(request: Request, web: WebDep, me: CaseWorker, ref: str, number: int) -> Response:
    """Passed on to one of the services that they agreed to, or settled otherwise."""
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        row = await support_work.get(session, person, number)
        if typed.get("passed_to") == "none":
            await support_work.set_aside(web.hub, session, me.worker, row)
        elif typed.get("passed_to"):
            await support_work.pass_on(web.hub, session, me.worker, row, typed["passed_to"])
        else:
            errors = {f"passed_to_{number}": "Select which service you have asked, or that it is settled otherwise."}
            return await _page(request, web, me, session, person, errors=errors)
    return back(ref, f"{TAB}?done=closed")


@router.post("/rights")
async def tell_right(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    """By text at a good time, or told by the worker."""
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        item = typed.get("item", "")
        if person.side is not Side.VICTIMS or not (rights.is_right(item) or item == rights.REVIEW):
            raise NotAllowed("There is no such right.")
        if typed.get("how") == "told":
            rights.record_by_worker(session, me.worker, person, item, web.hub.clock.now())
            return back(ref, f"{TAB}?done=told")
        await rights.send(web.hub, session, me.worker, person, item)
    return back(ref, f"{TAB}?done=sent")


async def _page(
    request: Request,
    web: Web,
    me: CaseWorker,
    session: AsyncSession,
    person: Person,
    *,
    need: str = "",
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    done: str = "",
) -> HTMLResponse:
    hub = web.hub
    area = await support.area(hub, session, person)
    facts: dict[str, Any] = {
        "requests": await support.requests(hub, session, person),
        "found": await support.search(hub, session, person, need if need in hub.flows.support.needs else "", area),
        "needs": [("", "Anything"), *support.needs(hub)],
        "typed": {"area": area, "need": need, **(typed or {})},
        "errors": errors or {},
        "done": done,
        "rights": await reading_rights.of_person(hub, session, person) if person.side is Side.VICTIMS else [],
        "restorative": await restorative.standing(hub, session, person),
    }
    status = 422 if errors else 200
    return await tab_page(request, web, me, session, person, TAB, "person_support.html", status=status, **facts)
