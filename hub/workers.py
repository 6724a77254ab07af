"""Those who work here: added, given another role or team, disabled, let in again, given a new way to sign in.

An administrator works within their own agency and on their own side. Somebody there must always be able to let others
in: the last administrator who can sign in keeps the role. Knows no page.
"""

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub import sessions, sign_in_links
from hub.core import Hub
from hub.errors import MoveNotAllowed, NotFound
from hub.store import audit
from hub.store.tables import Agency, ProviderAccount, RecoveryCode, Team, Worker
from hub.words import WorkerRole

LAST_ONE = "Nobody else could let people in: make somebody else an administrator first."


async def colleague(session: AsyncSession, me: Worker, worker_id: int) -> Worker:
    """Raises `NotFound` for a worker of another agency or side, as if there were none."""
    found: Worker | None = await session.scalar(
        select(Worker).join(Team).where(Worker.id == worker_id, of_house(me.team))
    )
    if found is None:
        raise NotFound
    return found


async def team_of_house(session: AsyncSession, me: Worker, team_id: int) -> Team:
    """Raises `NotFound`."""
    found: Team | None = await session.scalar(select(Team).where(Team.id == team_id, of_house(me.team)))
    if found is None:
        raise NotFound
    return found


def of_house(team: Team) -> ColumnElement[bool]:
    """The teams of the same agency and side, as a condition on `Team`."""
    return and_(Team.agency_id == team.agency_id, Team.side == team.side)


async def is_taken(session: AsyncSession, email: str) -> bool:
    return await session.scalar(select(Worker.id).where(Worker.email == email.strip().lower())) is not None


async def add(
    hub: Hub, session: AsyncSession, actor: str, *, team: Team, role: WorkerRole, name: str, email: str
) -> tuple[Worker, str]:
    """The worker, and the token of the link with which they sign in first. The e-mail must not be taken."""
    name = " ".join(name.split())
    worker = Worker(team_id=team.id, role=role, name=name, first_name=name.split(" ")[0], email=email.strip().lower())
    worker.team = team
    session.add(worker)
    await session.flush()
    audit.record(session, hub.clock.now(), actor, "worker_added", f"worker:{worker.id}", role=role, team=team.id)
    return worker, await sign_in_links.make(hub, session, actor, worker)


async def change(
    hub: Hub, session: AsyncSession, actor: str, worker: Worker, *, team: Team, role: WorkerRole, name: str
) -> None:
    """Raises `MoveNotAllowed` when the last administrator would go."""
    if role is not WorkerRole.ADMINISTRATOR:
        await _check_not_last(session, worker)
    name = " ".join(name.split())
    worker.team, worker.team_id, worker.role = team, team.id, role
    worker.name, worker.first_name = name, name.split(" ")[0]
    audit.record(session, hub.clock.now(), actor, "worker_changed", f"worker:{worker.id}", role=role, team=team.id)


async def disable(hub: Hub, session: AsyncSession, actor: str, worker: Worker) -> None:
    """Ends their access at once; what they did is kept. Raises `MoveNotAllowed` for the last administrator."""
    await _check_not_last(session, worker)
    worker.disabled_at = worker.disabled_at or hub.clock.now()
    await sessions.end_all(hub, session, actor, worker.id)
    audit.record(session, hub.clock.now(), actor, "worker_disabled", f"worker:{worker.id}")


async def enable(hub: Hub, session: AsyncSession, actor: str, worker: Worker) -> None:
    """They sign in as before."""
    worker.disabled_at, worker.failed_sign_ins, worker.locked_until = None, 0, None
    audit.record(session, hub.clock.now(), actor, "worker_enabled", f"worker:{worker.id}")


async def reset(hub: Hub, session: AsyncSession, actor: str, worker: Worker) -> str:
    """As `forget_sign_in`. Returns the token of a new link."""
    await forget_sign_in(hub, session, actor, worker)
    return await sign_in_links.make(hub, session, actor, worker)


async def forget_sign_in(hub: Hub, session: AsyncSession, actor: str, worker: Worker) -> None:
    """Password, authenticator, recovery codes, provider's account and every session end now."""
    worker.password_hash, worker.totp_sealed, worker.totp_last_step = None, None, 0
    worker.failed_sign_ins, worker.locked_until = 0, None
    now = hub.clock.now()
    codes = update(RecoveryCode).where(RecoveryCode.worker_id == worker.id, RecoveryCode.used_at.is_(None))
    await session.execute(codes.values(used_at=now))
    for account in await session.scalars(select(ProviderAccount).where(ProviderAccount.worker_id == worker.id)):
        await session.delete(account)
    await sessions.end_all(hub, session, actor, worker.id)
    audit.record(session, now, actor, "worker_reset", f"worker:{worker.id}")


async def add_team(hub: Hub, session: AsyncSession, actor: str, beside: Team, name: str) -> Team:
    """Of the same agency and side as the one `beside`. Raises `MoveNotAllowed` when there is one of that name."""
    await _check_name(session, beside.agency_id, name)
    team = Team(agency_id=beside.agency_id, name=name, side=beside.side)
    session.add(team)
    await session.flush()
    audit.record(session, hub.clock.now(), actor, "team_added", f"team:{team.id}", side=team.side)
    return team


async def rename_team(hub: Hub, session: AsyncSession, actor: str, team: Team, name: str) -> None:
    """Raises `MoveNotAllowed` when another has that name."""
    if name != team.name:
        await _check_name(session, team.agency_id, name)
        team.name = name
        audit.record(session, hub.clock.now(), actor, "team_renamed", f"team:{team.id}")


async def _check_name(session: AsyncSession, agency_id: int, name: str) -> None:
    if await session.scalar(select(Team.id).where(Team.agency_id == agency_id, Team.name == name)):
        raise MoveNotAllowed("(there is a team of that name)")


async def _check_not_last(session: AsyncSession, worker: Worker) -> None:
    """Locks the agency, so that two administrators cannot disable each other at once."""
    if worker.role is not WorkerRole.ADMINISTRATOR or worker.disabled_at:
        return
    await session.execute(select(Agency.id).where(Agency.id == worker.team.agency_id).with_for_update())
    others = (
        select(Worker.id)
        .join(Team)
        .where(
            of_house(worker.team),
            Worker.role == WorkerRole.ADMINISTRATOR,
            Worker.disabled_at.is_(None),
            Worker.id != worker.id,
        )
    )
    if await session.scalar(others.limit(1)) is None:
        raise MoveNotAllowed(LAST_ONE)
