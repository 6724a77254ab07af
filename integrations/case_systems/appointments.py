"""Appointments from a case system's file: made, moved, or left as they are.

Knows nothing of reminders: the hub plans them again whenever an appointment is made or moved.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from hub import appointments as hub_appointments
from hub.core import Hub
from hub.errors import HandrailError
from hub.handling import STANDING
from hub.nudges.planner import replan_all
from hub.store.tables import Appointment, Person, Worker
from hub.times import at_local, is_on_the_clock, say_when
from hub.words import Side
from integrations.case_systems.appointment_rows import AppointmentRow
from integrations.case_systems.lookups import Into, all_or_nothing, check_known, check_twice, check_worker
from integrations.case_systems.repeating import SeriesBatch, known_series
from integrations.case_systems.report import ImportResult, Report, Tally


async def import_appointments(
    hub: Hub, report: Report[AppointmentRow], *, agency_id: int, side: Side, actor: str, dry_run: bool = False
) -> ImportResult:
    """Make or move the appointments of a file, all or none. Raises `NotFound` for a wrong agency.

    A known `appointment_id` at another time moves the appointment; another place, length or worker changes
    it; nothing new leaves it alone, in the past too.
    """
    tally = Tally(problems=list(report.problems))
    where = all_or_nothing(
        hub, tally, agency_id=agency_id, side=side, actor=actor, dry_run=dry_run, what="appointments_imported"
    )
    async with where as into:
        batch = Batch(
            into,
            tally,
            await into.people((row.person_ref for row in report.rows), ours=True),
            await into.workers(row.worker_email for row in report.rows),
            await _known(into, report),
        )
        series = SeriesBatch(into, tally, batch.people, batch.workers, batch.known, await known_series(into, report))
        check_twice(tally, "appointment_id", ((r.row, r.external_id) for r in report.rows), "The same appointment is")
        double = ((r.row, f"{r.person_ref} {r.day} {r.clock}") for r in report.rows if r.day != date.max)
        check_twice(tally, "time", double, "This person has another appointment then,")
        for row in report.rows:
            batch.check_names(row)
            (series if series.has(row) else batch).check(row)
        if not tally.problems:
            for row in report.rows:
                await (series if series.has(row) else batch).write(row)
            await batch.finish()
    return ImportResult.of(tally, dry_run=dry_run)


async def _known(into: Into, report: Report[AppointmentRow]) -> dict[str, Appointment]:
    found = await into.session.scalars(
        select(Appointment).where(
            Appointment.agency_id == into.agency.id,
            Appointment.side == into.side,
            Appointment.external_id.in_([row.external_id for row in report.rows]),
        )
    )
    return {appointment.external_id or "": appointment for appointment in found}


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of one file with everything that they refer to."""

    into: Into
    tally: Tally
    people: dict[str, Person]
    workers: dict[str, Worker]
    known: dict[str, Appointment]
    made: list[Appointment] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)

    def check_names(self, row: AppointmentRow) -> None:
        check_known(self.tally, row.row, row.person_ref, self.people)
        check_worker(self.tally, row.row, row.worker_email, self.workers)

    def check(self, row: AppointmentRow) -> None:
        if row.day == date.max:
            return  # not readable, and told already
        if not is_on_the_clock(row.day, row.clock, self.into.agency.time_zone):
            sentence = f"{row.clock:%H:%M} does not exist on {row.day:%-d %B %Y}: the clocks go forward."
            self.tally.problem(row.row, "time", sentence)
        elif row.external_id in self.known:
            self._check_known_one(row, self.known[row.external_id])
        else:
            self._check_future(row)

    def _check_known_one(self, row: AppointmentRow, appointment: Appointment) -> None:
        person = self.people.get(row.person_ref)
        if person and person.id != appointment.person_id:
            self.tally.problem(row.row, "person_ref", "This appointment is another person's here.")
        elif self._starts_at(row) != appointment.starts_at:
            self._check_future(row)
            if appointment.state not in STANDING:
                sentence = f"This appointment is {appointment.state} here. Give a new one a new appointment_id."
                self.tally.problem(row.row, "appointment_id", sentence)

    def _check_future(self, row: AppointmentRow) -> None:
        starts_at = self._starts_at(row)
        if starts_at <= self.into.hub.clock.now():
            when = say_when(starts_at, self.into.agency.time_zone)
            self.tally.problem(row.row, "date", f"{when} {row.day.year} has passed.")

    def _starts_at(self, row: AppointmentRow) -> datetime:
        return at_local(row.day, row.clock, self.into.agency.time_zone)

    async def write(self, row: AppointmentRow) -> None:
        try:
            if row.external_id in self.known:
                await self._update(row, self.known[row.external_id])
            else:
                self._create(row)
        except HandrailError as refused:
            self.tally.problem(row.row, "", str(refused))

    async def finish(self) -> None:
        """All new ones at once, and all that need other reminders."""
        hub, session = self.into.hub, self.into.session
        await hub_appointments.store(hub, session, self.into.actor, self.made)
        await replan_all(hub, session, "appointment", self.changed)

    def _create(self, row: AppointmentRow) -> None:
        person, worker = self.people[row.person_ref], self.workers.get(row.worker_email)
        made = hub_appointments.new(
            self.into.hub,
            person=person,
            starts_at=self._starts_at(row),
            with_whom=row.with_whom,
            place=row.place,
            minutes=row.minutes,
            how=row.how.value,
            directions=row.directions,
            bring=row.bring,
            proof_wanted=row.proof_wanted,
            worker_id=worker.id if worker else person.worker_id,
            external_id=row.external_id,
        )
        self.made.append(made)
        self.tally.created += 1

    async def _update(self, row: AppointmentRow, appointment: Appointment) -> None:
        hub, session, starts_at = self.into.hub, self.into.session, self._starts_at(row)
        changed = self._apply_details(row, appointment)
        moved = starts_at != appointment.starts_at
        if moved:
            await hub_appointments.move(hub, session, self.into.actor, appointment, starts_at)
        elif changed:
            self.changed.append(appointment.id)
        if changed:
            about = f"appointment:{appointment.id}"
            self.into.audit("appointment_changed", about, appointment.person_id, fields=changed)
        if moved or changed:
            self.tally.changed += 1
        else:
            self.tally.unchanged += 1

    def _apply_details(self, row: AppointmentRow, appointment: Appointment) -> list[str]:
        wanted: dict[str, str | int | bool] = row.details()
        worker = self.workers.get(row.worker_email)
        if worker:
            wanted["worker_id"] = worker.id
        changed = [name for name, value in wanted.items() if getattr(appointment, name) != value]
        for name in changed:
            setattr(appointment, name, wanted[name])
        return changed
