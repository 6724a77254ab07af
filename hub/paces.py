"""How fast a line may send: its limit, and the pauses that a provider asks for. All machines share both.

The tokens themselves are taken where messages are claimed (`hub/claims.py`).
"""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hub.store.tables import LinePace


async def limit(session: AsyncSession, line_id: int, per_second: float | None, now: datetime) -> None:
    """From now on so many texts a second on average; None: no limit."""
    fresh = insert(LinePace).values(line_id=line_id, per_second=per_second, tokens=0.0, refilled_at=now)
    changed = {"per_second": per_second, "tokens": 0.0, "refilled_at": now}
    await session.execute(fresh.on_conflict_do_update(index_elements=["line_id"], set_=changed))


async def pause(session: AsyncSession, line_id: int, until: datetime, now: datetime) -> None:
    """Nothing of this line before `until`; never shortens a longer pause."""
    fresh = insert(LinePace).values(line_id=line_id, per_second=None, tokens=0.0, refilled_at=now, paused_until=until)
    later = func.greatest(LinePace.paused_until, fresh.excluded.paused_until)  # PostgreSQL's leaves NULL out
    await session.execute(fresh.on_conflict_do_update(index_elements=["line_id"], set_={"paused_until": later}))
