"""The door for files that a worker uploads: the same reading and importing as from the command line, row by row.

A worker changes only whom they may see. Knows no page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import not_, select

from hub.access import may_see
from hub.core import Hub
from hub.imports import Kind, Seen, SeenRow
from hub.records import STANDS_FOR, Record
from hub.store.tables import Person, Worker
from integrations.case_systems import appointment_rows, people
from integrations.case_systems import services as service_files
from integrations.case_systems.appointment_rows import AppointmentRow, read_appointments
from integrations.case_systems.appointments import import_appointments
from integrations.case_systems.calendar_file import COLUMNS as OF_CALENDARS
from integrations.case_systems.calendar_file import is_calendar, read_calendar
from integrations.case_systems.people import import_people, read_people
from integrations.case_systems.report import ImportResult, Problem, Report
from integrations.case_systems.table import read_table

SHOWN = 10  # rows without a problem
MOST_WRONG = 50  # rows with one: more of them usually have one cause
NOT_YOURS = "This person is somebody else’s here. Ask their worker or supervisor."

R = TypeVar("R")
Cells = Sequence[tuple[int, Mapping[str, str]]]  # by row


@dataclass(frozen=True, slots=True)
class CaseFiles:
    """`fictional` allows the numbers of films and tests."""

    hub: Hub
    fictional: bool = False

    async def look(self, worker: Worker, kind: Kind, content: bytes) -> Seen:
        return await self._through(worker, kind, content, dry_run=True)

    async def run(self, worker: Worker, kind: Kind, content: bytes) -> Seen:
        return await self._through(worker, kind, content, dry_run=False)

    async def _through(self, worker: Worker, kind: Kind, content: bytes, *, dry_run: bool) -> Seen:
        into: dict[str, Any] = {
            "agency_id": worker.team.agency_id,
            "side": worker.team.side,
            "actor": f"worker:{worker.id}",
            "dry_run": dry_run,
        }
        if kind is Kind.SERVICES:
            columns, cells = _csv_cells(content, service_files.COLUMNS)
            read = service_files.read_services(self.hub, content)
            return _seen(columns, cells, read, await service_files.import_services(self.hub, read, **into))
        if kind is Kind.PEOPLE:
            columns, cells = _csv_cells(content, people.COLUMNS)
            new = read_people(content, fictional=self.fictional)
            new = await self._only_visible(worker, new, {row.row: row.ref for row in new.rows})
            return _seen(columns, cells, new, await import_people(self.hub, new, **into))
        columns, cells, dates = self._appointments(worker, content)
        dates = await self._only_visible(worker, dates, {row.row: row.person_ref for row in dates.rows})
        return _seen(columns, cells, dates, await import_appointments(self.hub, dates, **into))

    def _appointments(self, worker: Worker, content: bytes) -> tuple[Sequence[str], Cells, Report[AppointmentRow]]:
        if not is_calendar(content):
            columns, cells = _csv_cells(content, appointment_rows.COLUMNS)
            return columns, cells, read_appointments(content)
        read = read_calendar(content, worker.team.agency.time_zone, worker.first_name)
        return OF_CALENDARS, list(enumerate(read.cells, 1)), read.report

    async def _only_visible(self, worker: Worker, report: Report[R], refs: Mapping[int, str]) -> Report[R]:
        """With a problem for each row about somebody whom this worker may not see."""
        side = worker.team.side
        indexes = {self.hub.vault.index(side, "external", ref): ref for ref in refs.values() if ref}
        meant = Record.external_index.in_(indexes) | Record.ref.in_(indexes.values())
        of_house = Record.agency_id == worker.team.agency_id, Record.side == side
        found_by = select(Record.external_index, Record.ref).join(Person, STANDS_FOR)
        hidden = found_by.where(*of_house, meant, not_(may_see(worker)))
        async with self.hub.store.transaction() as session:
            found = (await session.execute(hidden)).all()
        theirs = {indexes.get(index) for index, _ in found if index} | {ref for _, ref in found}
        more = tuple(Problem(row, "person_ref", NOT_YOURS) for row, ref in refs.items() if ref in theirs)
        return replace(report, problems=(*report.problems, *more))


def _csv_cells(content: bytes, columns: Sequence[Any]) -> tuple[Sequence[str], Cells]:
    table = read_table(content, columns)
    used = [column.name for column in columns if any(row.cells[column.name] for row in table.rows)]
    return used, [(row.number, row.cells) for row in table.rows]


def _seen(columns: Sequence[str], cells: Cells, report: Report[Any], result: ImportResult) -> Seen:
    wrong: dict[int, dict[str, str]] = {}
    known = {number for number, _ in cells}
    for problem in result.problems:
        if problem.row in known:
            said = wrong.setdefault(problem.row, {})
            column = problem.column if problem.column in columns else ""
            said[column] = " ".join(filter(None, (said.get(column), problem.sentence)))
    first = [number for number, _ in cells if number not in wrong][:SHOWN]
    shown = set(first) | set(sorted(wrong)[:MOST_WRONG])
    return Seen(
        columns=columns,
        rows=[SeenRow(number, row, wrong.get(number, {})) for number, row in cells if number in shown],
        total=len(report.rows),
        created=result.created,
        changed=result.changed,
        unchanged=result.unchanged,
        problems=len(result.problems),
        about_file=[problem.sentence for problem in result.problems if problem.row not in known],
    )
