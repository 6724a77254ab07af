"""The lists that a worker has given a name. Each belongs to one worker alone."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.errors import NotAllowed
from hub.store.tables import SavedView, Worker

MOST = 12  # more of them are no shortcut any longer
LONGEST_NAME = 40


async def of_worker(session: AsyncSession, worker: Worker) -> Sequence[SavedView]:
    wanted = select(SavedView).where(SavedView.worker_id == worker.id).order_by(SavedView.name)
    return (await session.scalars(wanted)).all()


async def save(session: AsyncSession, worker: Worker, name: str, query: str) -> None:
    """Keep a list under a name; the same name again replaces it. Raises `NotAllowed`."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise NotAllowed(f"Give the view a name of at most {LONGEST_NAME} characters.")
    found = await session.scalar(
        select(SavedView).where(SavedView.worker_id == worker.id, SavedView.name == name).with_for_update()
    )
    if found:
        found.query = query
        return
    if (await session.scalar(select(func.count()).where(SavedView.worker_id == worker.id)) or 0) >= MOST:
        raise NotAllowed(f"You have {MOST} views already. Remove one first.")
    session.add(SavedView(worker_id=worker.id, name=name, query=query))


async def remove(session: AsyncSession, worker: Worker, number: int) -> None:
    """Nothing happens when it is not there, or another's."""
    await session.execute(delete(SavedView).where(SavedView.id == number, SavedView.worker_id == worker.id))
