"""What a key may name: workers and cases of its own agency and side. Must not know why."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.errors import NotFound
from hub.store.tables import Case, Team, Worker
from inbox.api.asked import AskedBy


async def worker_id(session: AsyncSession, asked: AskedBy, email: str | None) -> int | None:
    """Raises `NotFound` for a worker of another agency or side, or one who has left."""
    if email is None:
        return None
    found: int | None = await session.scalar(
        select(Worker.id)
        .join(Team, Team.id == Worker.team_id)
        .where(
            Team.agency_id == asked.agency_id,
            Team.side == asked.side,
            Worker.email == email,
            Worker.disabled_at.is_(None),
        )
    )
    if found is None:
        raise NotFound("(worker_email)")
    return found


async def find_case(session: AsyncSession, asked: AskedBy, case_id: int) -> Case:
    """Raises `NotFound`, for a case of the other side or of another agency too."""
    case = await session.scalar(
        select(Case).where(Case.id == case_id, Case.agency_id == asked.agency_id, Case.side == asked.side)
    )
    if case is None:
        raise NotFound("(case)")
    return case
