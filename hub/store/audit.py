"""Recording facts, and sealing them into a chain. Knows nothing of what the facts mean.

Events are plain inserts, so that writers never wait for each other; `seal` links all events of finished
transactions with one SHA-256 over the link before (docs/why.md: why the chain is tied behind the writers).
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hub.store.tables import AuditEvent, AuditSeal

_SEAL_LOCK = 0x48414E44  # any fixed number: one sealer at a time in the whole database


def record(
    session: AsyncSession,
    at: datetime,
    actor: str,
    what: str,
    subject: str,
    *,
    person_id: int | None = None,
    **details: Any,
) -> None:
    """Add a fact to the transaction. `details` hold ids and codes, never names, numbers or words of a message."""
    session.add(AuditEvent(at=at, actor=actor, what=what, subject=subject, person_id=person_id, details=details))


async def seal(session: AsyncSession, at: datetime) -> int:
    """Link what has been finished since the last seal. Returns how many events."""
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _SEAL_LOCK})
    last = (await session.execute(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))).scalar_one_or_none()
    horizon = await session.scalar(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"))
    events = await _events(session, after=last.last_transaction if last else -1, before=int(horizon or 0))
    if events:
        digest = _digest(last.digest if last else b"", events)
        session.add(AuditSeal(last_transaction=events[-1].transaction, events=len(events), digest=digest, at=at))
    return len(events)


async def verify(session: AsyncSession, *, newest: int | None = None) -> int | None:
    """None when every link holds; else the number of the first seal that does not.

    `newest`: only the last links that seal about so many events together, for an answer while somebody waits.
    """
    before, after = b"", -1
    for link in await _links(session, newest):
        if after == -1 and newest is not None:
            before, after = await _link_before(session, link)
        events = await _events(session, after=after, before=link.last_transaction + 1)
        if len(events) != link.events or _digest(before, events) != link.digest:
            return link.id
        before, after = link.digest, link.last_transaction
    return None


async def _links(session: AsyncSession, newest: int | None) -> Sequence[AuditSeal]:
    """In order; the last one always."""
    if newest is None:
        return (await session.scalars(select(AuditSeal).order_by(AuditSeal.id))).all()
    so_far = func.sum(AuditSeal.events).over(order_by=AuditSeal.id.desc()) - AuditSeal.events
    near = select(AuditSeal.id, so_far.label("so_far")).subquery()
    wanted = select(AuditSeal).join(near, near.c.id == AuditSeal.id).where(near.c.so_far < newest)
    return (await session.scalars(wanted.order_by(AuditSeal.id))).all()


async def _link_before(session: AsyncSession, link: AuditSeal) -> tuple[bytes, int]:
    wanted = select(AuditSeal).where(AuditSeal.id < link.id).order_by(AuditSeal.id.desc()).limit(1)
    found = await session.scalar(wanted)
    return (found.digest, found.last_transaction) if found else (b"", -1)


async def _events(session: AsyncSession, *, after: int, before: int) -> Sequence[AuditEvent]:
    wanted = (
        select(AuditEvent)
        .where(AuditEvent.transaction > after, AuditEvent.transaction < before)
        .order_by(AuditEvent.transaction, AuditEvent.id)
    )
    return (await session.execute(wanted)).scalars().all()


def _digest(before: bytes, events: Sequence[AuditEvent]) -> bytes:
    link = hashlib.sha256(before)
    for event in events:
        facts = [
            event.id,
            event.at.isoformat(),
            event.actor,
            event.what,
            event.subject,
            event.person_id,
            event.details,
        ]
        link.update(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode())
    return link.digest()
