"""`handrail keys`: API keys of other programs, and the master key."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from handrail.cli import show
from handrail.cli.house import actor, with_hub
from handrail.cli.lookup import agency as find_agency
from hub.words import Side

if TYPE_CHECKING:
    from hub.core import Hub

app = typer.Typer(help="Keys of other programs, and the master key.")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Which program it is for.")],
    side: Annotated[Side, typer.Option(help="The one side that it sees.")],
    agency: show.AgencyName = "",
) -> None:
    """Make an API key. It is shown once."""
    number, token = with_hub(lambda hub: _add(hub, name, side, agency))
    typer.echo(f"Key {number}. Keep it now, it is not shown again:", err=True)
    typer.echo(token)


async def _add(hub: "Hub", name: str, side: Side, agency: str) -> tuple[int, str]:
    from hub import api_keys

    async with hub.store.transaction() as session:
        owner = await find_agency(session, agency)
        key, token = await api_keys.create(hub, session, actor(), agency_id=owner.id, side=side, name=name)
        return key.id, token


@app.command()
def revoke(number: int, dry_run: show.DryRun = False, yes: show.Yes = False) -> None:
    """End an API key at once."""
    if show.go_on(f"Revoke key {number}?", dry_run=dry_run, yes=yes):
        with_hub(lambda hub: _revoke(hub, number))
        typer.echo(f"Key {number} works no longer.")


async def _revoke(hub: "Hub", number: int) -> None:
    """Raises `NotFound` or `MoveNotAllowed`."""
    from hub import api_keys
    from hub.errors import NotFound
    from hub.store.tables import ApiKey

    async with hub.store.transaction() as session:
        key = await session.get(ApiKey, number)
        if key is None:
            raise NotFound(f"(key {number})")
        await api_keys.revoke(hub, session, actor(), key)


@app.command("list")
def list_(as_json: show.AsJson = False) -> None:
    """All API keys, without what opens anything."""
    show.rows(with_hub(_keys), as_json=as_json, none="There are no API keys.")


async def _keys(hub: "Hub") -> list[dict[str, Any]]:
    from sqlalchemy import select

    from hub.store.tables import ApiKey

    async with hub.store.transaction() as session:
        return [
            {
                "key": key.id,
                "name": key.name,
                "side": key.side,
                "made": key.created_at,
                "revoked": key.revoked_at,
            }
            for key in await session.scalars(select(ApiKey).order_by(ApiKey.id))
        ]


@app.command()
def master() -> None:
    """Print a new master key for HANDRAIL_MASTER_KEY. Keep it apart from the backups; lost is lost."""
    from hub.store.vault import Vault

    typer.echo(Vault.new_master_key())
