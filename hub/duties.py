"""Who is on duty for a team's emergencies, and when: the on-call rota. Knows nothing of what an emergency is.

A duty may be given to anybody of the same agency and side: one person often covers several teams at night.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotAllowed, NotFound
from hub.store import audit
from hub.store.tables import Duty, Team, Worker
from hub.words import WorkerRole

MAY_BE_ON_DUTY = (WorkerRole.WORKER, WorkerRole.SUPERVISOR)
LONGEST = timedelta(days=14)  # a longer one is a slip of the finger in the date


async def covered_by(session: AsyncSession, worker_id: int, now: datetime) -> frozenset[int]:
    """The teams whose emergencies are this worker's at that moment."""
    wanted = select(Duty.team_id).where(Duty.worker_id == worker_id, Duty.starts_at <= now, Duty.ends_at > now)
    return frozenset((await session.scalars(wanted)).all())


async def on_duty(session: AsyncSession, team_id: int, now: datetime) -> Sequence[Duty]:
    """Who is on duty for the team at that moment."""
    wanted = select(Duty).where(Duty.team_id == team_id, Duty.starts_at <= now, Duty.ends_at > now)
    return (await session.scalars(wanted.order_by(Duty.ends_at))).all()


async def coming(session: AsyncSession, team_id: int, now: datetime, days: int = 28) -> Sequence[Duty]:
    """The team's duties that have not ended, for that many days ahead."""
    wanted = select(Duty).where(
        Duty.team_id == team_id, Duty.ends_at > now, Duty.starts_at < now + timedelta(days=days)
    )
    return (await session.scalars(wanted.order_by(Duty.starts_at, Duty.id))).all()


async def candidates(session: AsyncSession, team: Team) -> Sequence[Worker]:
    """Whom the team's supervisor may put on duty, own team first."""
    wanted = (
        select(Worker)
        .join(Team, Team.id == Worker.team_id)
        .where(
            Team.agency_id == team.agency_id,
            Team.side == team.side,
            Worker.role.in_(MAY_BE_ON_DUTY),
            Worker.disabled_at.is_(None),
        )
    )
    return (await session.scalars(wanted.order_by(Worker.team_id != team.id, Worker.name))).all()


async def add(
    hub: Hub, session: AsyncSession, by: Worker, worker_id: int, starts_at: datetime, ends_at: datetime
) -> Duty:
    """Put somebody on duty for the supervisor's own team. Raises `NotAllowed`, `NotFound`."""
    _check_supervisor(by)
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise NotAllowed("A duty ends after it begins, and within 14 days.")
    if worker_id not in {worker.id for worker in await candidates(session, by.team)}:
        raise NotFound
    duty = Duty(team_id=by.team_id, worker_id=worker_id, starts_at=starts_at, ends_at=ends_at)
    session.add(duty)
    await session.flush()
    _record(hub, session, by, duty, "duty_added")
    return duty


async def remove(hub: Hub, session: AsyncSession, by: Worker, duty_id: int) -> None:
    """Raises `NotAllowed`, `NotFound`."""
    _check_supervisor(by)
    duty = await session.scalar(select(Duty).where(Duty.id == duty_id, Duty.team_id == by.team_id))
    if duty is None:
        raise NotFound
    _record(hub, session, by, duty, "duty_removed")
    await session.delete(duty)


def _check_supervisor(by: Worker) -> None:
    if by.role is not WorkerRole.SUPERVISOR:
        raise NotAllowed("A supervisor says who is on duty.")


def _record(hub: Hub, session: AsyncSession, by: Worker, duty: Duty, what: str) -> None:
    period = {"from": duty.starts_at.isoformat(), "until": duty.ends_at.isoformat()}
    actor = f"worker:{by.id}"
    audit.record(session, hub.clock.now(), actor, what, f"duty:{duty.id}", worker=duty.worker_id, period=period)
