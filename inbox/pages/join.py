"""The person's own link to a video appointment: one press joins, and is noted as having come.

Opening the link alone counts for nothing: apps that show previews of links open them too. The answer leads on by a
header and a link, since the policy of our pages lets no form lead to another site.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hub import video
from hub.times import say_when
from hub.video import Meeting
from hub.words import Side
from inbox import respondent
from inbox.web import Web, WebDep
from inbox.wording import shown_in, wording

router = APIRouter(include_in_schema=False, prefix="/join/{token}")


@router.get("")
async def show(request: Request, web: WebDep, token: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        meeting = await video.find(web.hub, session, token)
        return _page(request, web, token, meeting, joined=False)


@router.post("")
async def join(request: Request, web: WebDep, token: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        meeting = await video.join(web.hub, session, token)
        page = _page(request, web, token, meeting, joined=True)
    page.headers["Refresh"] = f"1; url={meeting.address}"
    return page


def _page(request: Request, web: Web, token: str, meeting: Meeting, *, joined: bool) -> HTMLResponse:
    appointment, person = meeting.appointment, meeting.person
    when = say_when(appointment.starts_at, person.agency.time_zone, person.language)
    facts: dict[str, Any] = {
        "when": when,
        "with_whom": appointment.with_whom,
        "joined": joined,
        "meeting": meeting,
        "token": token,
        "leaves": person.side is Side.VICTIMS,
    }
    words: dict[str, Any] = {"words": wording(person.language), "lang": shown_in(person.language), "languages": {}}
    return respondent.page_for_anybody(request, web, "join.html", agency=person.agency.short_name, **words, **facts)
