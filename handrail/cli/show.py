"""Shows lists and asks before something happens. Options that many commands share stand here too."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would happen; change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
AgencyName = Annotated[str, typer.Option("--agency", help="The agency's name; needed when there are several.")]

Row = Mapping[str, Any]


def rows(found: Sequence[Row], *, as_json: bool, none: str) -> None:
    """A list as a table, or as JSON. `none` is said when it is empty."""
    if as_json:
        typer.echo(json.dumps(found, default=_plain, indent=2, ensure_ascii=False))
    elif not found:
        typer.echo(none)
    else:
        table(found)


def table(found: Sequence[Row]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    drawn = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title in found[0]:
        drawn.add_column(title.replace("_", " "), overflow="fold")
    for row in found:
        drawn.add_row(*(_cell(value) for value in row.values()))
    # A file or a pipe has no width: nothing is cut off there.
    width = None if sys.stdout.isatty() else 250
    Console(width=width, markup=False, highlight=False).print(drawn)


def lines(said: Iterable[str]) -> None:
    for line in said:
        typer.echo(line)


def go_on(question: str, *, dry_run: bool, yes: bool) -> bool:
    """Whether to do it: not in a dry run, always with --yes, else as the answer is."""
    if dry_run:
        typer.echo("Dry run: nothing was changed.")
        return False
    if yes or typer.confirm(question):
        return True
    typer.echo("Nothing was changed.")
    return False


def when(moment: datetime | None, zone: str = "Europe/London") -> str:
    """As people read it: "Tue 3 Mar 2026 10:00"."""
    from hub.times import local

    return f"{local(moment, zone):%a %-d %b %Y %H:%M}" if moment else ""


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return when(value)
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)
