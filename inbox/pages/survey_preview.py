"""The respondent's pages of a survey as a worker may try them: every answer leads on, and none is kept."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from hub.errors import NotFound
from hub.reading.survey_definitions import survey_of
from hub.reading.surveys import for_a_page
from inbox.login import Analyst
from inbox.web import WebDep
from inbox.wording import wording

router = APIRouter(include_in_schema=False, prefix="/surveys/{survey}/preview")


@router.get("/{number}")
async def show(request: Request, web: WebDep, me: Analyst, survey: str, number: int, language: str = "en") -> Response:
    """Question `number` (1 is the first); one past the last is the end."""
    found = survey_of(web.hub, me.worker, survey)
    questions = list(found.questions.values())
    if language not in found.title or not 1 <= number <= len(questions) + 1:
        raise NotFound
    facts: dict[str, Any] = {"survey": found.name, "number": number, "words": wording(language), "lang": language}
    facts |= {"agency": me.worker.team.agency.short_name, "side": found.side}
    if number > len(questions):
        return web.page(request, "survey_preview_end.html", **facts)
    question = questions[number - 1]
    labels = [label for _, label in question.buttons(language)]
    facts |= {"question": question, "asked": for_a_page(question.text[language])}
    return web.page(request, "survey_preview.html", options=list(zip(question.codes(), labels, strict=False)), **facts)


@router.get("/{number}/next")
async def go_on(web: WebDep, me: Analyst, survey: str, number: int, language: str = "en", answer: str = "") -> Response:
    """Where this answer leads. Nothing is stored: the answer stands in no row and no log."""
    found = survey_of(web.hub, me.worker, survey)
    questions = list(found.questions.values())
    if not 1 <= number <= len(questions):
        raise NotFound
    after = found.after(questions[number - 1], answer if answer in questions[number - 1].codes() else None)
    following = questions.index(after) + 1 if after else len(questions) + 1
    return RedirectResponse(f"/surveys/{found.name}/preview/{following}?language={language}", 303)
