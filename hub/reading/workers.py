"""Those who work here, as their administrator sees them: nothing of the people they work with. Knows no screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import session_roll
from hub.addresses import as_dialled
from hub.core import Hub
from hub.people import address_of
from hub.store.tables import ContactPoint, SignIn, SignInLink, Team, Worker
from hub.words import ChannelKind, WorkerRole
from hub.workers import of_house

ROLES = {
    WorkerRole.WORKER: "Case worker",
    WorkerRole.SUPERVISOR: "Supervisor",
    WorkerRole.PROVIDER: "Provider",
    WorkerRole.ANALYST: "Analyst",
    WorkerRole.ADMINISTRATOR: "Administrator",
}
MAY = {
    WorkerRole.WORKER: "their own caseload, people without a worker, and what waits in their team",
    WorkerRole.SUPERVISOR: "everybody of their team, and who saw what",
    WorkerRole.PROVIDER: "those who have an appointment with them",
    WorkerRole.ANALYST: "numbers only, never a person",
    WorkerRole.ADMINISTRATOR: "settings and those who work here, never a person",
}


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    name: str
    email: str
    role: str
    team: str
    status: str  # "Active", "Disabled" or "No password yet"
    seen_at: datetime | None  # the last click of a session that is still kept


async def of(session: AsyncSession, team: Team) -> list[Row]:
    """Everybody of the same agency and side, in the order of their names."""
    seen = select(func.max(SignIn.seen_at)).where(SignIn.worker_id == Worker.id).scalar_subquery()
    wanted = select(Worker, seen).join(Team, Team.id == Worker.team_id).where(of_house(team))
    found = await session.execute(wanted.order_by(Worker.disabled_at.is_not(None), Worker.name))
    return [_row(worker, seen_at) for worker, seen_at in found]


async def teams(session: AsyncSession, team: Team) -> Sequence[tuple[Team, int]]:
    """The teams of the same agency and side, each with how many can sign in."""
    who = select(func.count()).where(Worker.team_id == Team.id, Worker.disabled_at.is_(None)).scalar_subquery()
    found = await session.execute(select(Team, who).where(of_house(team)).order_by(Team.name))
    return [(each, number) for each, number in found]


async def link_open_until(session: AsyncSession, worker_id: int, now: datetime) -> datetime | None:
    """Until when a sign-in link that was given out still works."""
    wanted = select(func.max(SignInLink.expires_at)).where(
        SignInLink.worker_id == worker_id, SignInLink.used_at.is_(None), SignInLink.expires_at > now
    )
    return await session.scalar(wanted)


def status(worker: Worker) -> str:
    if worker.disabled_at:
        return "Disabled"
    return "Active" if worker.password_hash else "No password yet"


def _row(worker: Worker, seen_at: datetime | None) -> Row:
    return Row(worker.id, worker.name, worker.email, ROLES[worker.role], worker.team.name, status(worker), seen_at)


async def mobile(hub: Hub, session: AsyncSession, worker: Worker) -> str:
    """The number at which a provider is asked who came; empty: on the page alone."""
    person = await session_roll.person_of(session, worker)
    if person is None or person.ended_at:
        return ""
    wanted = select(ContactPoint).where(ContactPoint.person_id == person.id, ContactPoint.channel == ChannelKind.SMS)
    contact = await session.scalar(wanted.limit(1))
    return as_dialled(address_of(hub, person, contact)) if contact else ""
