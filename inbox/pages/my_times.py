"""What somebody on the victims' side has set for themselves: times, and how they are asked. Behind a code.

Nothing of it is behind an address or a cookie: each form carries a pass that ends with the code. Its title and its
address tell nothing, for others may read this phone.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData

from hub import safe_check_plans, safe_wishes, settings_links
from hub.errors import NotFound
from hub.reading.own_data import OwnSettings, settings_of
from hub.reading.safe_checks import standing
from hub.rhythm import WEEKDAYS
from hub.safe_check_words import Time, time_in
from hub.safe_wishes import Wish
from hub.settings_links import Checked, Sent
from hub.store.tables import Person, SettingsLink
from hub.words import Side
from inbox import respondent
from inbox import typed as read
from inbox.web import Web, WebDep
from inbox.wording import wording

router = APIRouter(include_in_schema=False, prefix="/me/{token}/times")

Errors = Mapping[str, str]  # field → the name of its sentence in inbox/wording


@router.get("")
async def ask_code(request: Request, web: WebDep, token: str, sent: str = "") -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        own = await settings_of(web.hub, session, await _link(web, session, token))
    return _code_page(request, web, token, own, sent=sent if sent in set(Sent) else "")


@router.post("/send")
async def send_code(web: WebDep, token: str) -> Response:
    async with web.hub.store.transaction() as session:
        link = await _link(web, session, token, lock=True)
        sent = await settings_links.send_code(web.hub, session, link)
    return RedirectResponse(f"/me/{token}/times?sent={sent}", 303)


@router.post("")
async def open_it(request: Request, web: WebDep, token: str) -> HTMLResponse:
    form = await request.form()
    async with web.hub.store.transaction() as session:
        link = await _link(web, session, token, lock=True)
        checked = settings_links.check_code(web.hub, link, str(form.get("code") or "")[:40])
        if checked is Checked.RIGHT:
            return await _page(request, web, session, token, link)
        own = await settings_of(web.hub, session, link)
    error = wording(own.language)[f"me_code_{checked}"]
    return _code_page(request, web, token, own, status=422, error=error, sent="yes")


@router.post("/set")
async def set_time(request: Request, web: WebDep, token: str) -> HTMLResponse:
    form = await request.form()
    weekdays = [day for day in WEEKDAYS if day in form.getlist("weekday")]
    async with web.hub.store.transaction() as session:
        link = await _link(web, session, token, lock=True)
        if not _has_pass(web, link, form):
            return await _over(request, web, session, token, link)
        person, clock = link.conversation.person, read.clock(str(form.get("clock") or ""))
        wish = _wish(web, person, str(form.get("clock") or ""), weekdays) if clock else None
        errors = {} if wish else {"clock": "times_wrong_clock"}
        if wish and await safe_check_plans.problem_with(web.hub, session, person, wish):
            errors = {"clock": "times_wrong_reach"}
        elif wish:
            await safe_check_plans.set_time(web.hub, session, _actor(person), person, wish)
        typed = {"clock": str(form.get("clock") or "")[:20]} if errors else {}
        return await _page(request, web, session, token, link, errors, typed, weekdays if errors else [])


@router.post("/end")
async def end(request: Request, web: WebDep, token: str) -> HTMLResponse:
    form = await request.form()
    async with web.hub.store.transaction() as session:
        link = await _link(web, session, token, lock=True)
        if not _has_pass(web, link, form):
            return await _over(request, web, session, token, link)
        person = link.conversation.person
        days, once = (read.number(str(form.get(name) or ""), 1, 10**12) for name in ("days", "once"))
        if days:
            plan = await safe_check_plans.plan(session, person, days)
            await safe_check_plans.end_plan(web.hub, session, _actor(person), plan)
        elif once:
            await safe_check_plans.end_one(web.hub, session, _actor(person), person, once)
        return await _page(request, web, session, token, link)


@router.post("/how")
async def change_how(request: Request, web: WebDep, token: str) -> HTMLResponse:
    form = await request.form()
    typed = read.fields(form)
    async with web.hub.store.transaction() as session:
        link = await _link(web, session, token, lock=True)
        if not _has_pass(web, link, form):
            return await _over(request, web, session, token, link)
        person = link.conversation.person
        wish = Wish(
            question=typed.get("question", ""),
            duress="" if typed.get("no_word") == "yes" else typed.get("duress") or None,
            patience=read.number(typed.get("patience", ""), safe_wishes.LEAST, safe_wishes.MOST) or 0,
            tells_contacts=typed.get("tells") == "yes",
        )
        errors = {field: f"times_wrong_{field}" for field in safe_wishes.problems(web.hub, person, wish)}
        if not errors:
            await safe_wishes.change(web.hub, session, _actor(person), person, wish)
        return await _page(request, web, session, token, link, errors, typed if errors else {})


async def _link(web: Web, session: AsyncSession, token: str, *, lock: bool = False) -> SettingsLink:
    """Raises `LinkDoesNotWork`, and `NotFound` on the side that has no such page."""
    link = await settings_links.find(web.hub, session, token, lock=lock)
    if link.conversation.side is not Side.VICTIMS:
        raise NotFound
    return link


def _wish(web: Web, person: Person, clock: str, weekdays: list[str]) -> Time | None:
    """Days of the week, or once: the next time that the clock shows it."""
    if weekdays:
        return Time(clock=read.clock(clock), weekdays=weekdays)
    return time_in(clock, web.hub.clock.now(), safe_wishes.zone_of(person))


def _has_pass(web: Web, link: SettingsLink, form: FormData) -> bool:
    return settings_links.is_pass(web.hub, link, str(form.get("pass") or "")[:100])


def _actor(person: Person) -> str:
    return f"person:{person.id}"


async def _page(
    request: Request,
    web: Web,
    session: AsyncSession,
    token: str,
    link: SettingsLink,
    errors: Errors | None = None,
    typed: Mapping[str, str] | None = None,
    chosen: list[str] | None = None,
) -> HTMLResponse:
    own, person = await settings_of(web.hub, session, link), link.conversation.person
    now = await standing(web.hub, session, person, own.language)
    words = wording(own.language)
    kept = {"question": now.question, "patience": str(now.patience), "tells": "yes" if now.tells_contacts else ""}
    facts: dict[str, Any] = {
        "times": now.times,
        "has_word": now.has_word,
        "worker": person.worker.first_name if person.worker else own.agency,
        "pass": settings_links.make_pass(web.hub, link),
        "typed": kept | dict(typed or {}),
        "errors": {field: words[name] for field, name in (errors or {}).items()},
        "chosen": chosen or [],
    }
    status = 422 if errors else 200
    return respondent.page(request, web, "me_times.html", own, f"/me/{token}", "/times", status, own=own, **facts)


async def _over(request: Request, web: Web, session: AsyncSession, token: str, link: SettingsLink) -> HTMLResponse:
    own = await settings_of(web.hub, session, link)
    return _code_page(request, web, token, own, status=422, error=wording(own.language)["times_over"], sent="yes")


def _code_page(
    request: Request, web: Web, token: str, own: OwnSettings, *, status: int = 200, **facts: Any
) -> HTMLResponse:
    return respondent.page(
        request, web, "me_code.html", own, f"/me/{token}", "/times", status, own=own, behind="/times", **facts
    )
