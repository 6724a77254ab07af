"""One appointment: what the person said, the outcome, another time, calling off. What changes is shown first."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import appointments as hub_appointments
from hub import feedback as hub_feedback
from hub import move_requests, proofs, video
from hub.access import access_appointment, record_view
from hub.errors import NotAllowed, NotFound
from hub.foresight import foresee
from hub.reading import appointments, effects, feedback
from hub.reading.effects import Effect
from hub.store.tables import MoveRequest
from hub.times import at_local, is_on_the_clock, say_when
from hub.words import AppointmentState, WorkerRole
from inbox import typed as read
from inbox.login import Reader
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/appointments")

OUTCOMES = {
    AppointmentState.ATTENDED: "They came",
    AppointmentState.MISSED: "They did not come",
    AppointmentState.UNKNOWN: "Not known",
}
WHEN = "Enter a day and a time to come, such as 24/03/2027 and 14:30."
Word = Annotated[str, Form(max_length=100)]


@router.get("/{ref}")
async def show(request: Request, web: WebDep, me: Reader, ref: str) -> HTMLResponse:
    return await appointment_page(request, web, me, ref)


@router.post("/{ref}/outcome")
async def outcome(request: Request, web: WebDep, me: Reader, ref: str, outcome: Word = "") -> Response:
    if outcome not in set(OUTCOMES):
        return await appointment_page(request, web, me, ref, errors={"outcome": "Select what happened."}, status=422)
    async with web.hub.store.transaction() as session:
        found = await access_appointment(session, me.worker, ref, lock=True)
        actor = f"worker:{me.worker.id}"
        await hub_appointments.set_outcome(web.hub, session, actor, found, AppointmentState(outcome))
        if outcome == AppointmentState.ATTENDED:
            await proofs.said_by(web.hub, session, me.worker, found)
    return _back(ref)


@router.post("/{ref}/move")
async def move(
    request: Request, web: WebDep, me: Reader, ref: str, day: Word = "", clock: Word = "", sure: Word = ""
) -> Response:
    """First shows which reminders change; saves when that was seen."""
    zone = me.worker.team.agency.time_zone
    at = moment(day, clock, zone)
    typed = {"day": day, "clock": clock}
    if at is None or at <= web.hub.clock.now():
        return await appointment_page(request, web, me, ref, errors={"day": WHEN}, typed=typed, status=422)

    async def act(session: AsyncSession) -> None:
        found = await access_appointment(session, me.worker, ref, lock=True)
        await hub_appointments.move(web.hub, session, f"worker:{me.worker.id}", found, at)

    if sure:
        async with web.hub.store.transaction() as session:
            await act(session)
        return _back(ref)
    effect = effects.in_words(web.hub, await foresee(web.hub, await person_of(web, me, ref), act), zone, "Moving this")
    return await appointment_page(
        request, web, me, ref, typed=typed, asked="move", effect=effect, when=say_when(at, zone)
    )


@router.post("/{ref}/cancel")
async def cancel(request: Request, web: WebDep, me: Reader, ref: str, sure: Word = "") -> Response:
    """The same: first what stops, and what the person is told."""

    async def act(session: AsyncSession) -> None:
        found = await access_appointment(session, me.worker, ref, lock=True)
        await hub_appointments.cancel(web.hub, session, f"worker:{me.worker.id}", found)

    if sure:
        async with web.hub.store.transaction() as session:
            await act(session)
        return _back(ref)
    zone, person_id = me.worker.team.agency.time_zone, await person_of(web, me, ref)
    effect = effects.in_words(web.hub, await foresee(web.hub, person_id, act), zone, "Calling it off")
    return await appointment_page(request, web, me, ref, asked="cancel", effect=effect)


@router.post("/{ref}/meeting")
async def meeting(
    request: Request, web: WebDep, me: Reader, ref: str, address: Annotated[str, Form(max_length=600)] = ""
) -> Response:
    """Where the video call is held."""
    try:
        async with web.hub.store.transaction() as session:
            found = await access_appointment(session, me.worker, ref, lock=True)
            await video.set_meeting(web.hub, session, me.worker, found, address)
    except NotAllowed as wrong:
        errors, typed = {"address": wrong.detail}, {"address": address}
        return await appointment_page(request, web, me, ref, errors=errors, typed=typed, status=422)
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


def moment(day: str, clock: str, zone: str) -> datetime | None:
    """What was typed, as an instant. None: it cannot be read, or the clock never shows that time on that day."""
    on, at = read.day(day), read.clock(clock)
    return at_local(on, at, zone) if on and at and is_on_the_clock(on, at, zone) else None


async def person_of(web: Web, me: Reader, ref: str) -> int:
    async with web.hub.store.transaction() as session:
        return (await access_appointment(session, me.worker, ref)).person_id


async def appointment_page(
    request: Request,
    web: Web,
    me: Reader,
    ref: str,
    *,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    asked: str = "",
    effect: Effect | None = None,
    when: str = "",
    status: int = 200,
) -> HTMLResponse:
    """`asked`: what is about to be done, move or cancel, with its `effect`."""
    async with web.hub.store.transaction() as session:
        appointment = await access_appointment(session, me.worker, ref)
        subject = f"appointment:{appointment.id}"
        record_view(web.hub, session, me.worker, "appointment_viewed", subject, appointment.person_id)
        found = await appointments.one(web.hub, session, appointment)
        came = appointment.state is AppointmentState.ATTENDED
        both = await feedback.of_session(web.hub, session, me.worker, appointment) if came else None
        may_tell = came and hub_feedback.may_tell(me.worker, appointment)
    facts: dict[str, Any] = {
        "row": found,
        "both": both,
        "may_tell": may_tell,
        "errors": errors or {},
        "typed": typed or {},
        "asked": asked,
        "effect": effect,
        "when": when,
        "outcomes": OUTCOMES,
        "may_open": me.worker.role is not WorkerRole.PROVIDER,
    }
    return web.page(request, "appointment.html", status=status, signed_in=me, **facts)


def _back(ref: str) -> RedirectResponse:
    return RedirectResponse(f"/appointments/{ref}", 303)
