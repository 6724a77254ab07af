"""Rows of a file that say how an appointment repeats: a series is made, changed, or left as it is.

Knows nothing of how the appointments of a series come about: the hub makes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from hub import recurring, repeats
from hub.errors import BadRepeats
from hub.recurring import Pattern
from hub.store.tables import Appointment, AppointmentSeries, Person, Worker
from hub.times import local
from integrations.case_systems.appointment_rows import AppointmentRow
from integrations.case_systems.lookups import Into
from integrations.case_systems.report import Report, Tally

FAR = timedelta(days=366 * 2)  # a series of which no day comes within two years is a slip of the pen


async def known_series(into: Into, report: Report[AppointmentRow]) -> dict[str, AppointmentSeries]:
    found = await into.session.scalars(
        select(AppointmentSeries).where(
            AppointmentSeries.agency_id == into.agency.id,
            AppointmentSeries.side == into.side,
            AppointmentSeries.external_id.in_([row.external_id for row in report.rows]),
        )
    )
    return {series.external_id or "": series for series in found}


@dataclass(frozen=True, slots=True)
class SeriesBatch:
    """The rows of one file that repeat, with everything that they refer to."""

    into: Into
    tally: Tally
    people: Mapping[str, Person]
    workers: Mapping[str, Worker]
    single: Mapping[str, Appointment]
    known: Mapping[str, AppointmentSeries]

    def has(self, row: AppointmentRow) -> bool:
        return bool(row.repeats) or row.external_id in self.known

    def check(self, row: AppointmentRow) -> None:
        series, person = self.known.get(row.external_id), self.people.get(row.person_ref)
        if not row.repeats:
            self.tally.problem(row.row, "repeats", "It is empty, but here this appointment repeats. Say how.")
        elif row.external_id in self.single:
            sentence = "Here this is an appointment of one day. Give what repeats a new appointment_id."
            self.tally.problem(row.row, "appointment_id", sentence)
        elif series and person and series.person_id != person.id:
            self.tally.problem(row.row, "person_ref", "This appointment is another person's here.")
        elif row.day != date.max:
            self._check_days(row, series)

    def _check_days(self, row: AppointmentRow, series: AppointmentSeries | None) -> None:
        try:
            pattern = self._pattern(row)
        except BadRepeats as wrong:
            return self.tally.problem(row.row, "repeats", str(wrong))
        today = local(self.into.hub.clock.now(), self.into.agency.time_zone).date()
        if series is None and not pattern.days(today, today + FAR):
            self.tally.problem(row.row, "repeats", "None of its days lies ahead.")

    async def write(self, row: AppointmentRow) -> None:
        hub, session, actor = self.into.hub, self.into.session, self.into.actor
        person, pattern, details = self.people[row.person_ref], self._pattern(row), self._details(row)
        series = self.known.get(row.external_id)
        if series is None:
            details = {"worker_id": person.worker_id} | details
            await recurring.start(
                hub, session, actor, person=person, pattern=pattern, external_id=row.external_id, **details
            )
            self.tally.created += 1
            return
        other = {name: value for name, value in details.items() if getattr(series, name) != value}
        if not other and pattern == recurring.pattern_of(series):
            self.tally.unchanged += 1
            return
        await recurring.change(hub, session, actor, series, pattern, **other)
        self.tally.changed += 1

    def _pattern(self, row: AppointmentRow) -> Pattern:
        """Raises `BadRepeats`."""
        read = repeats.read(row.repeats, row.day, row.clock, self.into.agency.time_zone)
        return Pattern(read, row.day, row.clock)

    def _details(self, row: AppointmentRow) -> dict[str, Any]:
        worker = self.workers.get(row.worker_email)
        return row.details() | ({"worker_id": worker.id} if worker else {})
