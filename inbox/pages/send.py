"""Send one text to several people: choose them, write, check, sent; and look at it again."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from hub import mailings as hub_mailings
from hub.errors import NotAllowed
from hub.mailings import FURTHEST, MOST_PEOPLE, problem_of
from hub.people import address_of
from hub.reading import mailings
from hub.reading.mailings import Choose
from hub.reading.wording import LANGUAGES
from hub.texts import DEFAULT_LANGUAGE
from hub.times import at_local, say_when
from hub.words import ChannelKind
from inbox.counting import facts_of_count
from inbox.login import CaseWorker
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/send")

NAMES = {words: code for code, words in LANGUAGES.items()}


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the form: it goes from page to page."""

    refs: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = (DEFAULT_LANGUAGE,)  # that these people read
    when: str = "now"
    day: str = ""
    clock: str = ""
    token: str = ""

    @classmethod
    def of(cls, form: FormData) -> "Written":
        given = {name: str(form.get(name, "")) for name in ("people", "languages", "when", "day", "clock", "token")}
        languages = tuple(code for code in given["languages"].split(",") if code in LANGUAGES) or (DEFAULT_LANGUAGE,)
        return cls(
            refs=tuple(ref for ref in given["people"].split(",") if ref)[: MOST_PEOPLE + 1],
            words={code: str(form.get(f"words-{code}", ""))[:10_000] for code in languages},
            languages=languages,
            when=given["when"] or "now",
            day=given["day"][:10],
            clock=given["clock"][:5],
            token=given["token"][:64],
        )

    def at(self, zone: str, now: datetime) -> tuple[datetime | None, str]:
        """When it is to go out (None: now), and what is wrong with it."""
        if self.when != "then":
            return None, ""
        try:
            at = at_local(date.fromisoformat(self.day), time.fromisoformat(self.clock), zone)
        except ValueError:
            return None, "Enter a day and a time, such as 2026-03-24 and 14:30."
        if not now < at <= now + FURTHEST:
            return None, f"Enter a time to come, within {FURTHEST.days} days."
        return at, ""


@router.get("")
async def choose(request: Request, web: WebDep, me: CaseWorker) -> HTMLResponse:
    return await _people(request, web, me, Choose())


@router.post("")
async def choose_among(request: Request, web: WebDep, me: CaseWorker) -> HTMLResponse:
    """Filtered. By POST: where somebody is to be stands in no address."""
    return await _people(request, web, me, _choose(await request.form()))


@router.post("/write")
async def write(request: Request, web: WebDep, me: CaseWorker) -> HTMLResponse:
    """The people are chosen, or it is written again."""
    form = await request.form()
    if "people" in form:
        return _form(request, web, me, Written.of(form))
    wish = _choose(form)
    async with web.hub.store.transaction() as session:
        rows = [row for row in await mailings.choices(web.hub, session, me.worker) if wish.has(row)]
    ticked = set(map(str, form.getlist("person")))
    rows = rows if form.get("all") else [row for row in rows if row.ref in ticked]
    if not rows or len(rows) > MOST_PEOPLE:
        error = f"Choose {MOST_PEOPLE} people at most." if rows else "Choose at least one person."
        return await _people(request, web, me, wish, error=error)
    languages = {NAMES.get(row.language, DEFAULT_LANGUAGE) for row in rows} - {DEFAULT_LANGUAGE}
    refs = tuple(row.ref for row in rows)
    token = secrets.token_urlsafe(16)
    return _form(request, web, me, Written(refs, languages=(DEFAULT_LANGUAGE, *sorted(languages)), token=token))


@router.post("/count")
async def count(request: Request, web: WebDep, me: CaseWorker, language: str = DEFAULT_LANGUAGE) -> HTMLResponse:
    """As the text is written: by the function that sends it."""
    facts = _count(str((await request.form()).get(f"words-{language}", ""))[:10_000])
    return web.page(request, "parts/count.html", signed_in=me, **facts)


@router.post("/check")
async def check(request: Request, web: WebDep, me: CaseWorker) -> HTMLResponse:
    written = Written.of(await request.form())
    zone = me.worker.team.agency.time_zone
    at, wrong_time = written.at(zone, web.hub.clock.now())
    errors = {f"words-{DEFAULT_LANGUAGE}": problem_of(written.words), "day": wrong_time}
    errors = {name: words for name, words in errors.items() if words}
    if errors:
        return _form(request, web, me, written, errors=errors, status=422)
    async with web.hub.store.transaction() as session:
        found = await hub_mailings.outlook(web.hub, session, me.worker, written.refs, written.words, at)
        left_out = mailings.left_out_in_words(web.hub, found)
    hours = sorted({recipient.goes_at for recipient in found.getting})
    when = [(say_when(hour, zone), sum(r.goes_at == hour for r in found.getting)) for hour in hours]
    shown = {recipient.words: recipient.rendered for recipient in found.getting}
    facts: dict[str, Any] = {"found": found, "left_out": left_out, "when": when, "shown": shown}
    facts |= {"getting": [sum(r.words == words for r in found.getting) for words in shown]}
    facts |= {"at_once": at is None and hours[:1] == [web.hub.clock.now()], "trial": _not_listed(web, found)}
    return web.page(request, "send_check.html", signed_in=me, written=written, **facts)


@router.post("/go")
async def go(request: Request, web: WebDep, me: CaseWorker) -> Response:
    """Once: the same form posted again leads to what it sent."""
    written = Written.of(await request.form())
    at, wrong_time = written.at(me.worker.team.agency.time_zone, web.hub.clock.now())
    if wrong_time and not written.token:
        return _form(request, web, me, written, errors={"day": wrong_time}, status=422)
    if not written.token:
        raise NotAllowed
    async with web.hub.store.transaction() as session:
        args = (web.hub, session, me.worker, written.refs, written.words, at, written.token)
        sent = await hub_mailings.send(*args)
    return RedirectResponse(f"/send/{sent.ref}", 303)


@router.get("/before")
async def before(request: Request, web: WebDep, me: CaseWorker) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        rows = await mailings.before(session, me.worker)
    return web.page(request, "mailings.html", signed_in=me, rows=rows)


@router.get("/{ref}")
async def sent(request: Request, web: WebDep, me: CaseWorker, ref: str, cancelled: int = -1) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        found = await mailings.one(web.hub, session, me.worker, await hub_mailings.access(session, me.worker, ref))
    return web.page(request, "mailing.html", signed_in=me, found=found, cancelled=cancelled)


@router.post("/{ref}/cancel")
async def cancel(web: WebDep, me: CaseWorker, ref: str) -> Response:
    async with web.hub.store.transaction() as session:
        mailing = await hub_mailings.access(session, me.worker, ref, lock=True)
        number = await hub_mailings.cancel(web.hub, session, me.worker, mailing)
    return RedirectResponse(f"/send/{ref}?cancelled={number}", 303)


def _choose(form: FormData) -> Choose:
    given = {name: str(form.get(name, ""))[:200] for name in ("worker", "language", "day", "place")}
    try:
        day = date.fromisoformat(given["day"]) if given["day"] else None
    except ValueError:
        day = None
    return Choose(given["worker"], given["language"], day, given["place"])


async def _people(request: Request, web: Web, me: CaseWorker, wish: Choose, *, error: str = "") -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        everybody = await mailings.choices(web.hub, session, me.worker)
    rows = [row for row in everybody if wish.has(row)]
    beside: dict[str, Any] = {
        "workers": sorted({row.worker for row in everybody}),
        "languages": sorted({row.language for row in everybody}),
        "places": sorted({row.place for row in everybody if row.place}),
        "everybody": len(everybody),
        "most": MOST_PEOPLE,
    }
    status = 422 if error else 200
    return web.page(request, "send.html", status=status, signed_in=me, rows=rows, wish=wish, error=error, **beside)


def _form(
    request: Request,
    web: Web,
    me: CaseWorker,
    written: Written,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    counts = {code: _count(written.words.get(code, "")) for code in written.languages}
    facts: dict[str, Any] = {"written": written, "counts": counts, "names": LANGUAGES}
    return web.page(request, "send_write.html", status=status, signed_in=me, errors=errors or {}, **facts)


def _count(typed: str) -> dict[str, Any]:
    """Without the button that puts plain characters in: this form goes on to a page that shows the text as it goes."""
    return facts_of_count(typed) | {"plainer": False}


def _not_listed(web: Web, found: hub_mailings.Outlook) -> int:
    """In trial mode: how many would be refused, as their address is not on the list."""
    listed = web.settings.trial_addresses
    if listed is None:
        return 0
    texts = (r for r in found.getting if r.way.contact.channel is not ChannelKind.WEBCHAT)
    return sum(address_of(web.hub, r.person, r.way.contact) not in listed for r in texts)
