"""Whose figures, and of when: one agency, one side, a team or all, a period. Knows no figure.

A team of fewer than three is not offered: its figures would be about a worker.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotFound
from hub.store.tables import Agency, Team, Worker
from hub.times import at_local, local
from hub.words import Side, WorkerRole

FEWEST_WORKERS = 3
WEEKS, YEAR = "12-weeks", "12-months"
MONTHS_SHOWN = 12
# The people of a scope, as the end of a WHERE that has them as `p`.
PEOPLE = """ p.agency_id = :agency AND p.side = :side
    AND (CAST(:team AS bigint) IS NULL OR p.worker_id IN (SELECT id FROM workers WHERE team_id = :team)) """


@dataclass(frozen=True, slots=True)
class Scope:
    """`since` (included) and `until` (not) are instants; `team_id` None: all teams of the side."""

    agency: Agency
    side: Side
    team_id: int | None
    period: str
    since: datetime
    until: datetime

    @property
    def facts(self) -> dict[str, object]:
        """For the parameters of a query."""
        return {
            "agency": self.agency.id,
            "side": self.side.value,
            "team": self.team_id,
            "since": self.since,
            "until": self.until,
            "zone": self.agency.time_zone,
        }


async def scope(hub: Hub, session: AsyncSession, worker: Worker, team: str, period: str) -> Scope:
    """What `team` and `period` of an address stand for. Raises `NotFound` for what is not offered."""
    offered = await teams(session, worker)
    if team and team not in offered:
        raise NotFound
    agency, now = worker.team.agency, hub.clock.now()
    if period and period not in periods(now, agency.time_zone):
        raise NotFound
    since, until = _span(period or WEEKS, now, agency.time_zone)
    return Scope(agency, worker.team.side, int(team) if team else None, period or WEEKS, since, until)


async def teams(session: AsyncSession, worker: Worker) -> dict[str, str]:
    """Those that can be chosen, of the worker's agency and side, by their number as it stands in an address."""
    found = await session.execute(
        select(Team.id, Team.name)
        .join(Worker, Worker.team_id == Team.id)
        .where(Team.agency_id == worker.team.agency_id, Team.side == worker.team.side)
        .where(Worker.disabled_at.is_(None), Worker.role.in_((WorkerRole.WORKER, WorkerRole.SUPERVISOR)))
        .group_by(Team.id, Team.name)
        .having(func.count() >= FEWEST_WORKERS)
        .order_by(Team.name)
    )
    return {str(number): name for number, name in found}


def periods(now: datetime, zone: str) -> dict[str, str]:
    """Those that can be chosen, by their code: the last weeks, the last year, each month."""
    months = [_first_of(_month_before(local(now, zone).date(), back)) for back in range(MONTHS_SHOWN)]
    fixed = {WEEKS: "Last 12 weeks", YEAR: "Last 12 months"}
    return fixed | {f"{month:%Y-%m}": f"{month:%B %Y}" for month in months}


def _span(period: str, now: datetime, zone: str) -> tuple[datetime, datetime]:
    today = local(now, zone).date()
    if period == WEEKS:
        monday = today - timedelta(days=today.weekday())
        return _midnight(monday - timedelta(weeks=11), zone), now
    if period == YEAR:
        return _midnight(_first_of(_month_before(today, MONTHS_SHOWN - 1)), zone), now
    first = date.fromisoformat(f"{period}-01")
    after = _first_of(first + timedelta(days=31))
    return _midnight(first, zone), min(_midnight(after, zone), now)


def _midnight(day: date, zone: str) -> datetime:
    return at_local(day, time(0), zone)


def _first_of(day: date) -> date:
    return day.replace(day=1)


def _month_before(day: date, months: int) -> date:
    months = day.year * 12 + day.month - 1 - months
    return date(months // 12, months % 12 + 1, 1)
