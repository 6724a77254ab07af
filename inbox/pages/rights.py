"""What somebody hurt by a crime can ask for, in plain words, for anybody. Says nothing of who reads it."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hub.rights import REVIEW, RIGHTS
from inbox import respondent
from inbox.web import WebDep

router = APIRouter(include_in_schema=False)

ITEMS = (*map(str, range(1, RIGHTS + 1)), REVIEW, "more")


@router.get("/rights")
async def show(request: Request, web: WebDep) -> HTMLResponse:
    texts, language = web.hub.flows.texts, respondent.language_of(request)

    def said(name: str) -> str:
        return texts.template(f"rights.{name}", language).text

    facts: dict[str, Any] = {
        "title": said("page_title"),
        "lead": said("page_lead"),
        "by_text": said("page_text"),
        "items": [(item, said(f"title_{item}"), said(f"page_{item}")) for item in ITEMS],
    }
    return respondent.page_for_anybody(request, web, "rights.html", **facts)
