"""Who else is at a conversation: each open page says so every few seconds. Knows nothing of what is written there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hub.store.notify import CHANGED, notify
from hub.store.tables import Presence, Worker

GONE_AFTER = timedelta(seconds=45)  # three times a page's own interval
WRITING = timedelta(seconds=20)  # since the last key


@dataclass(frozen=True, slots=True)
class Other:
    id: int
    name: str
    writing: bool


async def be_here(
    session: AsyncSession, worker: Worker, conversation_id: int, now: datetime, *, writing: bool = False
) -> None:
    """Colleagues who look at it are told only of what is new: the same again every few seconds is no news."""
    before = await session.get(Presence, (worker.id, conversation_id))
    known = before is not None and now - before.at < GONE_AFTER
    wrote = before is not None and _writes(before, now)
    values = {"at": now} | ({"wrote_at": now} if writing else {})
    keys = {"worker_id": worker.id, "conversation_id": conversation_id}
    made = insert(Presence).values(**keys, **values)
    await session.execute(made.on_conflict_do_update(index_elements=list(keys), set_=values))
    if not known or (writing and not wrote):
        notify(session, CHANGED, str(conversation_id))


async def leave(session: AsyncSession, worker: Worker, conversation_id: int) -> None:
    """They have gone on to something else."""
    found = await session.get(Presence, (worker.id, conversation_id))
    if found:
        await session.delete(found)
        notify(session, CHANGED, str(conversation_id))


async def others(session: AsyncSession, worker: Worker, conversation_id: int, now: datetime) -> list[Other]:
    """Everybody else whose page is open, those who write first."""
    here = (
        select(Presence, Worker.name)
        .join(Worker, Worker.id == Presence.worker_id)
        .where(
            Presence.conversation_id == conversation_id,
            Presence.worker_id != worker.id,
            Presence.at > now - GONE_AFTER,
        )
        .order_by(Worker.name)
    )
    found = [
        Other(presence.worker_id, name, _writes(presence, now))
        for presence, name in (await session.execute(here)).all()
    ]
    return sorted(found, key=lambda other: not other.writing)


def fingerprint(others: list[Other]) -> str:
    """The same for the same people doing the same; tells no names."""
    return "-".join(f"{other.id}{'w' if other.writing else ''}" for other in others)


def _writes(presence: Presence, now: datetime) -> bool:
    return presence.wrote_at is not None and now - presence.wrote_at < WRITING
