"""Which times are free for an appointment: working days, opening hours, the worker's other appointments.

Knows nothing of who asks or how it is said.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.dates import Wish
from hub.handling import STANDING
from hub.store.tables import Agency, Appointment
from hub.times import at_local, local
from hub.working_time import is_working_day

LOOK_AHEAD = 28  # days: later than that nobody knows their week
STEP = timedelta(minutes=30)
NOTICE = timedelta(hours=2)  # nobody is asked to come sooner than that


async def free_slots(
    session: AsyncSession, appointment: Appointment, now: datetime, wish: Wish | None = None, most: int = 3
) -> list[datetime]:
    """Up to `most` free times that fit the wish, the soonest first.

    Without a wished day: one a day from tomorrow on, and none on the day that the person has just turned
    down.
    """
    taken = await _taken(session, appointment, now)
    found: list[datetime] = []
    for day in _days(appointment, now, anywhen=bool(wish and wish.days)):
        same_day = [
            slot for slot in _of_day(appointment, day, now, wish or Wish()) if _is_free(slot, appointment, taken)
        ]
        found += same_day if wish and wish.days else same_day[:1]
        if len(found) >= most:
            break
    return found[:most]


async def is_free(session: AsyncSession, appointment: Appointment, at: datetime, now: datetime) -> bool:
    """Whether this very time can be asked for."""
    agency = appointment.person.agency
    there = local(at, agency.time_zone)
    until = (there + timedelta(minutes=appointment.minutes)).time()
    open_then = agency.open_from <= there.time() < agency.open_until and until <= agency.open_until
    if at <= now or not open_then or not is_working_day(there.date(), agency.holidays):
        return False
    return _is_free(at, appointment, await _taken(session, appointment, now))


def _days(appointment: Appointment, now: datetime, *, anywhen: bool) -> Iterator[date]:
    agency = appointment.person.agency
    today = local(now, agency.time_zone).date()
    turned_down = {today, local(appointment.starts_at, agency.time_zone).date()}
    for ahead in range(LOOK_AHEAD):
        day = today + timedelta(days=ahead)
        if is_working_day(day, agency.holidays) and (anywhen or day not in turned_down):
            yield day


def _of_day(appointment: Appointment, day: date, now: datetime, wish: Wish) -> Iterator[datetime]:
    """The day's times that fit, the appointment's own time of day first."""
    agency = appointment.person.agency
    usual = local(appointment.starts_at, agency.time_zone).time()
    for clock in sorted(_clocks(agency, appointment.minutes), key=lambda c: (c != usual, c)):
        moment = at_local(day, clock, agency.time_zone)
        if wish.allows(day, clock) and moment > now + NOTICE and moment != appointment.starts_at:
            yield moment


def _clocks(agency: Agency, minutes: int) -> Iterator[time]:
    at = datetime.combine(date.min, agency.open_from)
    closing = datetime.combine(date.min, agency.open_until)
    while at + timedelta(minutes=minutes) <= closing:
        yield at.time()
        at += STEP


async def _taken(session: AsyncSession, appointment: Appointment, now: datetime) -> list[tuple[datetime, datetime]]:
    """From when until when the worker, and the person, have something else."""
    others = select(Appointment.starts_at, Appointment.minutes).where(
        Appointment.id != appointment.id,
        Appointment.state.in_(STANDING),
        Appointment.starts_at > now - timedelta(days=1),
        Appointment.starts_at < now + timedelta(days=LOOK_AHEAD + 1),
        (Appointment.person_id == appointment.person_id)
        | (Appointment.worker_id.is_not(None) & (Appointment.worker_id == appointment.worker_id)),
    )
    rows = (await session.execute(others)).all()
    return [(starts_at, starts_at + timedelta(minutes=minutes)) for starts_at, minutes in rows]


def _is_free(at: datetime, appointment: Appointment, taken: list[tuple[datetime, datetime]]) -> bool:
    until = at + timedelta(minutes=appointment.minutes)
    return all(until <= start or at >= end for start, end in taken)
