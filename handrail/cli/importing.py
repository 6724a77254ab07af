"""Imports of CSV files, the same way for people, cases and appointments: first what would happen, then, if
so, it does.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from handrail.cli import show
from handrail.cli.house import actor, the_settings, with_hub
from handrail.cli.lookup import agency as find_agency
from hub.errors import BadImport
from hub.words import Side

if TYPE_CHECKING:
    from hub.core import Hub
    from integrations.case_systems.csv_import import ImportResult

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A CSV file.")]
SideOption = Annotated[Side, typer.Option("--side", help="Which side they belong to.")]


def add_command(app: typer.Typer, kind: str, words: str) -> None:
    """Give `handrail people`, `cases` or `appointments` its import; `words` is what its help says."""

    @app.command("import", help=words)
    def import_(
        file: File,
        side: SideOption,
        agency: show.AgencyName = "",
        dry_run: show.DryRun = False,
        yes: show.Yes = False,
    ) -> None:
        run(kind, file, side, agency, dry_run=dry_run, yes=yes)


def run(kind: str, file: Path, side: Side, agency: str, *, dry_run: bool, yes: bool) -> None:
    """Raises `BadImport` with the rows that are wrong; then nothing was changed."""
    content = file.read_bytes()

    async def work(hub: "Hub") -> None:
        would = await _import(hub, kind, content, side, agency, dry_run=True)
        typer.echo(f"{file.name}: {would.created} new, {would.changed} changed, {would.unchanged} as they are.")
        if show.go_on("Import them?", dry_run=dry_run, yes=yes):
            done = await _import(hub, kind, content, side, agency, dry_run=False)
            typer.echo(f"Imported: {done.created} new, {done.changed} changed.")

    with_hub(work)


def _refuse(result: "ImportResult") -> "ImportResult":
    if result.problems:
        show.lines(result.sentences())
        raise BadImport
    return result


async def _import(hub: "Hub", kind: str, content: bytes, side: Side, agency: str, *, dry_run: bool) -> "ImportResult":
    from integrations.case_systems import csv_import

    async with hub.store.transaction() as session:
        agency_id = (await find_agency(session, agency)).id
    into: dict[str, Any] = {"agency_id": agency_id, "side": side, "actor": actor(), "dry_run": dry_run}
    match kind:
        case "people":
            read = csv_import.read_people(content, fictional=the_settings().mode == "demo")
            return _refuse(await csv_import.import_people(hub, read, **into))
        case "cases":
            return _refuse(await csv_import.import_cases(hub, csv_import.read_cases(content), **into))
        case _:
            return _refuse(await csv_import.import_appointments(hub, csv_import.read_appointments(content), **into))
