"""Where appointments are held, for comparing a place that somebody shares; and what a place counts for."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import agencies, places
from hub.reading.venues import venues
from hub.store.tables import Agency
from inbox.login import Administrator
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/settings/venues")

Word = Annotated[str, Form(max_length=200)]
DONE = {"set": "The place is saved.", "gone": "The place is taken away.", "counts": "The changes are saved."}
SMALLEST, LARGEST = 25, 1000  # metres; a phone indoors is often 20 m off


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, and what it means where it can be read."""

    place: str
    point: str
    metres: str

    @property
    def where(self) -> places.Point | None:
        """Of "52.9228, -1.4766", as maps on the web show it."""
        try:
            latitude, longitude = (float(part) for part in self.point.split(","))
        except ValueError:
            return None
        return (latitude, longitude) if places.is_on_earth(latitude, longitude) else None

    def wrong(self) -> dict[str, str]:
        errors = {}
        if not self.place:
            errors["place"] = "Enter the place as appointments say it."
        if self.where is None:
            errors["point"] = "Enter latitude and longitude with a comma between them, such as 52.9228, -1.4766."
        if not (self.metres.isdecimal() and SMALLEST <= int(self.metres) <= LARGEST):
            errors["metres"] = f"Enter a number of metres from {SMALLEST} to {LARGEST}."
        return errors


EMPTY = Typed("", "", "100")


@router.get("")
async def show(request: Request, web: WebDep, me: Administrator, done: str = "") -> HTMLResponse:
    return await _page(request, web, me, done=DONE.get(done, ""))


@router.post("")
async def enter(
    request: Request, web: WebDep, me: Administrator, place: Word = "", point: Word = "", metres: Word = ""
) -> Response:
    """A new one, or the same place again to correct it."""
    typed = Typed(" ".join(place.split()), point.strip(), metres.strip())
    errors, where = typed.wrong(), typed.where
    if errors or where is None:
        return await _page(request, web, me, typed=typed, errors=errors)
    async with web.hub.store.transaction() as session:
        side = me.worker.team.side
        await places.set_venue(web.hub, session, me.worker, side, typed.place, where, int(typed.metres))
    return RedirectResponse("/settings/venues?done=set", 303)


@router.post("/counts")
async def what_counts(web: WebDep, me: Administrator, trusts_place: Word = "", keeps_point: Word = "") -> Response:
    wanted = {"trusts_place": trusts_place == "yes", "keeps_point": keeps_point == "yes"}
    async with web.hub.store.transaction() as session:
        agency = await session.get_one(Agency, me.worker.team.agency_id, with_for_update=True)
        await agencies.change_proof(web.hub, session, f"worker:{me.worker.id}", agency, **wanted)
    return RedirectResponse("/settings/venues?done=counts", 303)


@router.post("/{number}/delete")
async def take_away(web: WebDep, me: Administrator, number: int) -> Response:
    async with web.hub.store.transaction() as session:
        await places.drop_venue(web.hub, session, me.worker, number)
    return RedirectResponse("/settings/venues?done=gone", 303)


async def _page(
    request: Request,
    web: Web,
    me: Administrator,
    *,
    typed: Typed = EMPTY,
    errors: dict[str, str] | None = None,
    done: str = "",
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        found = await venues(web.hub, session, me.worker.team)
    facts: dict[str, Any] = {"venues": found, "typed": typed, "errors": errors or {}, "done": done}
    status = 422 if errors else 200
    return web.page(request, "settings/venues.html", status=status, signed_in=me, agency=me.worker.team.agency, **facts)
