"""The agency's hours, zone and bank holidays. What they do to planned reminders is said before they are saved."""

from datetime import time
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import contact_hours
from hub.contact_hours import Effect
from hub.errors import BadHours
from hub.store.tables import Agency
from inbox.login import Administrator
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/settings/hours")

Word = Annotated[str, Form(max_length=60)]
CLOCKS = ("contact_from", "contact_until", "open_from", "open_until")
NATIONS = {"ENG": "England", "WLS": "Wales", "SCT": "Scotland", "NIR": "Northern Ireland"}


@router.get("")
async def show(request: Request, web: WebDep, me: Administrator, done: bool = False) -> HTMLResponse:
    words = "The hours are saved. Reminders are planned for them." if done else ""
    return _page(request, web, me, _as_it_is(me.worker.team.agency), done=words)


@router.post("")
async def change(
    request: Request,
    web: WebDep,
    me: Administrator,
    contact_from: Word = "",
    contact_until: Word = "",
    open_from: Word = "",
    open_until: Word = "",
    time_zone: Word = "",
    holidays: Word = "",
    sure: Word = "",
) -> Response:
    """First shows which reminders move; saves when that was seen."""
    clocks = dict(zip(CLOCKS, (contact_from, contact_until, open_from, open_until), strict=True))
    typed = clocks | {"time_zone": time_zone.strip(), "holidays": holidays}
    wanted, errors = _read(typed)
    if errors:
        return _page(request, web, me, typed, errors=errors)
    try:
        async with web.hub.store.transaction() as session:
            agency = await session.get_one(Agency, me.worker.team.agency_id, with_for_update=True)
            if sure:
                await contact_hours.set_for_agency(web.hub, session, f"worker:{me.worker.id}", agency, **wanted)
                return RedirectResponse("/settings/hours?done=1", 303)
            side = me.worker.team.side
            effect = await contact_hours.preview_for_agency(web.hub, session, agency, side, **wanted)
    except BadHours as wrong:
        field = "time_zone" if "zone" in wrong.detail else "contact_until"
        return _page(request, web, me, typed, errors={field: str(wrong)})
    return _page(request, web, me, typed, effect=effect)


def _read(typed: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What is to be set, or what is wrong with it."""
    wanted: dict[str, Any] = {"time_zone": typed["time_zone"], "holidays": typed["holidays"]}
    errors = {}
    for field in CLOCKS:
        try:
            wanted[field] = time.fromisoformat(typed[field].strip().zfill(5))
        except ValueError:
            errors[field] = "Enter a time of day, such as 08:00 or 17:30."
    if typed["holidays"] not in NATIONS:
        errors["holidays"] = "Select whose bank holidays count."
    return wanted, errors


def _as_it_is(agency: Agency) -> dict[str, str]:
    clocks = {field: f"{getattr(agency, field):%H:%M}" for field in CLOCKS}
    return clocks | {"time_zone": agency.time_zone, "holidays": agency.holidays}


def _page(
    request: Request,
    web: Web,
    me: Administrator,
    typed: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    effect: Effect | None = None,
    done: str = "",
) -> HTMLResponse:
    facts = {"typed": typed, "now": _as_it_is(me.worker.team.agency), "nations": list(NATIONS.items())}
    status = 422 if errors else 200
    return web.page(
        request,
        "settings/hours.html",
        status=status,
        signed_in=me,
        errors=errors or {},
        effect=effect,
        done=done,
        **facts,
    )
