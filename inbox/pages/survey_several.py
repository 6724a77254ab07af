"""Inviting several people to a survey: who can be asked and who cannot, and why, before anybody is."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub.reading.survey_definitions import survey_of
from hub.reading.wording import LANGUAGES
from hub.surveys import several
from hub.surveys.exclusion_rules import WORDS
from hub.surveys.several import Wanted
from inbox import typed as read
from inbox.login import Supervisor
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/surveys/{survey}/invite")


@router.get("")
async def look(
    request: Request, web: WebDep, me: Supervisor, survey: str, kind: str = "", language: str = "", done: int = -1
) -> HTMLResponse:
    """`done`: how many have just been invited."""
    found = survey_of(web.hub, me.worker, survey)
    async with web.hub.store.transaction() as session:
        wanted = Wanted(kind[:60], language[:5])
        people = await several.look(web.hub, session, me.worker, found.name, wanted)
        kinds = await several.kinds(session, me.worker)
    facts: dict[str, Any] = {
        "name": found.name,
        "title": found.title["en"],
        "people": people,
        "reasons": [(WORDS[reason], number) for reason, number in people.not_asked.most_common()],
        "kinds": {"": "All, also without a case"} | {each: each.replace("_", " ").capitalize() for each in kinds},
        "languages": {"": "All languages"} | {code: LANGUAGES[code] for code in found.title if code in LANGUAGES},
        "typed": {"kind": kind, "language": language},
        "most": several.AT_ONCE,
        "done": _said(done),
    }
    return web.page(request, "survey_invite.html", signed_in=me, **facts)


@router.post("")
async def invite(request: Request, web: WebDep, me: Supervisor, survey: str) -> Response:
    found, typed = survey_of(web.hub, me.worker, survey), read.fields(await request.form())
    wanted = Wanted(typed.get("kind", "")[:60], typed.get("language", "")[:5])
    async with web.hub.store.transaction() as session:
        asked = await several.invite(web.hub, session, me.worker, found.name, wanted)
    return RedirectResponse(f"/surveys/{found.name}/invite?done={asked}", 303)


def _said(done: int) -> str:
    if done < 0:
        return ""
    return f"{done} {'person is' if done == 1 else 'people are'} invited at the next hour at which texts may go out."
