"""The agency: its name, how texts are signed, the number that they give. A text that says so is shown before."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import agencies, early_words, safe_contact_record, sms
from hub.errors import MoveNotAllowed
from hub.store.tables import Agency
from inbox import typed as read
from inbox.login import Administrator
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/settings/agency")

Word = Annotated[str, Form(max_length=100)]
LONGEST_SIGNATURE = 30  # it stands in every text, and a text has 160 characters
TAKEN = "Another agency has that name. Choose another one."


@router.get("")
async def show(request: Request, web: WebDep, me: Administrator, done: bool = False) -> HTMLResponse:
    return _page(request, web, me, _as_it_is(me.worker.team.agency), done="The changes are saved." if done else "")


@router.post("")
async def change(
    request: Request,
    web: WebDep,
    me: Administrator,
    name: Word = "",
    short_name: Word = "",
    phone: Word = "",
    early_days: Word = "",
    safe_again_days: Word = "",
    sure: Word = "",
) -> Response:
    """First shows what it does to texts; saves when that was seen."""
    typed = {"name": name.strip(), "short_name": short_name.strip(), "phone": phone.strip()}
    typed["early_days"] = early_days.strip() or str(me.worker.team.agency.early_days)
    typed["safe_again_days"] = safe_again_days.strip() or str(me.worker.team.agency.safe_again_days)
    errors = _wrong_with(typed)
    if errors or not sure:
        return _page(request, web, me, typed, errors=errors, check=not errors)
    try:
        async with web.hub.store.transaction() as session:
            agency = await session.get_one(Agency, me.worker.team.agency_id, with_for_update=True)
            actor, days = f"worker:{me.worker.id}", int(typed["early_days"])
            wanted = {field: typed[field] for field in ("name", "short_name", "phone")}
            await agencies.change(web.hub, session, actor, agency, **wanted)
            await early_words.set_days(web.hub, session, actor, agency, days)
            await safe_contact_record.set_days(web.hub, session, actor, agency, int(typed["safe_again_days"]))
    except MoveNotAllowed:
        return _page(request, web, me, typed, errors={"name": TAKEN})
    return RedirectResponse("/settings/agency?done=1", 303)


def _wrong_with(typed: dict[str, str]) -> dict[str, str]:
    errors = {}
    if not typed["name"]:
        errors["name"] = "Enter the name of the agency."
    signature = typed["short_name"]
    if not signature:
        errors["short_name"] = "Enter how texts are signed. Others may read it on a locked phone."
    elif len(signature) > LONGEST_SIGNATURE or sms.dear_characters(signature):
        errors["short_name"] = f"Use at most {LONGEST_SIGNATURE} plain characters: it stands in every text."
    if not any(c.isdigit() for c in typed["phone"]) or set(typed["phone"]) - set("0123456789 +"):
        errors["phone"] = "Enter a phone number, such as 0300 000 0000."
    if read.number(typed["early_days"], 1, early_words.MOST_DAYS) is None:
        errors["early_days"] = f"Enter a number of working days from 1 to {early_words.MOST_DAYS}."
    if read.number(typed["safe_again_days"], safe_contact_record.SOONEST, safe_contact_record.LATEST) is None:
        errors["safe_again_days"] = (
            f"Enter a number of days from {safe_contact_record.SOONEST} to {safe_contact_record.LATEST}."
        )
    return errors


def _as_it_is(agency: Agency) -> dict[str, str]:
    known = {"name": agency.name, "short_name": agency.short_name, "phone": agency.phone}
    return known | {"early_days": str(agency.early_days), "safe_again_days": str(agency.safe_again_days)}


def _page(
    request: Request,
    web: Web,
    me: Administrator,
    typed: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    check: bool = False,
    done: str = "",
) -> HTMLResponse:
    now = _as_it_is(me.worker.team.agency)
    facts = {"typed": typed, "now": now, "errors": errors or {}, "check": check, "done": done}
    return web.page(request, "settings/agency.html", status=422 if errors else 200, signed_in=me, **facts)
