"""`handrail escalations`: for the night when the web is down."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from handrail.cli import show
from handrail.cli.house import with_hub
from handrail.cli.lookup import worker as find_worker

if TYPE_CHECKING:
    from hub.core import Hub

app = typer.Typer(help="What waits for a human: list it, close it.")


@app.command("list")
def list_(as_json: show.AsJson = False) -> None:
    """What waits for a human, the most urgent first; no names."""
    show.rows(with_hub(_open), as_json=as_json, none="Nothing waits for a human.")


async def _open(hub: "Hub") -> list[dict[str, Any]]:
    from sqlalchemy import select

    from hub.reading.wording import ESCALATIONS
    from hub.reasons import in_words
    from hub.states import EscalationState
    from hub.store.tables import Escalation

    async with hub.store.transaction() as session:
        waiting = select(Escalation).where(Escalation.state != EscalationState.CLOSED).order_by(Escalation.due_at)
        return [
            {
                "ref": row.ref,
                "due": row.due_at,
                "late": row.due_at < hub.clock.now(),
                "reason": in_words(row),
                "state": ESCALATIONS[row.state],
                "side": row.side,
                "person": row.conversation.person.ref,
            }
            for row in await session.scalars(waiting)
        ]


@app.command()
def close(
    ref: str,
    email: Annotated[str, typer.Option("--as", metavar="E-MAIL", help="The worker who has dealt with it.")],
    outcome: Annotated[str, typer.Option(help="What came of it: answered, called, passed_on, …")],
    yes: show.Yes = False,
    dry_run: show.DryRun = False,
) -> None:
    """Close what a worker has dealt with. There is no silent close: it needs an outcome and a name."""
    if show.go_on(f"Close {ref} as “{outcome}”?", dry_run=dry_run, yes=yes):
        with_hub(lambda hub: _close(hub, ref, email, outcome))
        typer.echo(f"{ref} is closed.")


async def _close(hub: "Hub", ref: str, email: str, outcome: str) -> None:
    """Raises `NotFound` or `MoveNotAllowed`."""
    from sqlalchemy import select

    from hub import escalations
    from hub.errors import NotFound
    from hub.store.tables import Escalation

    async with hub.store.transaction() as session:
        worker = await find_worker(session, email)
        wanted = select(Escalation).where(Escalation.ref == ref.upper(), Escalation.side == worker.team.side)
        found = await session.scalar(wanted.with_for_update(of=Escalation))
        if found is None:
            raise NotFound(f"({ref})")
        await escalations.close(session, found, worker.id, outcome, hub.clock.now())
