"""`handrail referrals`: open or close the form, list without names, empty what has ended."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from handrail.cli import show
from handrail.cli.house import actor, with_hub
from handrail.cli.lookup import agency as find_agency

if TYPE_CHECKING:
    from hub.core import Hub

app = typer.Typer(help="Referrals: open the form, list them without names, empty what has ended.")


@app.command("form")
def form(
    agency: Annotated[str, typer.Argument(help="Its name.")],
    word: Annotated[str, typer.Option(help="The last word of the form's address.")],
    closed: Annotated[bool, typer.Option("--closed", help="Take no referrals any more.")] = False,
    adults: Annotated[bool, typer.Option("--adults", help="People of 18 and over too.")] = False,
) -> None:
    """Whether an agency takes referrals, and where its form stands."""
    address = with_hub(lambda hub: _form(hub, agency, word, closed=closed, adults=adults))
    typer.echo(f"Closed: {address}" if closed else f"Open: {address}")


async def _form(hub: "Hub", name: str, word: str, *, closed: bool, adults: bool) -> str:
    from hub.referrals import doors

    async with hub.store.transaction() as session:
        agency = await find_agency(session, name)
        door = await doors.set_door(
            hub, session, actor(), agency.id, word=word.lower(), is_open=not closed, adults=adults
        )
        return f"{hub.public_url}/refer/{door.word}"


@app.command("list")
def list_(as_json: show.AsJson = False) -> None:
    """All of them, by reference; no names."""
    show.rows(with_hub(_referrals), as_json=as_json, none="Nobody has been referred yet.")


async def _referrals(hub: "Hub") -> list[dict[str, Any]]:
    from sqlalchemy import select

    from hub.store.tables import Referral

    async with hub.store.transaction() as session:
        found = await session.scalars(select(Referral).order_by(Referral.id))
        return [
            {
                "ref": referral.ref,
                "agency": referral.agency.name,
                "age": referral.band,
                "from": referral.source,
                "state": referral.state,
                "since": referral.state_at,
                "waits for": referral.call_first or referral.asked_whom,
                "emptied": referral.emptied_at,
            }
            for referral in found.unique()
        ]


@app.command("empty")
def empty(dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count them.")] = False) -> None:
    """Remove all that is personal from those that ended without a yes 30 days ago. It also happens by itself."""
    number = with_hub(lambda hub: _empty(hub, dry_run=dry_run))
    typer.echo(f"{number} would be emptied." if dry_run else f"{number} emptied.")


async def _empty(hub: "Hub", *, dry_run: bool) -> int:
    from sqlalchemy import func, select

    from hub.referrals import emptying
    from hub.store.tables import Referral

    async with hub.store.transaction() as session:
        if dry_run:
            return await session.scalar(select(func.count(Referral.id)).where(emptying.is_due(hub))) or 0
        return await emptying.empty_due(hub, session)
