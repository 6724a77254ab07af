"""`handrail cases`: import, timeline."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from handrail.cli import importing
from handrail.cli.house import actor, with_hub

if TYPE_CHECKING:
    from hub.core import Hub
    from hub.reading.court.timeline import Timeline

app = typer.Typer(help="Cases: bring them in from a file, print one as a timeline.")


@app.callback()
def group() -> None:
    """Cases: bring them in from a file, print one as a timeline."""


importing.add_command(
    app,
    "cases",
    "Bring in cases from a CSV file: all of it or, when a row is wrong, nothing. People come first.",
)


@app.command("timeline")
def timeline(
    number: Annotated[int, typer.Argument(help="The case's number, as in the address of its page.")],
    words: Annotated[bool, typer.Option("--words", help="Quote what was written by hand.")] = False,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write a PDF to this file.")] = None,
) -> None:
    """All that happened in a case, in order, each line with its source. That you printed it is recorded."""
    from inbox.transcripts.timeline_as_pdf import as_pdf
    from inbox.transcripts.timeline_as_text import as_text

    found = with_hub(lambda hub: _timeline(hub, number, words=words))
    if pdf:
        pdf.write_bytes(as_pdf(found))
        typer.echo(f"Written to {pdf}.")
    else:
        typer.echo(as_text(found).decode())


async def _timeline(hub: "Hub", number: int, *, words: bool) -> "Timeline":
    from hub.errors import NotFound
    from hub.reading.court.timeline import timeline
    from hub.store import audit
    from hub.store.tables import Case

    async with hub.store.transaction() as session:
        case = await session.get(Case, number)
        if case is None:
            raise NotFound(f"({number})")
        now, subject = hub.clock.now(), f"case:{case.id}"
        audit.record(session, now, actor(), "timeline_downloaded", subject, person_id=case.person_id, words=words)
    async with hub.store.transaction() as session:
        await audit.seal(session, now)
    async with hub.store.transaction() as session:
        return await timeline(hub, session, await session.get_one(Case, number), "an administrator", with_words=words)
