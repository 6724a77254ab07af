"""`handrail cases`: import, timeline, news, updates."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from handrail.cli import importing, show
from handrail.cli.house import actor, with_hub

if TYPE_CHECKING:
    from hub.core import Hub
    from hub.reading.court.timeline import Timeline

app = typer.Typer(help="Cases: bring them in from a file, print one as a timeline, what is owed to victims.")


@app.callback()
def group() -> None:
    """Cases: bring them in from a file, print one as a timeline, what is owed to victims."""


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


@app.command("updates")
def updates(as_json: show.AsJson = False) -> None:
    """What is owed to victims, the most urgent first; no names."""
    show.rows(with_hub(_owed), as_json=as_json, none="Nothing is owed.")


async def _owed(hub: "Hub") -> list[dict[str, Any]]:
    from sqlalchemy import select

    from hub.reading import updates, updates_waiting
    from hub.states import UpdateState
    from hub.store.tables import Update

    async with hub.store.transaction() as session:
        owed = select(Update).where(Update.state == UpdateState.OWED).order_by(Update.due_at, Update.id)
        rows = (await session.scalars(owed)).all()
        why = await updates_waiting.why(session, rows)
        return [
            {
                "person": row.case.person.ref,
                "case": row.case.reference,
                "what": row.event.milestone if row.event else row.kind,
                "to": "named" if row.nomination_id else "person",
                "due_on": f"{row.due_on}",
                "due": updates.due_in_words(row, hub, row.case.person.agency),
                "why": why[row.id],
            }
            for row in rows
        ]


@app.command("news")
def news(
    number: Annotated[int, typer.Argument(help="The case's number, as in the address of its page.")],
    milestone: Annotated[str, typer.Argument(help="A name of flows/victims/milestones.yml, such as charged.")],
    reason: Annotated[str, typer.Option(help="Why, in plain words that they will read. Needed with a decision.")] = "",
    yes: show.Yes = False,
    dry_run: show.DryRun = False,
) -> None:
    """Record news of a victim's case, as of now. They are owed it from this moment."""
    if show.go_on(f"Record {milestone} in case {number} and tell the victim?", dry_run=dry_run, yes=yes):
        with_hub(lambda hub: _news(hub, number, milestone, reason))
        typer.echo("Recorded. They are told at the next hour in which we may text them.")


async def _news(hub: "Hub", number: int, milestone: str, reason: str) -> None:
    from hub import case_events
    from hub.errors import NotFound
    from hub.store.tables import Case

    async with hub.store.transaction() as session:
        case = await session.get(Case, number)
        if case is None:
            raise NotFound(f"({number})")
        await case_events.record_event(hub, session, actor(), case, milestone, reason, hub.clock.now())


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
