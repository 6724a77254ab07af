"""Appointments that repeat. The coming weeks of a series are ordinary appointments, made ahead by the upkeep.

    start()          a new series with its first weeks
    extend_all()     the rolling horizon: the days that have come into sight
    change(), end()  reach the future ones that nobody has touched; what was moved, confirmed or called off stays

Knows no screen and no file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import appointments
from hub.core import Hub
from hub.in_sight import plans_to_extend
from hub.nudges.planner import Change, replan_all
from hub.repeats import Repeats
from hub.speaking import speak_to
from hub.store import audit
from hub.store.refs import new_ref
from hub.store.tables import Appointment, AppointmentSeries, Person
from hub.times import at_local, local, say_when
from hub.words import AppointmentState, Priority, Purpose

HORIZON = timedelta(weeks=8)  # the first reminder comes a week before; a diary is seldom looked at further ahead

# What every appointment of a series has in common, by its columns in both tables.
DETAILS = ("minutes", "how", "with_whom", "place", "directions", "bring", "proof_wanted", "worker_id")


@dataclass(frozen=True, slots=True)
class Pattern:
    """When the appointments of a series are."""

    repeats: Repeats
    first_on: date
    clock: time  # on the agency's wall

    def days(self, after: date, until: date, ended_on: date | None = None) -> list[date]:
        return self.repeats.days(self.first_on, after, min(until, ended_on or until))


def pattern_of(series: AppointmentSeries) -> Pattern:
    left_out = tuple(date.fromisoformat(day) for day in series.left_out)
    return Pattern(Repeats(series.rule, left_out), series.first_on, series.clock)


async def start(
    hub: Hub,
    session: AsyncSession,
    actor: str,
    *,
    person: Person,
    pattern: Pattern,
    external_id: str | None = None,
    case_id: int | None = None,
    **details: Any,
) -> AppointmentSeries:
    """A new series; its appointments of the coming weeks are made at once. `details` are those of `DETAILS`."""
    series = AppointmentSeries(
        ref=new_ref(),
        agency_id=person.agency_id,
        person_id=person.id,
        side=person.side,
        case_id=case_id,
        external_id=external_id,
        planned_until=pattern.first_on - timedelta(days=1),
        made_at=hub.clock.now(),
        person=person,
        **_columns(pattern),
        **details,
    )
    session.add(series)
    await session.flush()
    _record(hub, session, actor, "series_made", series)
    await _extend(hub, session, actor, [series])
    return series


async def extend_all(hub: Hub) -> int:
    """Make the appointments that have come into sight. Returns how many series were looked at: call again while it is
    not 0. Two at once share the work.
    """
    async with hub.store.transaction() as session:
        days = (AppointmentSeries.planned_until, AppointmentSeries.ended_on)
        found = await plans_to_extend(hub, session, AppointmentSeries, HORIZON, *days)
        await _extend(hub, session, "hub", found)
        return len(found)


async def change(
    hub: Hub, session: AsyncSession, actor: str, series: AppointmentSeries, pattern: Pattern, **details: Any
) -> Change:
    """Other days, another time, place or length, for what lies ahead; the person hears of it once."""
    untouched = await _untouched(hub, session, series)
    taken = {row.occurrence_on for row in await _rows(hub, session, series)}
    moved = pattern != pattern_of(series)
    for name, value in (_columns(pattern) | details).items():
        setattr(series, name, value)
    today = local(hub.clock.now(), _zone(series)).date()
    wanted = set(pattern.days(today - timedelta(days=1), series.planned_until, series.ended_on))
    for row in untouched:
        _follow(hub, row, series, stays=row.occurrence_on in wanted)
    made = _made(hub, series, sorted(wanted - taken))
    _record(hub, session, actor, "series_changed", series)
    planned = await appointments.store(hub, session, actor, made)
    planned += await replan_all(hub, session, "appointment", [row.id for row in untouched])
    if moved or "place" in details:
        await _tell_change(hub, session, series)
    return planned


async def end(
    hub: Hub, session: AsyncSession, actor: str, series: AppointmentSeries, last_on: date, *, tell: bool = True
) -> Change:
    """None after `last_on`. Those ahead that nobody has touched are called off, and the person hears of it once."""
    gone = [row for row in await _untouched(hub, session, series) if row.occurrence_on and row.occurrence_on > last_on]
    series.ended_on = last_on
    for row in gone:
        _follow(hub, row, series, stays=False)
    _record(hub, session, actor, "series_ended", series)
    change = await replan_all(hub, session, "appointment", [row.id for row in gone])
    if gone and tell:
        await _tell(hub, session, series, "appointments.series_ended")
    return change


async def _extend(hub: Hub, session: AsyncSession, actor: str, found: Sequence[AppointmentSeries]) -> None:
    made: list[Appointment] = []
    for series in found:
        today = local(hub.clock.now(), _zone(series)).date()
        until = today + HORIZON
        made += _made(hub, series, pattern_of(series).days(series.planned_until, until, series.ended_on))
        series.planned_until = max(series.planned_until, until)
    await appointments.store(hub, session, actor, made)


def _made(hub: Hub, series: AppointmentSeries, days: Sequence[date]) -> list[Appointment]:
    """Those of them that lie ahead, not stored yet."""
    common = {name: getattr(series, name) for name in DETAILS}
    starts = {day: at_local(day, series.clock, _zone(series)) for day in days}
    return [
        appointments.new(
            hub,
            person=series.person,
            starts_at=starts_at,
            case_id=series.case_id,
            series_id=series.id,
            occurrence_on=day,
            **common,
        )
        for day, starts_at in starts.items()
        if starts_at > hub.clock.now()
    ]


async def _rows(hub: Hub, session: AsyncSession, series: AppointmentSeries) -> Sequence[Appointment]:
    """Those that stand for a day from today on, wherever they were moved to."""
    today = local(hub.clock.now(), _zone(series)).date()
    wanted = (
        select(Appointment)
        .where(Appointment.series_id == series.id, Appointment.occurrence_on >= today)
        .order_by(Appointment.occurrence_on)
    )
    return (await session.scalars(wanted)).all()


async def _untouched(hub: Hub, session: AsyncSession, series: AppointmentSeries) -> list[Appointment]:
    """Ahead, at the time that the series gave them, and neither confirmed, questioned nor called off."""
    return [
        row
        for row in await _rows(hub, session, series)
        if row.state is AppointmentState.PLANNED
        and row.occurrence_on
        and row.starts_at == at_local(row.occurrence_on, series.clock, _zone(series)) > hub.clock.now()
    ]


def _follow(hub: Hub, row: Appointment, series: AppointmentSeries, *, stays: bool) -> None:
    """Do as the series now says. One that goes gives its day back, so that the day can come again."""
    if stays and row.occurrence_on:
        row.starts_at = at_local(row.occurrence_on, series.clock, _zone(series))
        for name in DETAILS:
            setattr(row, name, getattr(series, name))
    else:
        row.state, row.state_at, row.occurrence_on = AppointmentState.CANCELLED, hub.clock.now(), None


async def _tell_change(hub: Hub, session: AsyncSession, series: AppointmentSeries) -> None:
    upcoming: datetime | None = await session.scalar(
        select(Appointment.starts_at)
        .where(
            Appointment.series_id == series.id,
            Appointment.state == AppointmentState.PLANNED,
            Appointment.starts_at > hub.clock.now(),
        )
        .order_by(Appointment.starts_at)
        .limit(1)
    )
    if upcoming:
        when = say_when(upcoming, _zone(series), series.person.language)
        await _tell(hub, session, series, "appointments.series_changed", when=when, place=series.place)


async def _tell(hub: Hub, session: AsyncSession, series: AppointmentSeries, text_key: str, **facts: Any) -> None:
    handling = await speak_to(hub, session, series.person, Purpose.REMINDER)
    if handling:
        await handling.say(text_key, priority=Priority.REMINDER, with_whom=series.with_whom, **facts)


def _columns(pattern: Pattern) -> dict[str, Any]:
    return {
        "rule": pattern.repeats.rule,
        "left_out": [day.isoformat() for day in pattern.repeats.left_out],
        "first_on": pattern.first_on,
        "clock": pattern.clock,
    }


def _zone(series: AppointmentSeries) -> str:
    return series.person.agency.time_zone


def _record(hub: Hub, session: AsyncSession, actor: str, what: str, series: AppointmentSeries) -> None:
    audit.record(session, hub.clock.now(), actor, what, f"series:{series.id}", person_id=series.person_id)
