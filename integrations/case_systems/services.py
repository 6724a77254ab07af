"""A file of support services: columns, rows, problems by cell; imported whole or not at all. Knows no page.

Lists (needs, areas, languages) have commas or semicolons between. A service is known again by its name.
"""

from hub import service_entry, services
from hub.core import Hub
from hub.services import Entry
from hub.words import Side
from integrations.case_systems.report import ImportResult, Problem, Report, Tally
from integrations.case_systems.table import Column, read_table

COLUMNS = tuple(Column(name, needed=name in {"name", "needs"}) for name in service_entry.FIELDS)


class _Undo(Exception):
    """Takes the whole transaction back; never leaves this file."""


def read_services(hub: Hub, content: bytes) -> Report[tuple[int, Entry]]:
    """Row number and entry of each row that can be read, with what is wrong in the others."""
    table = read_table(content, COLUMNS)
    rows, problems, names = [], list(table.problems), dict[str, int]()
    for row in table.rows:
        entry, errors = service_entry.read(row.cells, hub.flows.support.needs)
        if entry.name in names:
            errors["name"] = f"Row {names[entry.name]} has the same name."
        names.setdefault(entry.name, row.number)
        problems += [Problem(row.number, column, sentence) for column, sentence in errors.items()]
        rows.append((row.number, entry))
    return Report(tuple(rows), tuple(problems))


async def import_services(
    hub: Hub, report: Report[tuple[int, Entry]], *, agency_id: int, side: Side, actor: str, dry_run: bool
) -> ImportResult:
    """All of it or, with a problem anywhere, nothing. A dry run counts and takes everything back."""
    tally = Tally(problems=list(report.problems))
    if not tally.problems:
        try:
            async with hub.store.transaction() as session:
                for _, entry in report.rows:
                    done = await services.save(hub, session, actor, (agency_id, side), entry)
                    tally.created += done == "new"
                    tally.changed += done == "changed"
                    tally.unchanged += done == "same"
                if dry_run:
                    raise _Undo
        except _Undo:
            pass
    return ImportResult.of(tally, dry_run=dry_run)
