"""`handrail agencies`: who we are, and how each agency sends."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from handrail.cli import show
from handrail.cli.edge import wrong_usage
from handrail.cli.house import actor, with_hub
from handrail.cli.lookup import agency as find_agency

if TYPE_CHECKING:
    from hub.core import Hub

app = typer.Typer(help="Agencies: add one, change how it sends, list them.")


@app.command("add")
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


@app.command("set")
def set_agency(
    agency: Annotated[str, typer.Argument(help="Its name.")],
    weight: Annotated[int | None, typer.Option(min=1, max=100, help="Its share of sending when all wait.")] = None,
    daily_texts: Annotated[
        int | None, typer.Option(min=1, max=100, help="The most automatic texts that one person gets a day.")
    ] = None,
) -> None:
    """Change how an agency sends: its share, and how many texts a day."""
    given = {"send_weight": weight, "daily_texts": daily_texts}
    wanted = {name: value for name, value in given.items() if value is not None}
    if not wanted:
        raise wrong_usage("Say what to change: --weight or --daily-texts.")
    with_hub(lambda hub: _set_agency(hub, agency, wanted))
    typer.echo(f"Changed {agency}.")


async def _set_agency(hub: "Hub", name: str, wanted: dict[str, int]) -> None:
    from hub.store import audit

    async with hub.store.transaction() as session:
        agency = await find_agency(session, name)
        for column, value in wanted.items():
            setattr(agency, column, value)
        audit.record(session, hub.clock.now(), actor(), "agency_changed", f"agency:{agency.id}", **wanted)


@app.command("list")
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
                "weight": agency.send_weight,
                "texts a day": agency.daily_texts,
            }
            for agency in await session.scalars(select(Agency).order_by(Agency.name))
        ]
