"""`handrail cases`: import."""

import typer

from handrail.cli import importing

app = typer.Typer(help="Cases: bring them in from a file.")


@app.callback()
def group() -> None:
    """Cases: bring them in from a file."""


importing.add_command(
    app,
    "cases",
    "Bring in cases from a CSV file: all of it or, when a row is wrong, nothing. People come first.",
)
