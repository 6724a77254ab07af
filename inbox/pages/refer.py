"""The form by which a teacher or an agency refers a young person: short pages, kept sealed for two hours until sent.

Nobody signs in. The secret in the address is the key to what has been typed; nothing typed stands in an address or a
title. What is asked and what is wrong with it: `hub/referrals/said.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from hub.referrals import doors, drafts, receipt, said
from hub.referrals.said import PAGES, RELATIONS, ROLES, SAFE, WHY, pages_for
from hub.store.tables import ReferralDoor
from hub.times import local
from hub.words import Side
from inbox import respondent
from inbox import typed as read
from inbox.web import Web, WebDep
from inbox.wording import LANGUAGES, wording

router = APIRouter(include_in_schema=False, prefix="/refer/{word}")

TRAP = "website"  # nobody sees this field; machines fill it in
CHOICES: Mapping[str, Sequence[str]] = {
    "referrer_role": ROLES,
    "told": ("yes", "no"),
    "young_safe": SAFE,
    "language": tuple(LANGUAGES),
    "guardian_relation": RELATIONS,
    "guardian_safe": SAFE,
    "guardian_told": ("yes", "risk", "no"),
    "why": WHY,
}
KINDS = {"email": "email", "referrer_phone": "tel", "young_phone": "tel", "guardian_phone": "tel", "born": "date"}
LONG = frozenset({"why_words", "good_at", "safety"})
OPTIONAL = frozenset({"young_phone", "guardian_phone", *LONG})


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose page it is: an agency's."""

    language: str
    agency: str
    phone: str
    side: Side = Side.SUPERVISION


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a page, in the words of the page."""

    name: str
    kind: str
    label: str
    hint: str
    items: Sequence[tuple[str, str]]
    optional: bool


@router.get("")
async def start(request: Request, web: WebDep, word: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        return _start(request, web, await doors.find(session, word))


@router.post("")
async def begin(request: Request, web: WebDep, word: str) -> Response:
    form = await request.form()
    async with web.hub.store.transaction() as session:
        door = await doors.find(session, word)
        if form.get(TRAP) or not drafts.is_a_persons(web.hub, word, str(form.get("stamp") or "")[:100]):
            return _start(request, web, door, again=True)
        token = await drafts.begin(web.hub, session, door)
        draft = await drafts.find(web.hub, session, door, token)
        drafts.keep(web.hub, draft, {"in": respondent.language_of(request)})
    return RedirectResponse(f"/refer/{word}/{token}/{next(iter(PAGES))}", 303)


@router.post("/{token}/language/{language}")
async def speak(request: Request, web: WebDep, word: str, token: str, language: str) -> Response:
    """The switch in the header."""
    async with web.hub.store.transaction() as session:
        draft = await drafts.find(web.hub, session, await doors.find(session, word), token)
        if language in LANGUAGES:
            drafts.keep(web.hub, draft, drafts.read(web.hub, draft) | {"in": language})
    return await respondent.back_to(request, f"/refer/{word}/{token}")


@router.get("/{token}/check")
async def check(request: Request, web: WebDep, word: str, token: str) -> Response:
    async with web.hub.store.transaction() as session:
        door = await doors.find(session, word)
        draft = await drafts.find(web.hub, session, door, token)
        typed = drafts.read(web.hub, draft)
        missing = _first_wrong(web, door, typed)
        if missing:
            return RedirectResponse(f"/refer/{word}/{token}/{missing}", 303)
        return _check(request, web, door, typed, token)


@router.post("/{token}/check")
async def send(request: Request, web: WebDep, word: str, token: str) -> Response:
    """Once: the draft is gone with it."""
    form = await request.form()
    async with web.hub.store.transaction() as session:
        door = await doors.find(session, word)
        draft = await drafts.find(web.hub, session, door, token)
        typed = drafts.read(web.hub, draft)
        found, errors = _checked(web, door, typed)
        if found is None or errors:
            return RedirectResponse(f"/refer/{word}/{token}/{_first_wrong(web, door, typed)}", 303)
        if form.get(TRAP) or drafts.was_too_quick(web.hub, draft):
            return _check(request, web, door, typed, token, too_quick=True)
        if not await doors.has_room(web.hub, session, door.agency_id, request.client.host if request.client else ""):
            return _page(request, web, "refer_full.html", door, typed, token, "/check", status=429)
        taken = await receipt.take(web.hub, session, door.agency, found)
        await session.delete(draft)
    return RedirectResponse(f"/refer/status/{taken.token}?sent=1&in={typed.get('in', 'en')}", 303)


@router.get("/{token}/{page}")
async def show(request: Request, web: WebDep, word: str, token: str, page: str, change: bool = False) -> Response:
    async with web.hub.store.transaction() as session:
        door = await doors.find(session, word)
        typed = drafts.read(web.hub, await drafts.find(web.hub, session, door, token))
        if page not in _pages(web, door, typed):
            return RedirectResponse(f"/refer/{word}/{token}/{next(iter(PAGES))}", 303)
        return _question(request, web, door, typed, token, page, change=change)


@router.post("/{token}/{page}")
async def answer(request: Request, web: WebDep, word: str, token: str, page: str) -> Response:
    """Kept as far as it is right; a child under ten is not taken, and nothing of it is kept."""
    form = await request.form()
    async with web.hub.store.transaction() as session:
        door = await doors.find(session, word)
        draft = await drafts.find(web.hub, session, door, token)
        typed = drafts.read(web.hub, draft)
        if page not in _pages(web, door, typed):
            return RedirectResponse(f"/refer/{word}/{token}/{next(iter(PAGES))}", 303)
        typed = typed | _read(form, page)
        _, errors = _checked(web, door, typed, only=page)
        if errors.get("born") == "born_under_10":
            await session.delete(draft)
            return _page(request, web, "refer_too_young.html", door, {"in": typed.get("in", "en")}, "")
        if errors:
            return _question(request, web, door, typed, token, page, errors=errors, change=bool(form.get("change")))
        drafts.keep(web.hub, draft, typed)
        following = _following(web, door, typed, page, change=bool(form.get("change")))
    return RedirectResponse(f"/refer/{word}/{token}/{following}", 303)


def _read(form: FormData, page: str) -> dict[str, str]:
    """What this page asks, and nothing else that a form may hold."""
    fields = read.fields(form)
    found = {name: fields.get(name, "") for name in PAGES[page]}
    if "born" in found:
        day, month, year = (fields.get(f"born-{part}", "")[:4] for part in ("day", "month", "year"))
        found["born"] = f"{year.zfill(4)}-{month.zfill(2)}-{day.zfill(2)}" if day or month or year else ""
    if "why" in found:
        found["why"] = ",".join(str(code) for code in form.getlist("why") if code in WHY)
    return found


def _checked(
    web: Web, door: ReferralDoor, typed: Mapping[str, str], only: str | None = None
) -> tuple[said.Said | None, dict[str, str]]:
    return said.check(typed, _today(web, door), adults=door.adults, fictional=web.settings.fictional, only=only)


def _today(web: Web, door: ReferralDoor) -> date:
    return local(web.hub.clock.now(), door.agency.time_zone).date()


def _pages(web: Web, door: ReferralDoor, typed: Mapping[str, str]) -> Sequence[str]:
    return pages_for(typed, _today(web, door))


def _first_wrong(web: Web, door: ReferralDoor, typed: Mapping[str, str]) -> str:
    """The first page on which something is missing or wrong; empty when nothing is."""
    return next((page for page in _pages(web, door, typed) if _checked(web, door, typed, only=page)[1]), "")


def _following(web: Web, door: ReferralDoor, typed: Mapping[str, str], page: str, *, change: bool) -> str:
    """After a change, whatever it made necessary, else back to all of it."""
    if change:
        return _first_wrong(web, door, typed) or "check"
    pages = list(_pages(web, door, typed))
    return (*pages, "check")[pages.index(page) + 1]


def _start(request: Request, web: Web, door: ReferralDoor, *, again: bool = False) -> HTMLResponse:
    language = respondent.language_of(request)
    facts: dict[str, Any] = {"stamp": drafts.stamp(web.hub, door.word), "again": again, "adults": door.adults}
    return _page(request, web, "refer_start.html", door, {"in": language}, "", status=422 if again else 200, **facts)


def _question(
    request: Request,
    web: Web,
    door: ReferralDoor,
    typed: Mapping[str, str],
    token: str,
    page: str,
    *,
    errors: Mapping[str, str] | None = None,
    change: bool = False,
) -> HTMLResponse:
    words, pages = wording(typed.get("in", "en")), list(_pages(web, door, typed))
    place = pages.index(page)
    facts: dict[str, Any] = {
        "page": page,
        "asked": [_asked(words, name) for name in PAGES[page]],
        "given": typed,
        "errors": {name: words[f"refer_error_{code}"] for name, code in (errors or {}).items()},
        "change": change,
        "back_to": "check" if change else (pages[place - 1] if place else ""),
        "number": place + 1,
    }
    status = 422 if errors else 200
    return _page(request, web, "refer_page.html", door, typed, token, f"/{page}", status=status, **facts)


def _check(
    request: Request, web: Web, door: ReferralDoor, typed: Mapping[str, str], token: str, *, too_quick: bool = False
) -> HTMLResponse:
    words = wording(typed.get("in", "en"))
    parts = [
        (page, words[f"refer_page_{page}"], [(words[f"refer_{name}"], _shown(words, name, typed)) for name in names])
        for page, names in PAGES.items()
        if page in _pages(web, door, typed)
    ]
    facts = {"parts": parts, "too_quick": too_quick}
    status = 422 if too_quick else 200
    return _page(request, web, "refer_check.html", door, typed, token, "/check", status=status, **facts)


def _asked(words: Mapping[str, str], name: str) -> Asked:
    kind = "words" if name in LONG else KINDS.get(name, "text")
    items = [(value, _label(words, name, value)) for value in CHOICES.get(name, ())]
    if items:
        kind = "checks" if name == "why" else "radios"
    hint = words.get(f"refer_{name}_hint", "")
    return Asked(name, kind, words[f"refer_{name}"], hint, items, name in OPTIONAL)


def _label(words: Mapping[str, str], name: str, value: str) -> str:
    if name == "language":
        return LANGUAGES[value]
    return words[f"refer_safe_{value}" if name.endswith("_safe") else f"refer_{name}_{value}"]


def _shown(words: Mapping[str, str], name: str, typed: Mapping[str, str]) -> str:
    value = typed.get(name, "")
    if name == "born":
        return " ".join(str(int(part)) for part in reversed(value.split("-")) if part.isdigit())
    if name in CHOICES:
        return "; ".join(_label(words, name, code) for code in said.codes(value) if code in CHOICES[name])
    return value or words["refer_none"]


def _page(
    request: Request,
    web: Web,
    template: str,
    door: ReferralDoor,
    typed: Mapping[str, str],
    token: str,
    place: str = "",
    status: int = 200,
    **facts: Any,
) -> HTMLResponse:
    whose = Whose(typed.get("in", "en"), door.agency.short_name, door.agency.phone)
    here = f"/refer/{door.word}/{token}" if token else ""
    return respondent.page(
        request, web, template, whose, here, place, status=status, door=f"/refer/{door.word}", **facts
    )
