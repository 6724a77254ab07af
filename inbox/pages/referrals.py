"""Referrals: the list, whoever waits for a worker first, and one of them with all that can be done about it."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub.errors import NotAllowed
from hub.reading import referral as one
from hub.reading import referrals as reading
from hub.reading.referral_words import WHO
from hub.referrals import deciding, doors, own_links, steps
from hub.referrals.deciding import DECLINED_FOR
from hub.store import audit
from hub.store.tables import Referral
from hub.times import local
from inbox import typed as read
from inbox.login import SupervisionWorker
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/referrals")

HERE = "/referrals/{referral}"
SPOKEN = {"phone": "By phone", "in_person": "Face to face", "letter": "In writing"}
DONE = {
    "asked": "They are asked by text, at the next permitted hour.",
    "not_asked": "Nothing was sent. What to do instead stands below.",
    "call": "Nothing more goes out by itself. Record what they say here.",
    "recorded": "What they said is kept.",
    "joined": "They are the same person now. You can ask them by text, or call.",
    "alone": "Kept. Now the young person’s own yes is needed; nothing is sent by text.",
    "accepted": "Accepted. They have a case now, and you are their worker.",
    "declined": "Declined. The referrer reads your words on their page.",
}


@router.get("")
async def show_all(request: Request, web: WebDep, me: SupervisionWorker, view: str = "waiting") -> HTMLResponse:
    view = view if view in reading.VIEWS else "waiting"
    async with web.hub.store.transaction() as session:
        door = await doors.of_agency(session, me.worker.team.agency_id)
        facts: dict[str, Any] = {
            "rows": await reading.rows(web.hub, session, me.worker, view),
            "counts": await reading.counts(web.hub, session, me.worker),
            "views": reading.VIEWS,
            "view": view,
            "form": f"{web.hub.public_url}/refer/{door.word}" if door and door.is_open else "",
        }
    return web.page(request, "referrals.html", signed_in=me, **facts)


@router.get("/{referral}")
async def show(request: Request, web: WebDep, me: SupervisionWorker, referral: str, done: str = "") -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        found = await deciding.access(session, me.worker, referral)
        now, about = web.hub.clock.now(), f"referral:{found.id}"
        audit.record(session, now, f"worker:{me.worker.id}", "referral_viewed", about, person_id=found.young_id)
        return await _page(request, web, me, session, found, done=DONE.get(done, ""))


@router.post("/{referral}/ask")
async def ask(web: WebDep, me: SupervisionWorker, referral: str) -> Response:
    async with web.hub.store.transaction() as session:
        found = await deciding.access(session, me.worker, referral, lock=True)
        why_not = await deciding.ask_now(web.hub, session, me.worker, found)
    return _back(referral, "not_asked" if why_not else "asked")


@router.post("/{referral}/call-first")
async def call_first(web: WebDep, me: SupervisionWorker, referral: str) -> Response:
    async with web.hub.store.transaction() as session:
        found = await deciding.access(session, me.worker, referral, lock=True)
        await deciding.call_first(web.hub, session, me.worker, found)
    return _back(referral, "call")


@router.post("/{referral}/said")
async def record(request: Request, web: WebDep, me: SupervisionWorker, referral: str) -> Response:
    """A yes or a no that somebody said to a worker."""
    typed = read.fields(await request.form())
    on = read.day(typed.get("on", ""))
    errors = {}
    if typed.get("answer") not in {steps.YES, steps.NO}:
        errors["answer"] = "Select what they said."
    if typed.get("how") not in SPOKEN:
        errors["how"] = "Select how they said it."
    if on is None:
        errors["on"] = "Enter the day on which they said it."
    async with web.hub.store.transaction() as session:
        found = await deciding.access(session, me.worker, referral, lock=True)
        if errors or on is None:
            return await _page(request, web, me, session, found, errors=errors, typed=typed)
        try:
            who, what, how = typed.get("who", ""), typed["answer"], typed["how"]
            await deciding.record(web.hub, session, me.worker, found, who, what, how, on)
        except NotAllowed as wrong:
            return await _page(request, web, me, session, found, errors={"on": wrong.detail}, typed=typed)
    return _back(referral, "recorded")


@router.post("/{referral}/alone")
async def alone(request: Request, web: WebDep, me: SupervisionWorker, referral: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        found = await deciding.access(session, me.worker, referral, lock=True)
        try:
            await deciding.decides_alone(web.hub, session, me.worker, found, typed.get("understands", ""))
        except NotAllowed as wrong:
            return await _page(request, web, me, session, found, errors={"understands": wrong.detail}, typed=typed)
    return _back(referral, "alone")


@router.post("/{referral}/same-person")
async def same_person(request: Request, web: WebDep, me: SupervisionWorker, referral: str) -> Response:
    who = read.fields(await request.form()).get("who", "")
    async with web.hub.store.transaction() as session:
        found = await deciding.access(session, me.worker, referral, lock=True)
        if who not in WHO:
            raise NotAllowed
        await deciding.join(web.hub, session, me.worker, found, who)
    return _back(referral, "joined")


@router.post("/{referral}/link")
async def link(request: Request, web: WebDep, me: SupervisionWorker, referral: str) -> HTMLResponse:
    """Shown once, in this answer."""
    async with web.hub.store.transaction() as session:
        found = await deciding.access(session, me.worker, referral, lock=True)
        token = await own_links.make(web.hub, session, me.worker.id, found)
        address = f"{web.hub.public_url}/refer/answer/{token}"
        return await _page(request, web, me, session, found, link=address)


@router.post("/{referral}/accept")
async def accept(request: Request, web: WebDep, me: SupervisionWorker, referral: str) -> Response:
    typed = read.fields(await request.form())
    invite = typed.get("invite") == "yes"
    may_know = {"yes": True, "no": False}.get(typed.get("guardian_may_know", ""))
    async with web.hub.store.transaction() as session:
        found = await deciding.access(session, me.worker, referral, lock=True)
        shown = await one.one(web.hub, session, found)
        if shown.asks_about_guardian and may_know is None:
            errors = {"guardian_may_know": "Select whether whoever looks after them may know."}
            return await _page(request, web, me, session, found, errors=errors, typed=typed)
        await deciding.accept(web.hub, session, me.worker, found, guardian_may_know=may_know, invite_guardian=invite)
    return _back(referral, "accepted")


@router.post("/{referral}/decline")
async def decline(request: Request, web: WebDep, me: SupervisionWorker, referral: str) -> Response:
    typed = read.fields(await request.form())
    wrong_field = "why" if typed.get("why") not in DECLINED_FOR else "words"
    async with web.hub.store.transaction() as session:
        found = await deciding.access(session, me.worker, referral, lock=True)
        try:
            why, words = typed.get("why", ""), typed.get("words", "")
            await deciding.decline(web.hub, session, me.worker, found, why, words)
        except NotAllowed as wrong:
            return await _page(request, web, me, session, found, errors={wrong_field: wrong.detail}, typed=typed)
    return _back(referral, "declined")


def _back(referral: str, done: str) -> RedirectResponse:
    return RedirectResponse(f"{HERE.format(referral=referral)}?done={done}", 303)


async def _page(
    request: Request,
    web: Web,
    me: SupervisionWorker,
    session: AsyncSession,
    found: Referral,
    *,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    done: str = "",
    link: str = "",
) -> HTMLResponse:
    await session.flush()
    today = local(web.hub.clock.now(), found.agency.time_zone).date().isoformat()
    facts: dict[str, Any] = {
        "found": await one.one(web.hub, session, found),
        "who": WHO,
        "how": SPOKEN,
        "declined_for": DECLINED_FOR,
        "errors": errors or {},
        "typed": {"on": today} | dict(typed or {}),
        "done": done,
        "link": link,
    }
    return web.page(request, "referral.html", status=422 if errors else 200, signed_in=me, **facts)
