"""Appointments that repeat, through the API: made, listed, changed, ended. Must not know of reminders."""

from datetime import date, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import recurring, repeats
from hub.errors import BadRepeats, NotFound
from hub.recurring import Pattern
from hub.store.tables import Appointment, AppointmentSeries, Person
from hub.times import local
from inbox.api.asked import Asked, AskedBy
from inbox.api.paging import Cursor, Limit, Page, take_page
from inbox.api.problems import Problem, ProblemRoute
from inbox.api.shapes import SeriesChange, SeriesShown

routes = APIRouter(route_class=ProblemRoute, tags=["Appointments"])


async def start_series(
    session: AsyncSession, asked: AskedBy, person: Person, starts_at: datetime, words: str, details: dict[str, Any]
) -> Appointment:
    """Answers with the first appointment."""
    there = local(starts_at, person.agency.time_zone)
    pattern = _pattern(words, there.date(), there.time(), person.agency.time_zone)
    series = await recurring.start(asked.hub, session, asked.actor, person=person, pattern=pattern, **details)
    first = select(Appointment).where(Appointment.series_id == series.id).order_by(Appointment.starts_at).limit(1)
    found: Appointment | None = await session.scalar(first)
    if found is None:
        raise Problem(422, "too_far_ahead", "The first one is more than eight weeks ahead. Make it when it is nearer.")
    return found


@routes.get("/appointment-series", response_model=Page[SeriesShown])
async def list_series(
    asked: Asked,
    external_id: Annotated[str | None, Query(description="Your reference: finds one series.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[SeriesShown]:
    """List appointments that repeat."""
    wanted = select(AppointmentSeries).where(
        AppointmentSeries.agency_id == asked.agency_id, AppointmentSeries.side == asked.side
    )
    if external_id is not None:
        wanted = wanted.where(AppointmentSeries.external_id == external_id)
    async with asked.reading() as session:
        found, following = await take_page(session, wanted, AppointmentSeries.id, limit, cursor)
        asked.audit(session, "series_listed", f"agency:{asked.agency_id}", count=len(found))
        return Page(items=[_shown(series) for series in found], next=following)


@routes.patch("/appointment-series/{ref}", response_model=SeriesShown)
async def change_a_series(ref: str, change: SeriesChange, asked: Asked) -> JSONResponse:
    """End it, or change when it is. What was moved, confirmed or called off by itself stays."""

    async def make(session: AsyncSession) -> SeriesShown:
        series = await _find(session, asked, ref)
        if change.last_on:
            await recurring.end(asked.hub, session, asked.actor, series, change.last_on)
        else:
            await recurring.change(asked.hub, session, asked.actor, series, _changed(series, change))
        await session.flush()
        return _shown(series)

    return await asked.once(200, make)


def _changed(series: AppointmentSeries, change: SeriesChange) -> Pattern:
    first_on = change.first_on or series.first_on
    clock = time.fromisoformat(change.time) if change.time else series.clock
    return _pattern(change.repeats or series.rule, first_on, clock, series.person.agency.time_zone)


def _pattern(words: str, first_on: date, clock: time, zone: str) -> Pattern:
    try:
        return Pattern(repeats.read(words, first_on, clock, zone), first_on, clock)
    except BadRepeats as wrong:
        raise Problem(422, wrong.code, str(wrong)) from wrong


async def _find(session: AsyncSession, asked: AskedBy, ref: str) -> AppointmentSeries:
    found: AppointmentSeries | None = await session.scalar(
        select(AppointmentSeries)
        .where(
            AppointmentSeries.ref == ref,
            AppointmentSeries.agency_id == asked.agency_id,
            AppointmentSeries.side == asked.side,
        )
        .with_for_update(of=AppointmentSeries)
    )
    if found is None:
        raise NotFound("(series)")
    return found


def _shown(series: AppointmentSeries) -> SeriesShown:
    return SeriesShown(
        ref=series.ref,
        person_ref=series.person.ref,
        external_id=series.external_id,
        rule=series.rule,
        repeats=repeats.in_words(recurring.pattern_of(series).repeats),
        left_out=[date.fromisoformat(day) for day in series.left_out],
        first_on=series.first_on,
        time=f"{series.clock:%H:%M}",
        ended_on=series.ended_on,
    )
