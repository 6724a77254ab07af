"""`handrail db` and `handrail audit`: the tables' version, and whether the record of facts is whole."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from handrail.cli import show
from handrail.cli.edge import PROBLEM
from handrail.cli.house import the_settings, with_hub

if TYPE_CHECKING:
    from hub.core import Hub

app = typer.Typer(help="The database: bring its tables up to date.")
audit = typer.Typer(help="The record of facts: show it, prove that it is whole.")


@app.command()
def upgrade() -> None:
    """Bring the tables up to date. Forward only; take a backup first."""
    from handrail import wiring
    from hub.store import migrate

    with wiring.database(the_settings()) as url:
        before = _current(url)
        migrate.upgrade(url)
        now = migrate.newest()
    typer.echo(f"Up to date: {now}." if before == now else f"Brought from {before or 'nothing'} to {now}.")


@app.command()
def current() -> None:
    """Which version the tables have. Exit code 1 when it is not this program's."""
    from handrail import wiring
    from hub.store import migrate

    with wiring.database(the_settings()) as url:
        has = _current(url)
    typer.echo(f"{has or 'no tables'} (this program needs {migrate.newest()})")
    if has != migrate.newest():
        typer.echo("Run `handrail db upgrade`.", err=True)
        raise typer.Exit(PROBLEM)


def _current(url: str) -> str:
    """Raises `StoreUnavailable`."""
    from sqlalchemy.exc import OperationalError

    from hub.errors import StoreUnavailable
    from hub.store import migrate

    try:
        return migrate.current(url)
    except OperationalError as gone:
        raise StoreUnavailable from gone


@audit.command()
def verify() -> None:
    """Prove that no fact was changed or removed since it was sealed. Exit code 1 when one was."""
    broken, sealed = with_hub(_verify)
    if broken is None:
        typer.echo(f"Whole: all {sealed} sealed facts are as they were.")
        return
    typer.echo(f"Broken: seal {broken} does not hold. Keep the database as it is and tell whoever answers for it.")
    raise typer.Exit(PROBLEM)


async def _verify(hub: "Hub") -> tuple[int | None, int]:
    from sqlalchemy import func, select

    from hub.store import audit as record
    from hub.store.tables import AuditSeal

    async with hub.store.transaction() as session:
        await record.seal(session, hub.clock.now())
        sealed = await session.scalar(select(func.coalesce(func.sum(AuditSeal.events), 0)))
        return await record.verify(session), int(sealed or 0)


@audit.command("show")
def show_(
    person: Annotated[str | None, typer.Option(metavar="REF", help="About one person only.")] = None,
    last: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 50,
    as_json: show.AsJson = False,
) -> None:
    """The last facts, the newest first: who did what, to whom, when. Ids and references only."""
    found = with_hub(lambda hub: _last(hub, person, last))
    show.rows(found, as_json=as_json, none="There are no facts yet.")


async def _last(hub: "Hub", person: str | None, last: int) -> list[dict[str, Any]]:
    """Raises `NotFound`."""
    from sqlalchemy import select

    from hub.errors import NotFound
    from hub.records import ids_of, leads_to
    from hub.store.tables import AuditEvent, Person

    async with hub.store.transaction() as session:
        wanted = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(last)
        if person:
            person_id = await session.scalar(select(Person.id).where(leads_to(person.upper())))
            if person_id is None:
                raise NotFound(f"({person})")
            wanted = wanted.where(AuditEvent.person_id.in_(await ids_of(session, person_id)))
        return [
            {
                "at": event.at,
                "who": event.actor,
                "what": event.what,
                "subject": event.subject,
                "details": " ".join(f"{name}={value}" for name, value in event.details.items()),
            }
            for event in await session.scalars(wanted)
        ]
