"""A survey as plain pages: one question a page, skip, back, check, send. The link lets one person in."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from hub.reading.surveys import Asked, Run, run_of
from hub.states import SurveyState
from hub.store.tables import Person
from hub.surveys import on_pages
from hub.surveys.kinds import QuestionKind
from hub.words import Side
from inbox import respondent
from inbox.web import Web, WebDep
from inbox.wording import LANGUAGES, wording

router = APIRouter(include_in_schema=False, prefix="/s/{token}")

LONGEST = 4000  # characters of an answer
_WANTED = {
    QuestionKind.NUMBER: "number_wanted",
    QuestionKind.DATE: "date_wanted",
    QuestionKind.TEXT: "text_wanted",
}


@router.get("")
async def open_link(request: Request, web: WebDep, token: str) -> Response:
    """On the victims' side, how to leave comes before anything else."""
    run = await _read(web, token)
    template = "survey_leave.html" if run.side is Side.VICTIMS else "survey_start.html"
    return _over(request, web, token, run) or _page(request, web, token, run, template)


@router.get("/start")
async def start(request: Request, web: WebDep, token: str) -> Response:
    run = await _read(web, token)
    return _over(request, web, token, run) or _page(request, web, token, run, "survey_start.html", "/start")


@router.post("")
async def go(web: WebDep, token: str) -> Response:
    """To the first question that is open, or to the answers when all are given."""
    return _to(token, _next(await _read(web, token)))


@router.post("/language/{language}")
async def speak(request: Request, web: WebDep, token: str, language: str) -> Response:
    """Kept: texts come in this language from now on, too."""
    async with web.hub.store.transaction() as session:
        run = await run_of(web.hub, session, token)
        if language in LANGUAGES:
            (await session.get_one(Person, run.row.person_id)).language = language
    return await respondent.back_to(request, f"/s/{token}")


@router.get("/check")
async def check(request: Request, web: WebDep, token: str) -> Response:
    run = await _read(web, token)
    back = f"/{run.way[-1].number}"
    return _over(request, web, token, run) or _page(request, web, token, run, "survey_check.html", "/check", back=back)


@router.post("/check")
async def send(web: WebDep, token: str) -> Response:
    async with web.hub.store.transaction() as session:
        run = await run_of(web.hub, session, token, lock=True)
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
    return _page(request, web, token, run, "survey_done.html", "/done")


@router.get("/{number}")
async def ask(request: Request, web: WebDep, token: str, number: int, change: bool = False) -> Response:
    run = await _read(web, token)
    if over := _over(request, web, token, run):
        return over
    asked = run.question(number)
    return _question(request, web, token, run, asked, change) if asked else _to(token, _next(run))


@router.post("/{number}")
async def answer(request: Request, web: WebDep, token: str, number: int) -> Response:
    """Take an answer. One to a question that another answer has led away from changes nothing."""
    form = await request.form()
    change = form.get("change") == "1"
    async with web.hub.store.transaction() as session:
        run = await run_of(web.hub, session, token, lock=True)
        asked = run.question(number)
        if run.over or run.row.state is SurveyState.COMPLETED or asked is None:
            return _to(token, "" if asked else _next(run))
        if "skip" in form:
            await on_pages.skip(web.hub, session, run.row, asked.id)
        elif not await on_pages.take(web.hub, session, run.row, asked.id, _words(asked, form)):
            return _question(request, web, token, run, asked, change, wrong=form)
        after = await run_of(web.hub, session, token)
    where = _next(after) if change or after.complete else _following(after, number)
    return _to(token, where + ("?call=now" if _is_cry(web, asked, form) else ""))


def _is_cry(web: Web, asked: Asked, form: FormData) -> bool:
    """Words of danger: a human is told by the hub; the next page begins with whom to call at once."""
    return (
        "skip" not in form and asked.kind is QuestionKind.TEXT and bool(web.hub.flows.safety.match(_words(asked, form)))
    )


def _words(asked: Asked, form: FormData) -> str:
    if asked.kind is QuestionKind.DATE:
        return "/".join(part.zfill(2) for part in _date(form))
    return str(form.get("answer", ""))[:LONGEST]


def _date(form: FormData) -> list[str]:
    return [str(form.get(part, "")).strip()[:10] for part in ("day", "month", "year")]


def _next(run: Run) -> str:
    return f"/{run.open.number}" if run.open else "/check"


def _following(run: Run, number: int) -> str:
    """The question behind this one on the way, answered before or not."""
    numbers = [asked.number for asked in run.way]
    later = numbers[numbers.index(number) + 1 :]
    return f"/{later[0]}" if later else "/check"


def _question(
    request: Request, web: Web, token: str, run: Run, asked: Asked, change: bool, wrong: FormData | None = None
) -> HTMLResponse:
    before = run.way[asked.place - 2] if asked.place > 1 else None
    first = "/start" if run.side is Side.VICTIMS else ""
    back = "/check" if change else (f"/{before.number}" if before else first)
    facts: dict[str, Any] = {"asked": asked, "back": back, "change": change}
    if wrong is not None:
        facts["error"] = wording(run.language)[_WANTED.get(asked.kind, "answer_missing")]
        facts["typed"] = _date(wrong)[::-1] if asked.kind is QuestionKind.DATE else str(wrong.get("answer", ""))
    place = f"/{asked.number}" + ("?change=true" if change else "")
    return _page(request, web, token, run, "survey_question.html", place, 200 if wrong is None else 422, **facts)


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
    request: Request, web: Web, token: str, run: Run, template: str, place: str = "", status: int = 200, **facts: Any
) -> HTMLResponse:
    return respondent.page(request, web, template, run, f"/s/{token}", place, status, run=run, **facts)
