"""The appointments of a day or a week; what happened is said in the list."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import appointments as hub_appointments
from hub.access import access_appointment
from hub.reading import appointments
from hub.reading.appointments import Row, Whose
from hub.times import local
from hub.words import AppointmentState, WorkerRole
from inbox.login import Reader
from inbox.pages.appointment import OUTCOMES
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/appointments")

SHORT = {
    AppointmentState.ATTENDED: "Came",
    AppointmentState.MISSED: "Did not come",
    AppointmentState.UNKNOWN: "Not known",
}
Word = Annotated[str, Form(max_length=100)]


@router.get("")
async def show(
    request: Request, web: WebDep, me: Reader, day: date | None = None, view: str = "day", whose: str = ""
) -> HTMLResponse:
    today = local(web.hub.clock.now(), me.worker.team.agency.time_zone).date()
    day, week = day or today, view == "week"
    first = day - timedelta(days=day.weekday()) if week else day
    length = timedelta(days=7 if week else 1)
    only = Whose(whose) if whose in set(Whose) else None
    async with web.hub.store.transaction() as session:
        rows = await appointments.between(web.hub, session, me.worker, first, first + length - timedelta(days=1), only)
    facts: dict[str, Any] = {
        "day": day,
        "today": today,
        "before": first - length,
        "after": first + length,
        "view": "week" if week else "day",
        "whose": only or "",
        "title": _title(first, week=week),
        "days": _by_day(rows, first, length.days),
        "outcomes": SHORT,
        "may_change": me.worker.role is not WorkerRole.PROVIDER,
        "here": f"day={day}&view={'week' if week else 'day'}&whose={only or ''}",
    }
    return web.page(request, f"appointments_{facts['view']}.html", signed_in=me, rows=rows, **facts)


@router.post("/outcomes/{ref}")
async def outcome_in_list(web: WebDep, me: Reader, ref: str, outcome: Word = "", here: Word = "") -> Response:
    """One tap in the list, and back to it. `here`: the list's own address after the question mark."""
    if outcome in set(OUTCOMES):
        async with web.hub.store.transaction() as session:
            found = await access_appointment(session, me.worker, ref, lock=True)
            actor, state = f"worker:{me.worker.id}", AppointmentState(outcome)
            await hub_appointments.set_outcome(web.hub, session, actor, found, state)
    return RedirectResponse(f"/appointments?{here}#row-{ref}" if _is_ours(here) else "/appointments", 303)


def _is_ours(here: str) -> bool:
    return all(character.isalnum() or character in "=&-_" for character in here)


def _title(first: date, *, week: bool) -> str:
    if not week:
        return f"{first:%A} {first.day} {first:%B %Y}"
    last = first + timedelta(days=6)
    month = "" if first.month == last.month else f" {first:%B}"
    return f"{first.day}{month} to {last.day} {last:%B %Y}"


def _by_day(rows: list[Row], first: date, length: int) -> list[tuple[date, str, list[Row]]]:
    days = [first + timedelta(days=number) for number in range(length)]
    return [(day, f"{day:%a} {day.day} {day:%B}", [row for row in rows if row.on == day]) for day in days]
