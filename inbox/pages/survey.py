"""A survey as plain pages: one question a page, skip, back, check, send. The link lets one person in."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub.reading.surveys import Asked, Run, run_of
from hub.states import SurveyState
from hub.store.tables import Person
from hub.surveys import on_pages
from hub.surveys.kinds import QuestionKind
from inbox.web import Web, WebDep
from inbox.wording import LANGUAGES, wording

router = APIRouter(include_in_schema=False, prefix="/s/{token}")


@router.get("")
async def start(request: Request, web: WebDep, token: str) -> Response:
    run = await _read(web, token)
    return _over(request, web, token, run) or _page(request, web, token, run, "survey_start.html")


@router.post("")
async def go(web: WebDep, token: str) -> Response:
    """To the first question that is open, or to the answers when all are given."""
    run = await _read(web, token)
    return _to(token, _next(run))


@router.post("/language/{language}")
async def speak(web: WebDep, token: str, language: str) -> Response:
    """Kept: texts come in this language from now on, too."""
    async with web.hub.store.transaction() as session:
        run = await run_of(web.hub, session, token)
        if language in LANGUAGES:
            (await session.get_one(Person, run.row.person_id)).language = language
    return _to(token, "")


@router.get("/check")
async def check(request: Request, web: WebDep, token: str) -> Response:
    run = await _read(web, token)
    return _over(request, web, token, run) or _page(request, web, token, run, "survey_check.html")


@router.post("/check")
async def send(web: WebDep, token: str) -> Response:
    async with web.hub.store.transaction() as session:
        run = await run_of(web.hub, session, token)
        if not run.complete:
            return _to(token, _next(run))
        if not run.over:
            await on_pages.finish(web.hub, session, run.row)
    return _to(token, "/done")


@router.get("/done")
async def done(request: Request, web: WebDep, token: str) -> Response:
    run = await _read(web, token)
    if run.row.state is not SurveyState.COMPLETED:
        return _to(token, "")
    return _page(request, web, token, run, "survey_done.html")


@router.get("/{number}")
async def ask(request: Request, web: WebDep, token: str, number: int, change: bool = False) -> Response:
    run = await _read(web, token)
    return _over(request, web, token, run) or _question(request, web, token, run, number, change=change)


@router.post("/{number}")
async def answer(request: Request, web: WebDep, token: str, number: int) -> Response:
    form = await request.form()
    change = form.get("change") == "1"
    async with web.hub.store.transaction() as session:
        run = await run_of(web.hub, session, token)
        if run.over or run.row.state is SurveyState.COMPLETED:
            return _to(token, "")
        asked = run.question(number)
        if "skip" in form:
            await on_pages.skip(web.hub, session, run.row, asked.id)
            taken = True
        else:
            taken = await on_pages.take(web.hub, session, run.row, asked.id, _words(asked, dict(form)))
        after = await run_of(web.hub, session, token)
    if not taken:
        return _question(request, web, token, run, number, change=change, error=True)
    return _to(token, _next(after) if change or after.complete else _following(after, number))


def _words(asked: Asked, form: dict[str, Any]) -> str:
    if asked.kind is QuestionKind.DATE:
        year, month, day = (str(form.get(part, "")).strip().zfill(2) for part in ("year", "month", "day"))
        return f"{day}/{month}/{year}"
    return str(form.get("answer", ""))[:4000]


def _next(run: Run) -> str:
    return f"/{run.open.number}" if run.open else "/check"


def _following(run: Run, number: int) -> str:
    """The question behind this one on the way, answered before or not."""
    numbers = [asked.number for asked in run.way]
    later = numbers[numbers.index(number) + 1 :]
    return f"/{later[0]}" if later else "/check"


def _question(
    request: Request, web: Web, token: str, run: Run, number: int, *, change: bool, error: bool = False
) -> HTMLResponse:
    asked = run.question(number)
    numbers = [question.number for question in run.way]
    place = numbers.index(number)
    back = "/check" if change else (f"/{numbers[place - 1]}" if place else "")
    words = wording(run.language)
    facts = {"asked": asked, "place": place + 1, "back": back, "change": change}
    problem = words["answer_missing"] if error else ""
    return _page(request, web, token, run, "survey_question.html", status=422 if error else 200, error=problem, **facts)


def _over(request: Request, web: Web, token: str, run: Run) -> Response | None:
    if run.row.state is SurveyState.COMPLETED:
        return _to(token, "/done")
    return _page(request, web, token, run, "survey_expired.html", status=410) if run.over else None


async def _read(web: Web, token: str) -> Run:
    """Raises `LinkDoesNotWork`."""
    async with web.hub.store.transaction() as session:
        return await run_of(web.hub, session, token)


def _to(token: str, where: str) -> RedirectResponse:
    return RedirectResponse(f"/s/{token}{where}", 303)


def _page(
    request: Request, web: Web, token: str, run: Run, template: str, *, status: int = 200, **facts: Any
) -> HTMLResponse:
    return web.page(
        request,
        template,
        status=status,
        run=run,
        token=token,
        words=wording(run.language),
        lang=run.language,
        languages=LANGUAGES,
        agency=run.agency,
        side=run.side,
        **facts,
    )
