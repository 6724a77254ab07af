"""Appointments that repeat, from now on at another time, place or rhythm; what follows is shown first.

Those ahead follow; what was moved by hand, confirmed or called off stays as it is.
"""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import recurring, repeats
from hub.access import access_appointment
from hub.errors import BadRepeats, NotFound
from hub.foresight import foresee
from hub.reading import effects
from hub.recurring import Pattern
from hub.store.tables import AppointmentSeries
from hub.times import at_local, local
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.pages.add_appointment import REPEATS, UNTIL, pattern_from
from inbox.pages.appointment import WHEN, person_of
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/appointments/{ref}/series")

RHYTHMS = {words: shown for words, shown in REPEATS.items() if words}
FAR = timedelta(days=10 * 366)
PLACE = "Enter where it is, such as 1 High Street, DE1 1AA."


@router.get("")
async def ask(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        series = await _series(session, me, ref)
        typed = _as_it_is(web, series)
    return _form(request, web, me, ref, typed, {})


@router.post("")
async def take(request: Request, web: WebDep, me: CaseWorker, ref: str) -> Response:
    """Without `sure`, what would follow is shown; `change` leads back into the form."""
    typed = dict(read.fields(await request.form()))
    pattern, errors = _read(web, me, typed)
    if pattern is None or errors or typed.get("change"):
        return _form(request, web, me, ref, typed, errors, status=422 if errors else 200)

    async def act(session: AsyncSession) -> None:
        series = await _series(session, me, ref, lock=True)
        await recurring.change(
            web.hub, session, f"worker:{me.worker.id}", series, pattern, **_new_place(series, typed["place"])
        )

    if typed.get("sure"):
        async with web.hub.store.transaction() as session:
            await act(session)
        return RedirectResponse(f"/appointments/{ref}", 303)
    foreseen, zone = await foresee(web.hub, await person_of(web, me, ref), act), me.worker.team.agency.time_zone
    effect = effects.in_words(web.hub, foreseen, zone, "Changing the series")
    rhythm = repeats.in_words(pattern.repeats)
    return _form(request, web, me, ref, typed, {}, effect=effect, rhythm=rhythm, first_on=pattern.first_on)


async def _series(session: AsyncSession, me: CaseWorker, ref: str, *, lock: bool = False) -> AppointmentSeries:
    """Raises `NotFound` for an appointment that does not repeat, or whose series has ended."""
    found = await access_appointment(session, me.worker, ref)
    if found.series_id is None:
        raise NotFound
    locked = {"of": AppointmentSeries} if lock else None
    series = await session.get_one(AppointmentSeries, found.series_id, with_for_update=locked)
    if series.ended_on:
        raise NotFound
    return series


def _as_it_is(web: Web, series: AppointmentSeries) -> dict[str, str]:
    """The next day of the series, its time and place, and its rhythm where that is one of ours."""
    pattern, today = recurring.pattern_of(series), local(web.hub.clock.now(), series.person.agency.time_zone).date()
    coming = pattern.days(today, series.planned_until)
    words = repeats.in_words(pattern.repeats).split(" on ")[0]
    return {
        "day": coming[0].isoformat() if coming else "",
        "clock": f"{series.clock:%H:%M}",
        "place": series.place,
        "repeats": words if words in RHYTHMS else "",
        "until": _last(pattern),
    }


def _read(web: Web, me: CaseWorker, typed: dict[str, str]) -> tuple[Pattern | None, dict[str, str]]:
    zone, errors = me.worker.team.agency.time_zone, {}
    on, at = read.day(typed.get("day", "")), read.clock(typed.get("clock", ""))
    if on is None or at is None or at_local(on, at, zone) <= web.hub.clock.now():
        errors["day"] = WHEN
    if typed.get("repeats") not in RHYTHMS:
        errors["repeats"] = "Select how often."
    if not typed.get("place"):
        errors["place"] = PLACE
    if errors or on is None or at is None:
        return None, errors
    try:
        return pattern_from(typed, on, at, zone), {}
    except BadRepeats:
        return None, {"until": UNTIL}


def _last(pattern: Pattern) -> str:
    """The last day of a series that has one, however it was said."""
    bounded = "UNTIL=" in pattern.repeats.rule or "COUNT=" in pattern.repeats.rule
    days = pattern.days(pattern.first_on - timedelta(days=1), pattern.first_on + FAR) if bounded else []
    return days[-1].isoformat() if days else ""


def _new_place(series: AppointmentSeries, place: str) -> dict[str, str]:
    return {"place": place} if place != series.place else {}


def _form(
    request: Request,
    web: Web,
    me: CaseWorker,
    ref: str,
    typed: dict[str, str],
    errors: dict[str, str],
    *,
    status: int = 200,
    **facts: Any,
) -> HTMLResponse:
    known = {"ref": ref, "typed": typed, "errors": errors, "rhythms": RHYTHMS.items()}
    return web.page(request, "series_change.html", status=status, signed_in=me, **known, **facts)
