"""Where a worker is signed in: listed, and ended one by one or all at once. Knows no cookie and no page."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotFound
from hub.sign_in import ends
from hub.store import audit
from hub.store.tables import SignIn


async def of_worker(hub: Hub, session: AsyncSession, worker_id: int) -> Sequence[SignIn]:
    """Those that stand, the last used first."""
    now = hub.clock.now()
    wanted = select(SignIn).where(SignIn.worker_id == worker_id, SignIn.second_factor_at.is_not(None))
    found = await session.scalars(wanted.order_by(SignIn.seen_at.desc(), SignIn.created_at.desc()))
    return [each for each in found if now < ends(each)]


async def end_one(hub: Hub, session: AsyncSession, actor: str, worker_id: int, token_hash: bytes) -> None:
    """Raises `NotFound` when the worker has no such session."""
    theirs = delete(SignIn).where(SignIn.worker_id == worker_id, SignIn.token_hash == token_hash)
    ended = await session.execute(theirs)
    if not (isinstance(ended, CursorResult) and ended.rowcount):
        raise NotFound
    audit.record(session, hub.clock.now(), actor, "session_ended", f"worker:{worker_id}")


async def end_all(hub: Hub, session: AsyncSession, actor: str, worker_id: int, *, but: bytes | None = None) -> None:
    """Every session of the worker, half ones too; the one that is given stays."""
    theirs = delete(SignIn).where(SignIn.worker_id == worker_id)
    await session.execute(theirs.where(SignIn.token_hash != but) if but else theirs)
    audit.record(session, hub.clock.now(), actor, "sessions_ended", f"worker:{worker_id}")
