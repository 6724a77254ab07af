"""What a person thinks of how their case may be dealt with: proposing it with a preview, their views, the decision."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import proposals
from hub.access import access_case, access_person
from hub.errors import NotAllowed, NotFound
from hub.proposals import ANSWERS, DECISIONS, LONGEST, Wish
from hub.reading import cases, views
from hub.store.tables import Case, Person
from hub.times import at_local, local, say_day
from hub.words import Side
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.pages.person_edit import task_page
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/cases/{number}/views")

DONE = {
    "asked": "They are asked at the next good time.",
    "noted": "What they said is noted with the time.",
    "decided": "The decision is saved. They are told it with the reason.",
}
LATEST = timedelta(days=60)
NOON = time(12)  # any time of the day says its date


@router.get("")
async def show(request: Request, web: WebDep, me: CaseWorker, ref: str, number: int, done: str = "") -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person, case = await _case(web, session, me, ref, number, viewing="views_viewed")
        return await _page(request, web, me, session, person, case, done=DONE.get(done, ""))


@router.post("")
async def propose(request: Request, web: WebDep, me: CaseWorker, ref: str, number: int) -> Response:
    """First shows the texts as they would stand on the phone; asks when that was seen."""
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person, case = await _case(web, session, me, ref, number)
        wish, errors = _read(web, person, typed)
        if errors or wish is None:
            return await _page(request, web, me, session, person, case, errors=errors, typed=typed)
        if not typed.get("sure"):
            preview = _preview(web, person, wish)
            return await _page(request, web, me, session, person, case, typed=typed, preview=preview)
        try:
            await proposals.propose(web.hub, session, me.worker, case, wish)
        except NotAllowed as wrong:
            errors = {"words": wrong.detail}
            return await _page(request, web, me, session, person, case, errors=errors, typed=typed)
    return _back(ref, number, "asked")


@router.post("/{proposal}/said")
async def note_view(request: Request, web: WebDep, me: CaseWorker, ref: str, number: int, proposal: int) -> Response:
    """What they told the worker, face to face or by phone."""
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person, case = await _case(web, session, me, ref, number)
        row = await proposals.get(session, case, proposal)
        if typed.get("answer") not in ANSWERS:
            errors = {"answer": "Select what they said."}
            return await _page(request, web, me, session, person, case, errors=errors, typed=typed)
        actor = f"worker:{me.worker.id}"
        await proposals.give(web.hub, session, actor, row, typed["answer"], "worker", typed.get("own_words", ""))
    return _back(ref, number, "noted")


@router.post("/{proposal}/decide")
async def decide(request: Request, web: WebDep, me: CaseWorker, ref: str, number: int, proposal: int) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person, case = await _case(web, session, me, ref, number)
        row = await proposals.get(session, case, proposal)
        wrong = "decision" if typed.get("decision") not in DECISIONS else "why"
        try:
            await proposals.decide(
                web.hub, session, me.worker, row, typed.get("decision", ""), typed.get("why", "")[:LONGEST]
            )
        except NotAllowed as refused:
            errors = {wrong: refused.detail}
            return await _page(request, web, me, session, person, case, errors=errors, typed=typed)
    return _back(ref, number, "decided")


async def _case(
    web: Web, session: AsyncSession, me: CaseWorker, ref: str, number: int, viewing: str | None = None
) -> tuple[Person, Case]:
    """Of the victims' side: nobody else is asked."""
    person = await access_person(web.hub, session, me.worker, ref, viewing=viewing)
    if person.side is not Side.VICTIMS:
        raise NotFound
    return person, await access_case(session, person, number)


def _read(web: Web, person: Person, typed: Mapping[str, str]) -> tuple[Wish | None, dict[str, str]]:
    words, reason, day = typed.get("words", ""), typed.get("reason", ""), read.day(typed.get("answer_by", ""))
    today = local(web.hub.clock.now(), person.agency.time_zone).date()
    errors = {}
    if not words:
        errors["words"] = "Write what is proposed, as they will read it."
    if not reason:
        errors["reason"] = "Write why."
    for name, text in (("words", words), ("reason", reason)):
        if len(text) > LONGEST:
            errors[name] = f"Make it shorter: {LONGEST} characters are the most, and this has {len(text)}."
    if day is None or not today < day <= today + LATEST:
        errors["answer_by"] = "Enter a day from tomorrow on, within two months."
    return (Wish(words, reason, day), errors) if day and not errors else (None, errors)


def _preview(web: Web, person: Person, wish: Wish) -> list[tuple[str, int]]:
    """Both texts, with how many SMS each takes."""
    facts = {"words": wish.words, "reason": wish.reason, "by_day": _said(person, wish.answer_by)}
    texts = web.hub.texts_for(person)
    shown = [texts.render(key, person.language, facts) for key in ("views.proposal", "views.ask")]
    return [(each.text, each.count.segments) for each in shown]


def _said(person: Person, day: date) -> str:
    zone = person.agency.time_zone
    return say_day(at_local(day, NOON, zone), zone, person.language)


def _back(ref: str, number: int, done: str) -> RedirectResponse:
    return RedirectResponse(f"/people/{ref}/cases/{number}/views?done={done}", 303)


async def _page(
    request: Request,
    web: Web,
    me: CaseWorker,
    session: AsyncSession,
    person: Person,
    case: Case,
    *,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    preview: list[tuple[str, int]] | None = None,
    done: str = "",
) -> HTMLResponse:
    found = await views.rows(web.hub, session, case)
    beside: dict[str, Any] = {
        "case": cases.row(case),
        "found": found,
        "may_propose": case.closed_at is None and not any(row.open for row in found),
        "answers": list(ANSWERS.items()),
        "decisions": list(DECISIONS.items()),
        "preview": preview,
        "done": done,
        "errors": errors,
        "typed": typed,
    }
    return await task_page(request, web, me, session, person, "person_views.html", **beside)
