"""`handrail agencies` and `handrail lines`: who we are, and our own numbers, bots and chat sites."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from handrail.cli import show
from handrail.cli.edge import wrong_usage
from handrail.cli.house import actor, with_hub
from handrail.cli.lookup import agency as find_agency
from hub.words import ChannelKind, Side

if TYPE_CHECKING:
    from hub.core import Hub

agencies = typer.Typer(help="Agencies: add one, list them.")
app = typer.Typer(help="Our own lines: numbers, bots, chat sites. Each serves one side, for good.")


@agencies.command("add")
def add_agency(
    name: str,
    phone: Annotated[str, typer.Option(help="The number that texts give to people.")],
    short_name: Annotated[
        str, typer.Option(help="As texts are signed: neutral, it may be read on a lock screen.")
    ] = "",
    holidays: Annotated[str, typer.Option(help="Bank holidays: ENG, WLS, SCT or NIR.")] = "ENG",
) -> None:
    """Add an agency. Hours and time zone start as 8am to 8pm, Europe/London."""
    if holidays not in {"ENG", "WLS", "SCT", "NIR"}:
        raise wrong_usage("--holidays is ENG, WLS, SCT or NIR.")
    with_hub(lambda hub: _add_agency(hub, name, short_name or name, phone, holidays))
    typer.echo(f"Added {name}. Next: `handrail lines add` and `handrail users add`.")


async def _add_agency(hub: "Hub", name: str, short_name: str, phone: str, holidays: str) -> None:
    """Raises `MoveNotAllowed` when it is there already."""
    from sqlalchemy import select

    from hub.errors import MoveNotAllowed
    from hub.store import audit
    from hub.store.tables import Agency

    async with hub.store.transaction() as session:
        if await session.scalar(select(Agency.id).where(Agency.name == name)):
            raise MoveNotAllowed(f"({name} is there already)")
        agency = Agency(name=name, short_name=short_name, phone=phone, holidays=holidays)
        session.add(agency)
        await session.flush()
        audit.record(session, hub.clock.now(), actor(), "agency_added", f"agency:{agency.id}")


@agencies.command("list")
def list_agencies(as_json: show.AsJson = False) -> None:
    """All agencies."""
    show.rows(with_hub(_agencies), as_json=as_json, none="There is no agency yet: `handrail agencies add NAME`.")


async def _agencies(hub: "Hub") -> list[dict[str, Any]]:
    from sqlalchemy import select

    from hub.store.tables import Agency

    async with hub.store.transaction() as session:
        return [
            {
                "name": agency.name,
                "signed": agency.short_name,
                "phone": agency.phone,
                "zone": agency.time_zone,
                "holidays": agency.holidays,
                "texts from": f"{agency.contact_from:%H:%M}",
                "texts until": f"{agency.contact_until:%H:%M}",
            }
            for agency in await session.scalars(select(Agency).order_by(Agency.name))
        ]


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


@app.command("list")
def list_lines(as_json: show.AsJson = False) -> None:
    """All our lines."""
    show.rows(with_hub(_lines), as_json=as_json, none="There is no line yet: `handrail lines add ADDRESS`.")


async def _lines(hub: "Hub") -> list[dict[str, Any]]:
    from sqlalchemy import select

    from hub.store.tables import Line

    async with hub.store.transaction() as session:
        return [
            {
                "address": line.address,
                "channel": line.channel,
                "side": line.side,
                "agency": line.agency.name,
                "name": line.name,
                "on": line.enabled,
            }
            for line in await session.scalars(select(Line).order_by(Line.id))
        ]
