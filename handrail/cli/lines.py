"""`handrail lines`: our own numbers, bots and chat sites, and how each sends."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from handrail.cli import show
from handrail.cli.edge import wrong_usage
from handrail.cli.house import actor, with_hub
from handrail.cli.lookup import agency as find_agency
from handrail.cli.lookup import line as find_line
from hub.words import ChannelKind, Side

if TYPE_CHECKING:
    from hub.core import Hub

app = typer.Typer(help="Our own lines: numbers, bots, chat sites. Each serves one side, for good.")


@app.command("add")
def add_line(
    address: Annotated[str, typer.Argument(help="+447700900001, a bot's name, or a chat site's name.")],
    channel: Annotated[ChannelKind, typer.Option(help="What it is.")],
    side: Annotated[Side, typer.Option(help="Which side it serves, for good.")],
    name: Annotated[str, typer.Option(help="As workers see it.")] = "",
    agency: show.AgencyName = "",
) -> None:
    """Add one of our own lines."""
    with_hub(lambda hub: _add_line(hub, address, channel, side, name or address, agency))
    typer.echo(f"Added {address} for {side}. `handrail doctor` tells whether its channel is set up.")


async def _add_line(hub: "Hub", address: str, channel: ChannelKind, side: Side, name: str, agency: str) -> None:
    """Raises `MoveNotAllowed` when it is there already."""
    from sqlalchemy import select

    from hub.errors import MoveNotAllowed
    from hub.store import audit
    from hub.store.tables import Line

    async with hub.store.transaction() as session:
        owner = await find_agency(session, agency)
        if await session.scalar(select(Line.id).where(Line.channel == channel, Line.address == address)):
            raise MoveNotAllowed(f"({address} is there already)")
        line = Line(agency_id=owner.id, side=side, channel=channel, address=address, name=name)
        session.add(line)
        await session.flush()
        audit.record(session, hub.clock.now(), actor(), "line_added", f"line:{line.id}")


@app.command("set")
def set_line(
    address: Annotated[str, typer.Argument(help="The line, from `handrail lines list`.")],
    per_second: Annotated[
        float | None, typer.Option(min=0, help="The most texts a second, over all machines; 0: no limit.")
    ] = None,
    standby: Annotated[
        str | None, typer.Option(help="The line that speaks for it while its provider fails; '' for none.")
    ] = None,
) -> None:
    """Change how a line sends: its pace, and who stands in for it."""
    if per_second is None and standby is None:
        raise wrong_usage("Say what to change: --per-second or --standby.")
    with_hub(lambda hub: _set_line(hub, address, per_second, standby))
    typer.echo(f"Changed {address}.")


async def _set_line(hub: "Hub", address: str, per_second: float | None, standby: str | None) -> None:
    from hub import failover, paces
    from hub.store import audit

    async with hub.store.transaction() as session:
        line, now = await find_line(session, address), hub.clock.now()
        if per_second is not None:
            await paces.limit(session, line.id, per_second or None, now)
        if standby is not None:
            failover.appoint(line, await find_line(session, standby) if standby else None)
        audit.record(session, now, actor(), "line_changed", f"line:{line.id}")


@app.command("list")
def list_lines(as_json: show.AsJson = False) -> None:
    """All our lines."""
    show.rows(with_hub(_lines), as_json=as_json, none="There is no line yet: `handrail lines add ADDRESS`.")


async def _lines(hub: "Hub") -> list[dict[str, Any]]:
    from sqlalchemy import select

    from hub.store.tables import Line, LinePace

    async with hub.store.transaction() as session:
        lines = (await session.scalars(select(Line).order_by(Line.id))).all()
        addresses = {line.id: line.address for line in lines}
        paces = {pace.line_id: pace.per_second for pace in await session.scalars(select(LinePace))}
        return [
            {
                "address": line.address,
                "channel": line.channel,
                "side": line.side,
                "agency": line.agency.name,
                "name": line.name,
                "on": line.enabled,
                "per second": paces.get(line.id),
                "standby": addresses.get(line.standby_line_id or 0, ""),
                "own share": f"{line.own_share:.0%}",
            }
            for line in lines
        ]
