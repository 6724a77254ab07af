"""The appointments of a day: what people said, the outcome, another time, calling off."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select

from hub import appointments as hub_appointments
from hub import move_requests
from hub.access import access_appointment, record_view
from hub.errors import NotFound
from hub.nudges.planner import Change, preview
from hub.reading import appointments
from hub.store.tables import MoveRequest
from hub.times import at_local, local, say_when
from hub.words import AppointmentState
from inbox.login import Reader
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/appointments")

OUTCOMES = {
    AppointmentState.ATTENDED: "They came",
    AppointmentState.MISSED: "They did not come",
    AppointmentState.UNKNOWN: "Not known",
}
Word = Annotated[str, Form(max_length=100)]


@router.get("")
async def show_day(request: Request, web: WebDep, me: Reader, day: date | None = None) -> HTMLResponse:
    zone = me.worker.team.agency.time_zone
    today = local(web.hub.clock.now(), zone).date()
    day = day or today
    async with web.hub.store.transaction() as session:
        rows = await appointments.of_day(web.hub, session, me.worker, day)
    beside: dict[str, Any] = {
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "today": today,
    }
    title = f"{day:%A} {day.day} {day:%B %Y}"
    return web.page(request, "appointments.html", signed_in=me, rows=rows, day=day, title=title, **beside)


@router.get("/{ref}")
async def show(request: Request, web: WebDep, me: Reader, ref: str) -> HTMLResponse:
    return await _page(request, web, me, ref)


@router.post("/{ref}/outcome")
async def outcome(request: Request, web: WebDep, me: Reader, ref: str, outcome: Word = "") -> Response:
    if outcome not in set(OUTCOMES):
        return await _page(request, web, me, ref, errors={"outcome": "Select what happened."}, status=422)
    async with web.hub.store.transaction() as session:
        found = await access_appointment(session, me.worker, ref, lock=True)
        actor = f"worker:{me.worker.id}"
        await hub_appointments.set_outcome(web.hub, session, actor, found, AppointmentState(outcome))
    return _back(ref)


@router.post("/{ref}/move")
async def move(
    request: Request, web: WebDep, me: Reader, ref: str, day: Word = "", clock: Word = "", sure: Word = ""
) -> Response:
    """First shows which reminders change; saves when that was seen."""
    zone = me.worker.team.agency.time_zone
    at = _moment(day, clock, zone)
    typed = {"day": day, "clock": clock}
    if at is None or at <= web.hub.clock.now():
        errors = {"day": "Enter a day and a time to come, such as 2026-03-24 and 14:30."}
        return await _page(request, web, me, ref, errors=errors, typed=typed, status=422)
    async with web.hub.store.transaction() as session:
        found = await access_appointment(session, me.worker, ref, lock=True)
        if sure:
            await hub_appointments.move(web.hub, session, f"worker:{me.worker.id}", found, at)
            return _back(ref)
        hub_appointments.check_can_move(found)
        change = await preview(web.hub, session, "appointment", found.id, at)
    return await _page(request, web, me, ref, typed=typed, change=change, when=say_when(at, zone))


@router.post("/{ref}/cancel")
async def cancel(web: WebDep, me: Reader, ref: str) -> Response:
    async with web.hub.store.transaction() as session:
        found = await access_appointment(session, me.worker, ref, lock=True)
        await hub_appointments.cancel(web.hub, session, f"worker:{me.worker.id}", found)
    return _back(ref)


@router.post("/{ref}/request")
async def decide(
    web: WebDep, me: Reader, ref: str, request_id: Annotated[int, Form()], decision: Word = ""
) -> Response:
    """The person's wish for another time: granted as asked, or not."""
    async with web.hub.store.transaction() as session:
        found = await access_appointment(session, me.worker, ref, lock=True)
        wanted = select(MoveRequest).where(MoveRequest.id == request_id, MoveRequest.appointment_id == found.id)
        asked = await session.scalar(wanted.with_for_update(of=MoveRequest))
        if asked is None:
            raise NotFound
        starts_at = asked.wanted_at if decision == "yes" else None
        await move_requests.decide(web.hub, session, me.worker, asked, starts_at=starts_at)
    return _back(ref)


def _moment(day: str, clock: str, zone: str) -> datetime | None:
    try:
        return at_local(date.fromisoformat(day.strip()), time.fromisoformat(clock.strip()), zone)
    except ValueError:
        return None


async def _page(
    request: Request,
    web: WebDep,
    me: Reader,
    ref: str,
    *,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    change: Change | None = None,
    when: str = "",
    status: int = 200,
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        appointment = await access_appointment(session, me.worker, ref)
        subject = f"appointment:{appointment.id}"
        record_view(web.hub, session, me.worker, "appointment_viewed", subject, appointment.person_id)
        found = await appointments.one(web.hub, session, appointment)
    facts: dict[str, Any] = {
        "row": found,
        "errors": errors or {},
        "typed": typed or {},
        "change": change,
        "when": when,
    }
    return web.page(request, "appointment.html", status=status, signed_in=me, outcomes=OUTCOMES, **facts)


def _back(ref: str) -> RedirectResponse:
    return RedirectResponse(f"/appointments/{ref}", 303)
