"""`handrail threads`: who stands by whom, by reference; stopping the talk, and what is over. Nobody is named."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from handrail.cli import show
from handrail.cli.house import actor, with_hub
from handrail.cli.lookup import worker as find_worker

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from hub.core import Hub
    from hub.store.tables import Thread, ThreadMember, Worker

    Change = Callable[[Hub, AsyncSession, Worker, Thread], Awaitable[None]]

Email = Annotated[str, typer.Option("--as", metavar="E-MAIL", help="The worker who does it.")]
app = typer.Typer(help="Support threads: list them, show one, stop the talk, end what is over.")


@app.command("list")
def list_(as_json: show.AsJson = False) -> None:
    """Every thread by the person whom it is about; no names."""
    show.rows(with_hub(_threads), as_json=as_json, none="Nobody has anybody who stands by them yet.")


@app.command("show")
def show_(ref: str, as_json: show.AsJson = False) -> None:
    """Who is in one person's thread, what each may see and until when. That you looked is recorded."""
    show.rows(with_hub(lambda hub: _members(hub, ref)), as_json=as_json, none="Nobody has been in it yet.")


@app.command()
def pause(ref: str, email: Email, dry_run: show.DryRun = False) -> None:
    """Stop the talk in one person's thread: what they write then reaches the worker alone."""
    from hub.threads import posts

    with_hub(lambda hub: _change(hub, ref, email, posts.pause, dry_run=dry_run))
    typer.echo(f"{'Would be' if dry_run else 'Now'} stopped: the talk around {ref.upper()}.")


@app.command()
def resume(ref: str, email: Email, dry_run: show.DryRun = False) -> None:
    """Let the talk go on. What was written meanwhile stays with the worker."""
    from hub.threads import posts

    with_hub(lambda hub: _change(hub, ref, email, posts.resume, dry_run=dry_run))
    typer.echo(f"{'Would go' if dry_run else 'Goes'} on: the talk around {ref.upper()}.")


@app.command()
def expire(dry_run: show.DryRun = False) -> None:
    """End what is over: codes that nobody used, time that was agreed. The clock does it by itself; this, at once."""
    count = with_hub(lambda hub: _expire(hub, dry_run=dry_run))
    typer.echo(f"{'Would be ended' if dry_run else 'Ended'}, or told that the end is near: {count}.")


async def _change(hub: "Hub", ref: str, email: str, change: "Change", *, dry_run: bool) -> None:
    """Raises `NotFound`: for a worker of the other side, or of another agency, there is no such thread."""
    from hub.errors import NotFound

    async with hub.store.transaction() as session:
        worker, thread = await find_worker(session, email), await _thread(session, ref)
        if (worker.team.side, worker.team.agency_id) != (thread.side, thread.person.agency_id):
            raise NotFound(f"({ref})")
        await change(hub, session, worker, thread)
        if dry_run:
            await session.rollback()


async def _expire(hub: "Hub", *, dry_run: bool) -> int:
    from hub.threads import ending

    async with hub.store.transaction() as session:
        count = await ending.end_due(hub, session)
        if dry_run:
            await session.rollback()
        return count


async def _threads(hub: "Hub") -> list[dict[str, Any]]:
    from sqlalchemy import func, select

    from hub.states_of_support import InvitationState
    from hub.store.tables import Invitation, Person, Thread, ThreadMember, ThreadPost
    from hub.threads.standing import in_force

    async with hub.store.transaction() as session:
        supporters = select(func.count()).where(ThreadMember.thread_id == Thread.id, in_force(hub.clock.now()))
        open_ones = select(func.count()).where(
            Invitation.thread_id == Thread.id, Invitation.state == InvitationState.OPEN
        )
        said = select(func.max(ThreadPost.at)).where(ThreadPost.thread_id == Thread.id)
        counts = [each.scalar_subquery() for each in (supporters, open_ones, said)]
        wanted = select(Thread, Person.ref, *counts).join(Person, Person.id == Thread.person_id).order_by(Thread.id)
        return [
            {
                "person": ref,
                "side": thread.side,
                "in_force": in_it,
                "open_invitations": invited,
                "paused": thread.paused_at,
                "last_said": last,
            }
            for thread, ref, in_it, invited, last in (await session.execute(wanted)).unique()
        ]


async def _members(hub: "Hub", ref: str) -> list[dict[str, Any]]:
    """A row for everybody who was ever asked in. Raises `NotFound`."""
    from sqlalchemy import select

    from hub.store import audit
    from hub.store.tables import Person, ThreadMember

    async with hub.store.transaction() as session:
        thread = await _thread(session, ref)
        about = f"person:{thread.person_id}"
        audit.record(session, hub.clock.now(), actor(), "thread_viewed", about, person_id=thread.person_id)
        wanted = (
            select(ThreadMember, Person.ref)
            .join(Person, Person.id == ThreadMember.person_id)
            .where(ThreadMember.thread_id == thread.id)
            .order_by(ThreadMember.invited_at, ThreadMember.person_id)
        )
        found = (await session.execute(wanted)).all()
        return [_row(hub, member, supporter) for member, supporter in found]


def _row(hub: "Hub", member: "ThreadMember", supporter: str) -> dict[str, Any]:
    return {
        "supporter": supporter,
        "is": member.relation,
        "sees": member.sees,
        "state": _state(hub, member),
        "since": member.accepted_at,
        "until": member.ends_at,
        "muted": member.muted_at,
        "left": member.left_at,
        "why": member.ended_for,
        "also_a_worker": member.staff_id is not None,
    }


def _state(hub: "Hub", member: "ThreadMember") -> str:
    """The one word for it: the same conditions as `hub.threads.standing.in_force`."""
    if member.left_at:
        return "left"
    if member.accepted_at is None:
        return "invited"
    return "over" if member.ends_at and member.ends_at <= hub.clock.now() else "in force"


async def _thread(session: "AsyncSession", ref: str) -> "Thread":
    """Raises `NotFound`: there is no such person, or nobody was ever asked to stand by them."""
    from sqlalchemy import select

    from hub.errors import NotFound
    from hub.records import leads_to
    from hub.store.tables import Person, Thread

    found: Thread | None = await session.scalar(
        select(Thread).join(Person, Person.id == Thread.person_id).where(leads_to(ref.upper()))
    )
    if found is None:
        raise NotFound(f"({ref})")
    return found
