"""A person's own page to say what they think of how their case may be dealt with. Behind the link of their settings.

Not where others may read the phone: there it is asked by text, after "is now a good time?".
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import proposals, settings_links
from hub.errors import NotFound
from hub.proposal_talk import LONGEST
from hub.proposals import ABOUT, ANSWERS, P
from hub.reading import views
from hub.reading.own_data import settings_of
from hub.store.tables import Proposal, SettingsLink
from inbox import respondent
from inbox.web import Web, WebDep
from inbox.wording import wording

router = APIRouter(include_in_schema=False, prefix="/me/{token}/view")


@router.get("")
async def ask(request: Request, web: WebDep, token: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        link = await settings_links.find(web.hub, session, token)
        await _open_proposal(session, link)
        return await _page(request, web, session, link, token)


@router.post("")
async def take(request: Request, web: WebDep, token: str) -> Response:
    form = await request.form()
    number, words = str(form.get("choice") or ""), str(form.get("own_words") or "").strip()[:LONGEST]
    answers = list(ANSWERS)
    async with web.hub.store.transaction() as session:
        link = await settings_links.find(web.hub, session, token, lock=True)
        proposal = await _open_proposal(session, link)
        if not number.isdecimal() or not 1 <= int(number) <= len(answers):
            error = wording(link.conversation.person.language)["me_choose"]
            return await _page(request, web, session, link, token, error=error, typed=words)
        answer, handling = (
            answers[int(number) - 1],
            await settings_links.handling_of(web.hub, session, link.conversation),
        )
        actor = f"person:{handling.person.id}"
        await proposals.give(web.hub, session, actor, proposal, answer, "page", words)
        if answer == "speak_first":
            await handling.escalate("view_speak_first", detail=f"{ABOUT}:{proposal.id}")
        if handling.prompt and handling.prompt.subject_kind == ABOUT:
            await handling.answered()  # the same question, asked by text
    return RedirectResponse(f"/me/{token}?done=view_saved", 303)


async def _open_proposal(session: AsyncSession, link: SettingsLink) -> Proposal:
    """Raises `NotFound` where nothing is asked, or where others may read what is."""
    talk = link.conversation
    found = await proposals.newest_told(session, talk.person_id)
    if found is None or found.state is P.DECIDED or talk.contact_point.discreet:
        raise NotFound
    return found


async def _page(
    request: Request,
    web: Web,
    session: AsyncSession,
    link: SettingsLink,
    token: str,
    *,
    error: str = "",
    typed: str = "",
) -> HTMLResponse:
    person = link.conversation.person
    row = await views.open_for(web.hub, session, person)
    own = await settings_of(web.hub, session, link)
    choices = web.hub.texts_for(person).template("views.ask", person.language).choices
    facts: dict[str, Any] = {
        "row": row,
        "items": [(choice.reply, choice.label) for choice in choices],
        "error": error,
        "typed": typed,
    }
    status = 422 if error else 200
    return respondent.page(request, web, "me_view.html", own, f"/me/{token}", "/view", status, **facts)
