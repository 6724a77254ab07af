"""Files that a worker has uploaded and not imported yet: sealed, for an hour, for that worker alone.

Knows no file format.
"""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotFound
from hub.imports import Kind
from hub.store.refs import new_ref
from hub.store.tables import Upload, Worker

KEPT = timedelta(hours=1)


async def keep(hub: Hub, session: AsyncSession, worker: Worker, kind: Kind, content: bytes) -> str:
    """Returns its reference. What others left behind longer ago is taken away."""
    now = hub.clock.now()
    await session.execute(delete(Upload).where(Upload.made_at < now - KEPT))
    sealed = hub.vault.master.seal(content, "upload")
    upload = Upload(ref=new_ref(), worker_id=worker.id, kind=kind, content_sealed=sealed, made_at=now)
    session.add(upload)
    await session.flush()
    return upload.ref


async def content_of(hub: Hub, session: AsyncSession, worker: Worker, kind: Kind, ref: str) -> bytes:
    """Raises `NotFound` when it is gone or is somebody else's."""
    fresh = Upload.made_at >= hub.clock.now() - KEPT
    found: Upload | None = await session.scalar(
        select(Upload).where(Upload.ref == ref, Upload.worker_id == worker.id, Upload.kind == kind, fresh)
    )
    if found is None:
        raise NotFound("(the file is kept for an hour: choose it again)")
    return hub.vault.master.open_bytes(found.content_sealed, "upload")


async def drop(session: AsyncSession, ref: str) -> None:
    await session.execute(delete(Upload).where(Upload.ref == ref))
