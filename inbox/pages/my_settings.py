"""A person's own settings: what they choose about our texts, and what we hold about them.

The link is the key; what is personal is shown once after a one-time code, in the answer to the code itself, so that no
address and no cookie opens it again.
"""

from collections.abc import Awaitable, Callable
from datetime import time
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from hub import own_settings, settings_links
from hub.called import call_me
from hub.errors import BadHours, NotAllowed, NotFound
from hub.handling import Handling
from hub.own_settings import Ask, Texts
from hub.reading.own_data import OwnSettings, data_of, settings_of
from hub.settings_links import Checked, Sent
from inbox import respondent
from inbox.web import Web, WebDep
from inbox.wording import LANGUAGES, wording

router = APIRouter(include_in_schema=False, prefix="/me/{token}")

WHAT = ("language", "name", "hours", "way", "private", "texts", "often", "named")
Change = Callable[[Handling, FormData], Awaitable[str]]  # returns what was wrong, "asked", or nothing


@router.get("")
async def show(request: Request, web: WebDep, token: str, done: str = "") -> HTMLResponse:
    """`done` is "saved" or "asked": what has just happened."""
    return await _page(request, web, token, "me.html", done=done)


@router.post("/language/{language}")
async def speak(request: Request, web: WebDep, token: str, language: str) -> Response:
    """The switch in the header."""
    if language in LANGUAGES:
        async with web.hub.store.transaction() as session:
            link = await settings_links.find(web.hub, session, token)
            own_settings.speak(await settings_links.handling_of(web.hub, session, link.conversation), language)
    return await respondent.back_to(request, f"/me/{token}")


@router.get("/data")
async def ask_code(request: Request, web: WebDep, token: str, sent: str = "") -> HTMLResponse:
    return await _page(request, web, token, "me_code.html", "/data", sent=sent if sent in set(Sent) else "")


@router.post("/data/send")
async def send_code(web: WebDep, token: str) -> Response:
    async with web.hub.store.transaction() as session:
        link = await settings_links.find(web.hub, session, token, lock=True)
        sent = await settings_links.send_code(web.hub, session, link)
    return RedirectResponse(f"/me/{token}/data?sent={sent}", 303)


@router.post("/data")
async def show_data(request: Request, web: WebDep, token: str) -> HTMLResponse:
    """What we hold, in the answer to a right code and nowhere else."""
    form = await request.form()
    async with web.hub.store.transaction() as session:
        link = await settings_links.find(web.hub, session, token, lock=True)
        checked = settings_links.check_code(web.hub, link, str(form.get("code") or "")[:40])
        own = await settings_of(web.hub, session, link)
        if checked is Checked.RIGHT:
            data = await data_of(web.hub, session, link)
            handling = await settings_links.handling_of(web.hub, session, link.conversation)
            handling.record("own_data_viewed", f"person:{handling.person.id}")
            return _of(request, web, token, own, "me_data.html", data=data)
    error = wording(own.language)[f"me_code_{checked}"]
    return _of(request, web, token, own, "me_code.html", "/data", status=422, error=error, sent="yes")


@router.post("/ask/{ask}")
async def ask(request: Request, web: WebDep, token: str, ask: Ask) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        link = await settings_links.find(web.hub, session, token)
        handling = await settings_links.handling_of(web.hub, session, link.conversation)
        when = await own_settings.ask_about_data(handling, ask)
        worker = handling.facts()["worker"]
    return await _page(request, web, token, "me_asked.html", when=when, worker=worker)


@router.get("/{what}")
async def choose(request: Request, web: WebDep, token: str, what: str) -> HTMLResponse:
    if what not in WHAT:
        raise NotFound
    return await _page(request, web, token, "me_choose.html", f"/{what}", what=what)


@router.post("/{what}")
async def save(request: Request, web: WebDep, token: str, what: str) -> Response:
    if what not in WHAT:
        raise NotFound
    form = await request.form()
    async with web.hub.store.transaction() as session:
        link = await settings_links.find(web.hub, session, token, lock=True)
        handling = await settings_links.handling_of(web.hub, session, link.conversation)
        outcome = await _CHANGES[what](handling, form)
    if outcome in {"", "asked"}:
        return RedirectResponse(f"/me/{token}?done={outcome or 'saved'}", 303)
    async with web.hub.store.transaction() as session:
        own = await settings_of(web.hub, session, await settings_links.find(web.hub, session, token))
    facts = {"what": what, "error": wording(own.language)[outcome], "typed": str(form.get("choice") or "")}
    return _of(request, web, token, own, "me_choose.html", f"/{what}", status=422, **facts)


async def _language(handling: Handling, form: FormData) -> str:
    try:
        own_settings.speak(handling, _choice(form))
    except NotFound:
        return "me_choose"
    return ""


async def _name(handling: Handling, form: FormData) -> str:
    return "" if call_me(handling, _choice(form)) else "me_name_wrong"


async def _hours(handling: Handling, form: FormData) -> str:
    hours = [str(form.get(name) or "") for name in ("start", "end")]
    match _choice(form):
        case "usual":
            await own_settings.write_between(handling, None, None)
        case "own" if all(hour.isdecimal() and int(hour) < 24 for hour in hours):
            try:
                await own_settings.write_between(handling, *(time(int(hour)) for hour in hours))
            except BadHours:
                return "me_hours_wrong"
        case _:
            return "me_choose"
    return ""


async def _way(handling: Handling, form: FormData) -> str:
    choice = _choice(form)
    try:
        await own_settings.reach_by(handling, int(choice) if choice.isdecimal() else 0)
    except NotFound:
        return "me_choose"
    return ""


async def _private(handling: Handling, form: FormData) -> str:
    if _choice(form) not in {"yes", "no"}:
        return "me_choose"
    return "" if await own_settings.others_may_read(handling, _choice(form) == "yes") else "asked"


async def _texts(handling: Handling, form: FormData) -> str:
    if _choice(form) not in set(Texts):
        return "me_choose"
    await own_settings.choose_texts(handling, Texts(_choice(form)))
    return ""


async def _often(handling: Handling, form: FormData) -> str:
    choice = _choice(form)
    try:
        await own_settings.hear_every(handling, None if choice == "none" else int(choice))
    except (ValueError, NotAllowed):
        return "me_choose"
    return ""


async def _named(handling: Handling, form: FormData) -> str:
    if _choice(form) not in {"only_me", "keep"}:
        return "me_choose"
    if _choice(form) == "only_me":
        await own_settings.tell_only_me(handling)
    return ""


_CHANGES: dict[str, Change] = {
    "language": _language,
    "name": _name,
    "hours": _hours,
    "way": _way,
    "private": _private,
    "texts": _texts,
    "often": _often,
    "named": _named,
}


def _choice(form: FormData) -> str:
    return str(form.get("choice") or "").strip()[:100]


async def _page(request: Request, web: Web, token: str, template: str, place: str = "", **facts: Any) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        own = await settings_of(web.hub, session, await settings_links.find(web.hub, session, token))
    return _of(request, web, token, own, template, place, **facts)


def _of(
    request: Request,
    web: Web,
    token: str,
    own: OwnSettings,
    template: str,
    place: str = "",
    status: int = 200,
    **facts: Any,
) -> HTMLResponse:
    return respondent.page(request, web, template, own, f"/me/{token}", place, status, own=own, clock=_clock, **facts)


def _clock(hour: int) -> str:
    """A whole hour as texts say it: 8am, midday, 5pm."""
    if hour in {0, 12}:
        return {0: "midnight", 12: "midday"}[hour]
    return f"{hour % 12}{'am' if hour < 12 else 'pm'}"
