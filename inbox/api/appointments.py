"""Appointments through the API: made, read, moved, cancelled, their outcome. Must not know of reminders."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import appointments as hub_appointments
from hub.errors import MoveNotAllowed, NotFound
from hub.handling import STANDING
from hub.store.tables import Appointment, AppointmentSeries, Worker
from hub.words import AppointmentState
from inbox.api.asked import Asked, AskedBy
from inbox.api.paging import Cursor, Limit, Page, take_page
from inbox.api.people import find_person
from inbox.api.problems import Problem, ProblemRoute
from inbox.api.scope import find_case, worker_id
from inbox.api.series import start_series
from inbox.api.shapes import AppointmentChange, AppointmentShown, NewAppointment

routes = APIRouter(route_class=ProblemRoute, tags=["Appointments"])


@routes.post("/appointments", status_code=201, response_model=AppointmentShown)
async def make_an_appointment(new: NewAppointment, asked: Asked) -> JSONResponse:
    """Make an appointment. Its reminders are planned at once."""
    _check_future(asked, new.starts_at)

    async def make(session: AsyncSession) -> AppointmentShown:
        person = await find_person(session, asked, new.person_ref)
        if new.case_id is not None and (await find_case(session, asked, new.case_id)).person_id != person.id:
            raise NotFound("(case_id)")
        details = new.model_dump(exclude={"person_ref", "worker_email", "starts_at", "repeats"})
        details["worker_id"] = await worker_id(session, asked, new.worker_email) or person.worker_id
        if new.repeats:
            return await _shown(
                session, await start_series(session, asked, person, new.starts_at, new.repeats, details)
            )
        appointment = await hub_appointments.schedule(
            asked.hub, session, asked.actor, person=person, starts_at=new.starts_at, **details
        )
        return await _shown(session, appointment)

    return await asked.once(201, make)


@routes.get("/appointments", response_model=Page[AppointmentShown])
async def list_appointments(
    asked: Asked,
    person_ref: str | None = None,
    external_id: Annotated[str | None, Query(description="Your reference: finds one appointment.")] = None,
    state: AppointmentState | None = None,
    starts_from: Annotated[AwareDatetime | None, Query(description="At this time or later.")] = None,
    starts_before: Annotated[AwareDatetime | None, Query(description="Before this time.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AppointmentShown]:
    """List appointments: all, of a person, in a state, or between two times."""
    async with asked.reading() as session:
        wanted = _of_scope(asked)
        if person_ref is not None:
            person = await find_person(session, asked, person_ref)
            wanted = wanted.where(Appointment.person_id == person.id)
        if external_id is not None:
            wanted = wanted.where(Appointment.external_id == external_id)
        wanted = _within(wanted, state, starts_from, starts_before)
        found, following = await take_page(session, wanted, Appointment.id, limit, cursor)
        asked.audit(session, "appointments_listed", f"agency:{asked.agency_id}", count=len(found))
        return Page(items=[await _shown(session, appointment) for appointment in found], next=following)


@routes.get("/appointments/{ref}", response_model=AppointmentShown)
async def show_an_appointment(ref: str, asked: Asked) -> AppointmentShown:
    """One appointment. The look is recorded."""
    async with asked.reading() as session:
        appointment = await _find(session, asked, ref)
        asked.audit(session, "appointment_viewed", f"appointment:{appointment.id}", appointment.person_id)
        return await _shown(session, appointment)


@routes.patch("/appointments/{ref}", response_model=AppointmentShown)
async def change_an_appointment(ref: str, change: AppointmentChange, asked: Asked) -> JSONResponse:
    """Move an appointment, cancel it, or say how it went. Reminders follow."""
    if change.starts_at:
        _check_future(asked, change.starts_at)

    async def make(session: AsyncSession) -> AppointmentShown:
        appointment = await _find(session, asked, ref, to_change=True)
        _check_change(asked, appointment, change)
        hub, actor = asked.hub, asked.actor
        if change.starts_at:
            await hub_appointments.move(hub, session, actor, appointment, change.starts_at)
        elif change.state == "cancelled":
            await hub_appointments.cancel(hub, session, actor, appointment)
        elif change.state:
            outcome = AppointmentState(change.state)
            await hub_appointments.set_outcome(hub, session, actor, appointment, outcome)
        await session.flush()
        return await _shown(session, appointment)

    return await asked.once(200, make)


def _check_future(asked: AskedBy, starts_at: datetime) -> None:
    if starts_at <= asked.hub.clock.now():
        raise Problem(422, "in_the_past", "This time has passed. Choose one that lies ahead.")


def _check_change(asked: AskedBy, appointment: Appointment, change: AppointmentChange) -> None:
    """What stands can be moved or cancelled; what has begun and was not cancelled has an outcome."""
    if change.starts_at or change.state == "cancelled":
        allowed = appointment.state in STANDING
    else:
        begun = appointment.starts_at <= asked.hub.clock.now()
        allowed = begun and appointment.state is not AppointmentState.CANCELLED
    if not allowed:
        raise MoveNotAllowed(f"(the appointment is {appointment.state})")


def _of_scope(asked: AskedBy) -> Select[Appointment]:
    return select(Appointment).where(Appointment.agency_id == asked.agency_id, Appointment.side == asked.side)


def _within(
    wanted: Select[Appointment],
    state: AppointmentState | None,
    starts_from: datetime | None,
    starts_before: datetime | None,
) -> Select[Appointment]:
    if state is not None:
        wanted = wanted.where(Appointment.state == state)
    if starts_from is not None:
        wanted = wanted.where(Appointment.starts_at >= starts_from)
    if starts_before is not None:
        wanted = wanted.where(Appointment.starts_at < starts_before)
    return wanted


async def _find(session: AsyncSession, asked: AskedBy, ref: str, *, to_change: bool = False) -> Appointment:
    """Raises `NotFound`, for an appointment of the other side or of another agency too."""
    wanted = _of_scope(asked).where(Appointment.ref == ref)
    if to_change:  # two changes at once: the second sees what the first has done
        wanted = wanted.with_for_update(of=Appointment)
    appointment = await session.scalar(wanted)
    if appointment is None:
        raise NotFound("(appointment)")
    return appointment


async def _shown(session: AsyncSession, appointment: Appointment) -> AppointmentShown:
    worker = await session.get(Worker, appointment.worker_id) if appointment.worker_id else None
    await session.refresh(appointment, ["person"])
    series = await session.get(AppointmentSeries, appointment.series_id) if appointment.series_id else None
    return AppointmentShown(
        ref=appointment.ref,
        person_ref=appointment.person.ref,
        external_id=appointment.external_id,
        starts_at=appointment.starts_at,
        minutes=appointment.minutes,
        with_whom=appointment.with_whom,
        place=appointment.place,
        how=appointment.how,
        directions=appointment.directions,
        bring=appointment.bring,
        proof_wanted=appointment.proof_wanted,
        worker_email=worker.email if worker else None,
        case_id=appointment.case_id,
        state=appointment.state,
        state_at=appointment.state_at,
        series_ref=series.ref if series else None,
    )
