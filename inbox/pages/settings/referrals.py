"""Whether an agency takes referrals, and the word of its form's address."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub.errors import NotAllowed
from hub.referrals import doors
from hub.store.tables import ReferralDoor
from inbox import typed as read
from inbox.login import Administrator
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/settings/referrals")


@router.get("")
async def show(request: Request, web: WebDep, me: Administrator, done: bool = False) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        door = await doors.of_agency(session, me.worker.team.agency_id)
    return _page(request, web, me, _as_it_is(door), done="The changes are saved." if done else "")


@router.post("")
async def change(request: Request, web: WebDep, me: Administrator) -> Response:
    typed = read.fields(await request.form())
    wanted = {"is_open": typed.get("is_open") == "yes", "adults": typed.get("adults") == "yes"}
    try:
        async with web.hub.store.transaction() as session:
            actor, agency = f"worker:{me.worker.id}", me.worker.team.agency_id
            await doors.set_door(web.hub, session, actor, agency, word=typed.get("word", "").lower(), **wanted)
    except NotAllowed as wrong:
        return _page(request, web, me, typed, errors={"word": wrong.detail})
    return RedirectResponse("/settings/referrals?done=1", 303)


def _as_it_is(door: ReferralDoor | None) -> Mapping[str, str]:
    if door is None:
        return {}
    return {"word": door.word, "is_open": "yes" if door.is_open else "", "adults": "yes" if door.adults else ""}


def _page(
    request: Request,
    web: Web,
    me: Administrator,
    typed: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    done: str = "",
) -> HTMLResponse:
    facts = {"typed": typed, "errors": errors or {}, "done": done, "address": f"{web.hub.public_url}/refer/"}
    return web.page(request, "settings/referrals.html", status=422 if errors else 200, signed_in=me, **facts)
