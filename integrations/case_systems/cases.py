"""Cases from a case system's file. Knows nothing of what the hub does with a case."""

from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import select

from hub.core import Hub
from hub.store.tables import Case, Person, Worker
from hub.times import at_local, local
from hub.words import Side
from integrations.case_systems.cells import CellReader, read_date, read_email, read_rows, read_slug
from integrations.case_systems.lookups import Into, all_or_nothing, check_known, check_twice, check_worker
from integrations.case_systems.report import ImportResult, Report, Tally
from integrations.case_systems.table import Column

COLUMNS = (
    Column("case_ref", needed=True),
    Column("person_ref", needed=True),
    Column("kind", needed=True),
    Column("opened_on", needed=True),
    Column("worker_email"),
)


@dataclass(frozen=True, slots=True)
class CaseRow:
    row: int
    ref: str
    person_ref: str
    kind: str
    opened_on: date
    worker_email: str


def read_cases(content: bytes) -> Report[CaseRow]:
    """The cases of a CSV file."""
    return read_rows(content, COLUMNS, _case_row)


def _case_row(cells: CellReader) -> CaseRow:
    return CaseRow(
        row=cells.row.number,
        ref=cells.needed("case_ref", str, ""),
        person_ref=cells.needed("person_ref", str, ""),
        kind=cells.needed("kind", read_slug, ""),
        opened_on=cells.needed("opened_on", read_date, date.min),
        worker_email=cells.optional("worker_email", read_email, ""),
    )


async def import_cases(
    hub: Hub, report: Report[CaseRow], *, agency_id: int, side: Side, actor: str, dry_run: bool = False
) -> ImportResult:
    """Open or update the cases of a file: all or none. Raises `NotFound` for no such agency."""
    tally = Tally(problems=list(report.problems))
    where = all_or_nothing(
        hub, tally, agency_id=agency_id, side=side, actor=actor, dry_run=dry_run, what="cases_imported"
    )
    async with where as into:
        batch = Batch(
            into,
            tally,
            await into.people(row.person_ref for row in report.rows),
            await into.workers(row.worker_email for row in report.rows),
            await _known(into, report),
        )
        check_twice(tally, "case_ref", ((row.row, row.ref) for row in report.rows), "The same case is")
        today = local(hub.clock.now(), into.agency.time_zone).date()
        for row in report.rows:
            batch.check(row, today)
        if not tally.problems:
            for row in report.rows:
                await batch.write(row)
    return ImportResult.of(tally, dry_run=dry_run)


async def _known(into: Into, report: Report[CaseRow]) -> dict[str, Case]:
    refs = [row.ref for row in report.rows]
    found = await into.session.scalars(
        select(Case).where(Case.agency_id == into.agency.id, Case.side == into.side, Case.reference.in_(refs))
    )
    return {case.reference: case for case in found}


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of one file with everything that they refer to."""

    into: Into
    tally: Tally
    people: dict[str, Person]
    workers: dict[str, Worker]
    known: dict[str, Case]

    def check(self, row: CaseRow, today: date) -> None:
        check_known(self.tally, row.row, row.person_ref, self.people)
        check_worker(self.tally, row.row, row.worker_email, self.workers)
        if row.opened_on > today:
            self.tally.problem(row.row, "opened_on", "This day has not come yet.")
        case, person = self.known.get(row.ref), self.people.get(row.person_ref)
        if case and person and case.person_id != person.id:
            self.tally.problem(row.row, "person_ref", "This case is another person's here.")

    async def write(self, row: CaseRow) -> None:
        person, worker = self.people[row.person_ref], self.workers.get(row.worker_email)
        opened_at = at_local(row.opened_on, time(0), self.into.agency.time_zone)
        case = self.known.get(row.ref)
        before = (case.kind, case.opened_at, case.worker_id) if case else None
        if case is None:
            case = Case(agency_id=self.into.agency.id, side=self.into.side, person=person, reference=row.ref)
            case.worker_id = person.worker_id
            self.into.session.add(case)
        case.kind, case.opened_at = row.kind, opened_at
        case.worker_id = worker.id if worker else case.worker_id
        if before == (case.kind, case.opened_at, case.worker_id):
            self.tally.unchanged += 1
            return
        self.tally.changed += before is not None
        self.tally.created += before is None
        await self.into.session.flush()
        what = "case_changed" if before else "case_opened"
        self.into.audit(what, f"case:{case.id}", person.id)
