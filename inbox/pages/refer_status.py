"""How far a referral is, for whoever sent it; and the page on which somebody answers by a link of their own."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub.errors import MoveNotAllowed
from hub.referrals import content, own_links, receipt
from hub.referrals.ages import GUARDIAN, YOUNG
from hub.referrals.receipt import Status
from hub.states_of_support import ReferralState
from hub.store.tables import Referral
from inbox import respondent
from inbox.pages.refer import Whose
from inbox.web import Web, WebDep
from inbox.wording import wording

router = APIRouter(include_in_schema=False, prefix="/refer")


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands on the page to answer by: first names only."""

    who: str
    first_name: str
    their_name: str
    by: str


@router.get("/status/{token}")
async def show(request: Request, web: WebDep, token: str, sent: bool = False, done: str = "") -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        referral = await receipt.by_link(session, token)
        found = await content.read(web.hub, session, referral)
        words = found.words if found and referral.state is ReferralState.DECLINED else ""
        whose = _whose(request, referral)
        facts: dict[str, Any] = {
            "ref": referral.ref,
            "where": receipt.status_of(referral).value,
            "from_us": words,
            "may_withdraw": receipt.status_of(referral) is not Status.CLOSED,
            "sent": sent,
            "withdrawn": done == "withdrawn",
            "here": f"/refer/status/{token}",
        }
    return respondent.page(request, web, "refer_status.html", whose, "", **facts)


@router.post("/status/{token}/withdraw")
async def withdraw(request: Request, web: WebDep, token: str) -> Response:
    language = respondent.language_of(request)
    async with web.hub.store.transaction() as session:
        referral = await receipt.by_link(session, token, lock=True)
        try:
            await receipt.withdraw(web.hub, session, referral)
        except MoveNotAllowed:  # it ended meanwhile: the page says that it is closed
            return RedirectResponse(f"/refer/status/{token}?in={language}", 303)
    return RedirectResponse(f"/refer/status/{token}?done=withdrawn&in={language}", 303)


@router.get("/answer/{token}")
async def ask(request: Request, web: WebDep, token: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        referral = await own_links.find(web.hub, session, token)
        return await _question(request, web, session, referral, token)


@router.post("/answer/{token}")
async def answer(request: Request, web: WebDep, token: str) -> Response:
    """Said once more in the answer itself: the link has ended with it."""
    what = str((await request.form()).get("answer") or "")
    async with web.hub.store.transaction() as session:
        referral = await own_links.find(web.hub, session, token, lock=True)
        whose = _whose(request, referral)
        if what not in own_links.ANSWERS:
            error = wording(whose.language)["refer_answer_missing"]
            return await _question(request, web, session, referral, token, error=error)
        await own_links.answer(web.hub, session, referral, what)
    return respondent.page(request, web, "refer_answered.html", whose, "", answer=what)


async def _question(
    request: Request, web: Web, session: AsyncSession, referral: Referral, token: str, error: str = ""
) -> HTMLResponse:
    said = (await content.need(web.hub, session, referral)).said
    whose, who = _whose(request, referral), referral.answer_who
    by = web.hub.flows.texts.template(f"referrals.ask_by_{said.referrer_role}", whose.language).text
    asked = Asked(who, said.first_name(who), said.first_name(YOUNG) if who == GUARDIAN else "", by)
    facts: dict[str, Any] = {
        "asked": asked,
        "here": f"/refer/answer/{token}",
        "error": error,
        "answers": own_links.ANSWERS,
    }
    return respondent.page(request, web, "refer_answer.html", whose, "", status=422 if error else 200, **facts)


def _whose(request: Request, referral: Referral) -> Whose:
    return Whose(respondent.language_of(request), referral.agency.short_name, referral.agency.phone)
