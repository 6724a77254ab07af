"""`handrail outbox`: what waits to go out, and taking hold of it: of single messages, or of all that a line, an
agency or a rule would send.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from handrail.cli import lookup, show
from handrail.cli.edge import wrong_usage
from handrail.cli.house import actor, with_hub

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from hub.core import Hub
    from hub.holds import What
    from hub.reading.outbox import Waiting

    Change = Callable[[Hub, AsyncSession, str, list[int]], Awaitable[int]]

T = TypeVar("T")
app = typer.Typer(help="What waits to go out: list, hold, release, cancel.")
Ids = Annotated[list[int], typer.Argument(metavar="ID…", help="Numbers from `handrail outbox list`.")]
SomeIds = Annotated[list[int] | None, typer.Argument(metavar="[ID…]", help="Numbers from `handrail outbox list`.")]
Line = Annotated[str, typer.Option("--line", help="All of this line, by its address.")]
Agency = Annotated[str, typer.Option("--agency", help="All of this agency, by its name.")]
Rule = Annotated[str, typer.Option("--rule", help="All of this nudge rule, by its name.")]


@app.command("list")
def list_(as_json: show.AsJson = False) -> None:
    """Messages that have not come to their end, in the order in which they are sent."""
    found = [asdict(row) for row in with_hub(_waiting)]
    if not as_json:
        found = [{name: row[name] for name in _SHOWN} for row in found]
    show.rows(found, as_json=as_json, none="The outbox is empty.")


_SHOWN = (
    *("id", "due_at", "state", "reason", "priority", "what", "person_ref", "channel", "attempts"),
    *("held_by", "held_why"),
)


async def _waiting(hub: "Hub") -> "list[Waiting]":
    from hub.reading.outbox import waiting

    async with hub.store.transaction() as session:
        return await waiting(session)


@app.command()
def hold(
    ids: SomeIds = None,
    line: Line = "",
    agency: Agency = "",
    rule: Rule = "",
    lasts: Annotated[str, typer.Option("--for", help="Ends by itself after so long: 30m, 2h, 1d.")] = "",
    why: Annotated[str, typer.Option(help="For whoever looks later. Nothing about a person.")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Safety answers too, which otherwise still go out.")
    ] = False,
    dry_run: show.DryRun = False,
) -> None:
    """Keep back some messages, or all that a line, an agency or a nudge rule would send, until you release them."""
    from hub import holds
    from hub.reading import outbox

    if ids:
        return _change("held back", ids, outbox.hold, dry_run=dry_run)
    length = _length(lasts)

    async def work(hub: "Hub", session: "AsyncSession", what: holds.What) -> None:
        await holds.hold(session, what, actor(), hub.clock.now(), why=why, lasts=length, everything=everything)

    _switch(line, agency, rule, work, dry_run=dry_run)
    typer.echo("Dry run: nothing was changed." if dry_run else f"Held back: {line or agency or rule}.")


@app.command()
def release(
    ids: SomeIds = None,
    line: Line = "",
    agency: Agency = "",
    rule: Rule = "",
    dry_run: show.DryRun = False,
    yes: show.Yes = False,
) -> None:
    """Let held messages go. Whether each may, is asked again when it is sent."""
    from hub import holds
    from hub.reading import outbox

    if not show.go_on(
        f"Release {len(ids or ()) or line or agency or rule}, so that they are sent?", dry_run=dry_run, yes=yes
    ):
        return None
    if ids:
        return _change("released", ids, outbox.release)

    async def work(hub: "Hub", session: "AsyncSession", what: holds.What) -> int:
        return await holds.release(session, what, actor(), hub.clock.now())

    typer.echo(f"Now released: {_switch(line, agency, rule, work)}.")


@app.command("holds")
def list_holds(as_json: show.AsJson = False) -> None:
    """What is held back as a whole: lines, agencies, rules; by whom, why and until when."""
    show.rows(with_hub(_holds), as_json=as_json, none="Nothing is held back.")


async def _holds(hub: "Hub") -> list[dict[str, Any]]:
    from hub import holds

    async with hub.store.transaction() as session:
        return [
            {
                "what": about,
                "kind": holds.reason(hold).removesuffix("_held"),
                "by": hold.by,
                "why": hold.why,
                "at": hold.at,
                "until": hold.until,
                "safety too": hold.everything,
            }
            for hold, about in await holds.listed(session, hub.clock.now())
        ]


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


def _switch(
    line: str,
    agency: str,
    rule: str,
    work: "Callable[[Hub, AsyncSession, What], Awaitable[T]]",
    *,
    dry_run: bool = False,
) -> "T":
    """Do it to exactly one line, agency or rule. Raises `NotFound`."""
    if sum(map(bool, (line, agency, rule))) != 1:
        raise wrong_usage("Name messages by number, or one of --line, --agency, --rule.")

    async def switched(hub: "Hub") -> "T":
        async with hub.store.transaction() as session:
            done = await work(hub, session, await _what(hub, session, line, agency, rule))
            if dry_run:
                await session.rollback()
            return done

    return with_hub(switched)


async def _what(hub: "Hub", session: "AsyncSession", line: str, agency: str, rule: str) -> "What":
    from hub.errors import NotFound
    from hub.holds import What

    if line:
        return What(line_id=(await lookup.line(session, line)).id)
    if agency:
        return What(agency_id=(await lookup.agency(session, agency)).id)
    if rule not in hub.flows.nudges:
        raise NotFound(f"({rule}: the rules are {', '.join(sorted(hub.flows.nudges))})")
    return What(rule=rule)


def _length(text: str) -> timedelta | None:
    """ "2h" and the like; nothing: until somebody releases it."""
    if not text:
        return None
    found = re.fullmatch(r"(\d{1,4})([mhd])", text)
    if not found:
        raise wrong_usage("--for is a number with m, h or d: 30m, 2h, 1d.")
    return int(found[1]) * {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}[found[2]]
