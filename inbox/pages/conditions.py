"""The conditions of a person: the list, one with its facts, adding, changing, deciding, giving longer."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import conditions, extensions
from hub.access import access_person
from hub.errors import NotAllowed, NotFound
from hub.reading import cases
from hub.reading import conditions as reading
from hub.states import ConditionState
from hub.store.tables import Case, Condition, Extension, Person
from hub.words import Side
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.pages.person import tab_page
from inbox.pages.person_edit import actor, back, task_page
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/conditions")

DONE = {"closed": "The case is closed.", "reopened": "The case is open again."}
LONGEST_WORDS = 60  # characters: they stand in texts, beside a name and a day
NO_WORDS = "Enter what was agreed, in a few plain words."
TOO_LONG = f"Use at most {LONGEST_WORDS} characters: the words stand in each text about it."
NO_DAY = "Enter a day, such as 24/03/2027, or leave it empty."


@router.get("")
async def show_all(request: Request, web: WebDep, me: CaseWorker, ref: str, done: str = "") -> HTMLResponse:
    """Case by case; each can be closed here and printed as a timeline."""
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        facts: dict[str, Any] = {
            "cases": await reading.of_person(web.hub, session, person),
            "since": {row.number: row for row in await cases.rows(session, person)},
            "done": DONE.get(done, ""),
            "victims": person.side is Side.VICTIMS,
            "balance": await reading.encouragement(web.hub, session, person),
        }
        return await tab_page(request, web, me, session, person, "/conditions", "person_conditions.html", **facts)


@router.get("/new")
async def ask_new(request: Request, web: WebDep, me: CaseWorker, ref: str, case: int = 0) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        return await _form(request, web, me, session, person, {"case": str(case)})


@router.post("/new")
async def add(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        due_on, errors = _wrong_with(typed)
        number = read.number(typed.get("case", ""), 1, 2**62)
        case = await session.scalar(
            select(Case).where(Case.id == number, Case.person_id == person.id, Case.closed_at.is_(None))
        )
        if case is None:
            errors["case"] = "Select the case."
        if errors or case is None:
            return await _form(request, web, me, session, person, typed, errors=errors)
        await conditions.add(web.hub, session, actor(me), case, typed["words"], due_on)
    return back(ref, "/conditions")


@router.get("/{number}")
async def show(request: Request, web: WebDep, me: CaseWorker, ref: str, number: int) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        return await _page(request, web, me, session, ref, number)


@router.get("/{number}/change")
async def ask_change(request: Request, web: WebDep, me: CaseWorker, ref: str, number: int) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        condition = await _find(web, me, session, ref, number, viewing=True)
        found = await reading.one(web.hub, session, condition)
        typed = {"words": found.row.words, "due_on": condition.due_on.isoformat() if condition.due_on else ""}
        return await _form(request, web, me, session, condition.case.person, typed, changing=number)


@router.post("/{number}/change")
async def change(request: Request, web: WebDep, me: CaseWorker, ref: str, number: int) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        condition = await _find(web, me, session, ref, number)
        due_on, errors = _wrong_with(typed)
        if errors:
            return await _form(request, web, me, session, condition.case.person, typed, errors=errors, changing=number)
        await conditions.change(web.hub, session, actor(me), condition, typed["words"], due_on)
    return _to(ref, number)


@router.post("/{number}/decide")
async def decide(request: Request, web: WebDep, me: CaseWorker, ref: str, number: int) -> Response:
    """Done, not done, not needed, open again: a worker's word, which the person is told."""
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        condition = await _find(web, me, session, ref, number)
        to, why = typed.get("decision", ""), typed.get("why", "")
        if to not in set(ConditionState):
            errors = {"decision": "Select how it stands."}
            return await _page(request, web, me, session, ref, number, errors=errors, typed=typed)
        try:
            await conditions.decide(web.hub, session, me.worker, condition, ConditionState(to), why)
        except NotAllowed as wrong:
            return await _page(request, web, me, session, ref, number, errors={"why": str(wrong)}, typed=typed)
    return _to(ref, number)


@router.post("/{number}/longer")
async def answer_longer(request: Request, web: WebDep, me: CaseWorker, ref: str, number: int) -> Response:
    """A new day, or why not."""
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        condition = await _find(web, me, session, ref, number)
        asked = await extensions.open_request(session, condition)
        if asked is None:
            raise NotFound
        errors = await _answer(web, me, session, asked, typed)
        if errors:
            return await _page(request, web, me, session, ref, number, errors=errors, typed=typed)
    return _to(ref, number)


async def _answer(
    web: Web, me: CaseWorker, session: AsyncSession, asked: Extension, typed: Mapping[str, str]
) -> dict[str, str]:
    """What is wrong with the answer, by field; nothing when it was given."""
    until = read.day(typed.get("until", ""))
    yes = typed.get("answer") == "yes"
    if yes and until is None:
        return {"until": "Enter the new day, such as 24/03/2027."}
    try:
        if yes and until:
            await extensions.accept(web.hub, session, me.worker, asked, until)
        else:
            await extensions.decline(web.hub, session, me.worker, asked, typed.get("why_not", ""))
    except NotAllowed as wrong:
        return {"until" if yes else "why_not": str(wrong)}
    return {}


async def _find(
    web: Web, me: CaseWorker, session: AsyncSession, ref: str, number: int, *, viewing: bool = False
) -> Condition:
    """Locked, so that of two workers who decide at once one is told. Raises `NotFound`."""
    looked = "person_viewed" if viewing else None
    person = await access_person(web.hub, session, me.worker, ref, viewing=looked)
    wanted = select(Condition).join(Case, Case.id == Condition.case_id)
    mine = wanted.where(Condition.id == number, Case.person_id == person.id)
    condition: Condition | None = await session.scalar(mine.with_for_update(of=Condition))
    if condition is None:
        raise NotFound
    return condition


def _wrong_with(typed: Mapping[str, str]) -> tuple[date | None, dict[str, str]]:
    words, day = typed.get("words", ""), typed.get("due_on", "")
    errors = {}
    if not words:
        errors["words"] = NO_WORDS
    elif len(words) > LONGEST_WORDS:
        errors["words"] = TOO_LONG
    due_on = read.day(day)
    if day and due_on is None:
        errors["due_on"] = NO_DAY
    return due_on, errors


async def _form(
    request: Request,
    web: Web,
    me: CaseWorker,
    session: AsyncSession,
    person: Person,
    typed: Mapping[str, str],
    *,
    errors: dict[str, str] | None = None,
    changing: int = 0,
) -> HTMLResponse:
    cases = [case for case in await reading.of_person(web.hub, session, person) if not case.closed]
    facts: dict[str, Any] = {"typed": typed, "errors": errors, "cases": cases, "changing": changing}
    return await task_page(request, web, me, session, person, "condition_form.html", **facts)


async def _page(
    request: Request,
    web: Web,
    me: CaseWorker,
    session: AsyncSession,
    ref: str,
    number: int,
    *,
    errors: dict[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> HTMLResponse:
    condition = await _find(web, me, session, ref, number, viewing=True)
    found = await reading.one(web.hub, session, condition)
    facts: dict[str, Any] = {"one": found, "errors": errors, "typed": typed}
    return await task_page(request, web, me, session, condition.case.person, "condition.html", **facts)


def _to(ref: str, number: int) -> RedirectResponse:
    return back(ref, f"/conditions/{number}")
