"""`handrail cases`: import."""

import typer

from handrail.cli import importing, show

app = typer.Typer(help="Cases: bring them in from a file.")


@app.callback()
def group() -> None:
    """Cases: bring them in from a file."""


@app.command("import")
def import_(
    file: importing.File,
    side: importing.SideOption,
    agency: show.AgencyName = "",
    dry_run: show.DryRun = False,
    yes: show.Yes = False,
) -> None:
    """Bring in cases from a CSV file: all of it or, when a row is wrong, nothing. People come first."""
    importing.run("cases", file, side, agency, dry_run=dry_run, yes=yes)
