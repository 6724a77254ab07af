"""`handrail outbox`: what waits to go out, and taking hold of it."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from handrail.cli import show
from handrail.cli.house import actor, with_hub

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from hub.core import Hub
    from hub.reading.outbox import Waiting

    Change = Callable[[Hub, AsyncSession, str, list[int]], Awaitable[int]]

app = typer.Typer(help="What waits to go out: list, hold, release, cancel.")
Ids = Annotated[list[int], typer.Argument(metavar="ID…", help="Numbers from `handrail outbox list`.")]


@app.command("list")
def list_(as_json: show.AsJson = False) -> None:
    """Messages that have not come to their end, in the order in which they are sent."""
    found = [asdict(row) for row in with_hub(_waiting)]
    if not as_json:
        found = [{name: row[name] for name in _SHOWN} for row in found]
    show.rows(found, as_json=as_json, none="The outbox is empty.")


_SHOWN = ("id", "due_at", "state", "reason", "priority", "what", "person_ref", "channel", "attempts")


async def _waiting(hub: "Hub") -> "list[Waiting]":
    from hub.reading.outbox import waiting

    async with hub.store.transaction() as session:
        return await waiting(session)


@app.command()
def hold(ids: Ids, dry_run: show.DryRun = False) -> None:
    """Keep messages back until you release them."""
    from hub.reading import outbox

    _change("held back", ids, outbox.hold, dry_run=dry_run)


@app.command()
def release(ids: Ids, dry_run: show.DryRun = False, yes: show.Yes = False) -> None:
    """Let held messages go. Whether each may, is asked again when it is sent."""
    from hub.reading import outbox

    if show.go_on(f"Release {len(ids)}, so that they are sent?", dry_run=dry_run, yes=yes):
        _change("released", ids, outbox.release)


@app.command()
def cancel(ids: Ids, dry_run: show.DryRun = False, yes: show.Yes = False) -> None:
    """Cancel messages that have not left, for good."""
    from hub.reading import outbox

    if show.go_on(f"Cancel {len(ids)} for good?", dry_run=dry_run, yes=yes):
        _change("cancelled", ids, outbox.cancel)


def _change(done: str, ids: list[int], change: "Change", *, dry_run: bool = False) -> None:
    async def work(hub: "Hub") -> int:
        async with hub.store.transaction() as session:
            count = await change(hub, session, actor(), ids)
            if dry_run:
                await session.rollback()
            return count

    count = with_hub(work)
    typer.echo(f"{'Would be' if dry_run else 'Now'} {done}: {count}.")
