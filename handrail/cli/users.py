"""`handrail users`: workers who sign in. The password is typed, the second factor is set up in the
terminal.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from handrail.cli import show
from handrail.cli.edge import wrong_usage
from handrail.cli.house import actor, with_hub
from handrail.cli.lookup import agency as find_agency
from handrail.cli.lookup import worker as find_worker
from hub.passwords import SHORTEST
from hub.words import Side, WorkerRole

if TYPE_CHECKING:
    from hub.core import Hub

app = typer.Typer(help="Workers who sign in: add, list, link, disable, reset.")


@app.command()
def add(
    email: str,
    name: Annotated[str, typer.Option(help="As colleagues see it.")],
    side: Annotated[Side, typer.Option(help="The side of their team.")],
    role: Annotated[WorkerRole, typer.Option(help="What they may do.")] = WorkerRole.WORKER,
    team: Annotated[str, typer.Option(help="Made when it is not there yet.")] = "Team",
    agency: show.AgencyName = "",
) -> None:
    """Add a worker: asks for a password, then shows a code for their authenticator app.

    Neither is shown again.
    """
    password = _password()
    uri = with_hub(lambda hub: _add(hub, email, name, side, role, team, agency, password))
    typer.echo(f"Added {email} as {role} of {team}.")
    _show_second_factor(uri)


@app.command()
def reset(email: str, yes: show.Yes = False) -> None:
    """A new password and a new authenticator code; the old ones and all open sessions end."""
    if show.go_on(f"Reset {email}?", dry_run=False, yes=yes):
        password = _password()
        _show_second_factor(with_hub(lambda hub: _reset(hub, email, password)))


@app.command()
def link(email: str) -> None:
    """A link with which they choose a password and set up their authenticator app themselves: once, for 3 days."""
    typer.echo(with_hub(lambda hub: _link(hub, email)))
    typer.echo("Hand it over yourself: whoever has it can sign in as them.", err=True)


@app.command()
def disable(email: str, dry_run: show.DryRun = False, yes: show.Yes = False) -> None:
    """End somebody's access at once. What they did is kept."""
    if show.go_on(f"Disable {email}?", dry_run=dry_run, yes=yes):
        with_hub(lambda hub: _disable(hub, email))
        typer.echo(f"{email} can no longer sign in.")


@app.command("list")
def list_(as_json: show.AsJson = False) -> None:
    """Everybody who can or could sign in."""
    show.rows(with_hub(_workers), as_json=as_json, none="Nobody can sign in yet: `handrail users add E-MAIL`.")


def _password() -> str:
    """Asked for twice, never shown, never an option: those stay in the shell's history."""
    password: str = typer.prompt("Password (three random words)", hide_input=True, confirmation_prompt=True)
    if len(password) < SHORTEST:
        raise wrong_usage(f"The password needs at least {SHORTEST} characters: try three random words.")
    return password


def _show_second_factor(uri: str) -> None:
    import sys

    import qrcode

    typer.echo("\nSecond factor: scan this with an authenticator app, or type the secret in its address.\n")
    code = qrcode.QRCode(border=2)
    code.add_data(uri)
    code.print_ascii(out=sys.stdout, invert=True)
    typer.echo(uri)


async def _add(
    hub: "Hub", email: str, name: str, side: Side, role: WorkerRole, team: str, agency: str, password: str
) -> str:
    """Returns the authenticator's address. Raises `MoveNotAllowed` when the e-mail is taken."""
    from sqlalchemy import select

    from hub import sign_in
    from hub.errors import MoveNotAllowed
    from hub.store import audit
    from hub.store.tables import Team, Worker

    email = email.strip().lower()
    hashed = await sign_in.hash_password(password)
    async with hub.store.transaction() as session:
        if await session.scalar(select(Worker.id).where(Worker.email == email)):
            raise MoveNotAllowed(f"({email} is there already)")
        owner = await find_agency(session, agency)
        theirs = await session.scalar(select(Team).where(Team.agency_id == owner.id, Team.name == team))
        if theirs and theirs.side is not side:
            raise MoveNotAllowed(f"(the team {team} is on the other side)")
        if theirs is None:
            theirs = Team(agency_id=owner.id, name=team, side=side)
            session.add(theirs)
            await session.flush()
        first = name.split(" ")[0]
        worker = Worker(team_id=theirs.id, role=role, name=name, first_name=first, email=email, password_hash=hashed)
        session.add(worker)
        await session.flush()
        audit.record(session, hub.clock.now(), actor(), "worker_added", f"worker:{worker.id}", role=role)
        return sign_in.new_authenticator(hub, worker)


async def _reset(hub: "Hub", email: str, password: str) -> str:
    """Returns the authenticator's address. Raises `NotFound`."""
    from hub import sign_in, workers

    hashed = await sign_in.hash_password(password)
    async with hub.store.transaction() as session:
        worker = await find_worker(session, email)
        await workers.forget_sign_in(hub, session, actor(), worker)
        worker.password_hash, worker.disabled_at = hashed, None
        return sign_in.new_authenticator(hub, worker)


async def _link(hub: "Hub", email: str) -> str:
    """Raises `NotFound`."""
    from hub import sign_in_links

    async with hub.store.transaction() as session:
        token = await sign_in_links.make(hub, session, actor(), await find_worker(session, email))
    return f"{hub.public_url}/welcome/{token}"


async def _disable(hub: "Hub", email: str) -> None:
    """Raises `NotFound`."""
    from hub.store import audit

    async with hub.store.transaction() as session:
        worker = await find_worker(session, email)
        worker.disabled_at = worker.disabled_at or hub.clock.now()
        await _end_sessions(session, worker.id)
        audit.record(session, hub.clock.now(), actor(), "worker_disabled", f"worker:{worker.id}")


async def _end_sessions(session: Any, worker_id: int) -> None:
    from sqlalchemy import delete

    from hub.store.tables import SignIn

    await session.execute(delete(SignIn).where(SignIn.worker_id == worker_id))


async def _workers(hub: "Hub") -> list[dict[str, Any]]:
    from sqlalchemy import select

    from hub.store.tables import Worker

    async with hub.store.transaction() as session:
        return [
            {
                "email": worker.email,
                "name": worker.name,
                "role": worker.role,
                "team": worker.team.name,
                "side": worker.team.side,
                "agency": worker.team.agency.name,
                "disabled": worker.disabled_at,
            }
            for worker in await session.scalars(select(Worker).order_by(Worker.email))
        ]
