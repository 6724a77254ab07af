"""Check-ins: what the agency calls its tiers, how often each is usually asked, how long "are you back?" waits."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import tiers
from hub.store.tables import Agency
from hub.tiers import BACK_WITHIN, LONGEST_NAME, Tier
from inbox import typed as read
from inbox.login import Administrator
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/settings/check-ins")

EVERY = {1: "Every week", 2: "Every 2 weeks", 4: "Every 4 weeks", 8: "Every 8 weeks"}


@router.get("")
async def show(request: Request, web: WebDep, me: Administrator, done: bool = False) -> HTMLResponse:
    words = "Saved. Check-ins that run already stay as they are." if done else ""
    return _page(request, web, me, _as_it_is(me.worker.team.agency), done=words)


@router.post("")
async def change(request: Request, web: WebDep, me: Administrator) -> Response:
    typed = read.fields(await request.form())
    wanted, minutes = _tiers(typed), read.number(typed.get("back_within", ""), BACK_WITHIN[0], BACK_WITHIN[-1])
    errors = {f"name_{tier.number}": "Enter what you call this tier." for tier in wanted if not tier.name}
    if minutes is None:
        errors["back_within"] = f"Enter minutes from {BACK_WITHIN[0]} to {BACK_WITHIN[-1]}."
    if errors or minutes is None:
        return _page(request, web, me, typed, errors=errors)
    async with web.hub.store.transaction() as session:
        agency = await session.get_one(Agency, me.worker.team.agency_id, with_for_update=True)
        await tiers.set_for_agency(web.hub, session, f"worker:{me.worker.id}", agency, wanted, minutes)
    return RedirectResponse("/settings/check-ins?done=1", 303)


def _tiers(typed: Mapping[str, str]) -> Sequence[Tier]:
    """As typed; an empty name is none."""
    known = {str(weeks): weeks for weeks in EVERY}
    return [
        Tier(number, typed.get(f"name_{number}", "")[:LONGEST_NAME], known.get(typed.get(f"weeks_{number}", ""), 8))
        for number in range(1, 5)
    ]


def _as_it_is(agency: Agency) -> Mapping[str, str]:
    found = tiers.of_agency(agency)
    return {
        **{f"name_{tier.number}": tier.name for tier in found},
        **{f"weeks_{tier.number}": str(tier.weeks) for tier in found},
        "back_within": str(agency.back_within),
    }


def _page(
    request: Request,
    web: Web,
    me: Administrator,
    typed: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    done: str = "",
) -> HTMLResponse:
    facts: dict[str, Any] = {"typed": typed, "errors": errors or {}, "every": EVERY, "done": done}
    return web.page(request, "settings/check_ins.html", status=422 if errors else 200, signed_in=me, **facts)
