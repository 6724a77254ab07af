"""Secret links for calendar programs: made, shown once, taken back. A link sees with the eyes of its maker.

The table holds only the token's hash. Knows no file format and no screen.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import READERS
from hub.core import Hub
from hub.errors import LinkDoesNotWork, NotAllowed, NotFound
from hub.store import audit
from hub.store.refs import hash_token, new_ref
from hub.store.tables import CalendarFeed, Worker
from hub.words import WorkerRole

READ_AGAIN = timedelta(hours=1)  # calendar programs ask often; one line in the audit an hour is enough


class Scope(StrEnum):
    MINE = "mine"  # with the maker, or of the maker's people
    TEAM = "team"


async def make(hub: Hub, session: AsyncSession, worker: Worker, scope: Scope, *, names: bool) -> str:
    """A new link. Returns its token, which is kept nowhere. Raises `NotAllowed`: the team's is for supervisors."""
    if scope is Scope.TEAM and worker.role is not WorkerRole.SUPERVISOR:
        raise NotAllowed
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed(
        ref=new_ref(),
        worker_id=worker.id,
        scope=scope,
        names=names,
        token_hash=hash_token(token),
        made_at=hub.clock.now(),
    )
    session.add(feed)
    await session.flush()
    _record(hub, session, f"worker:{worker.id}", "calendar_link_made", feed, scope=scope, names=names)
    return token


async def of_worker(session: AsyncSession, worker: Worker) -> Sequence[CalendarFeed]:
    """Those that still work, the oldest first."""
    theirs = CalendarFeed.worker_id == worker.id, CalendarFeed.revoked_at.is_(None)
    return (await session.scalars(select(CalendarFeed).where(*theirs).order_by(CalendarFeed.id))).all()


async def revoke(hub: Hub, session: AsyncSession, worker: Worker, ref: str) -> None:
    """From now on it leads nowhere. Raises `NotFound` for a link that is not this worker's, or is gone."""
    found = next((feed for feed in await of_worker(session, worker) if feed.ref == ref), None)
    if found is None:
        raise NotFound
    found.revoked_at = hub.clock.now()
    _record(hub, session, f"worker:{worker.id}", "calendar_link_revoked", found)


async def find(hub: Hub, session: AsyncSession, token: str) -> CalendarFeed:
    """The link of a token, while it works and its maker may still see people. Raises `LinkDoesNotWork`."""
    feed: CalendarFeed | None = await session.scalar(
        select(CalendarFeed).where(CalendarFeed.token_hash == hash_token(token), CalendarFeed.revoked_at.is_(None))
    )
    if feed is None or feed.worker.disabled_at or feed.worker.role not in READERS:
        raise LinkDoesNotWork
    if feed.scope == Scope.TEAM and feed.worker.role is not WorkerRole.SUPERVISOR:
        raise LinkDoesNotWork
    now = hub.clock.now()
    if feed.read_at is None or now - feed.read_at >= READ_AGAIN:
        feed.read_at = now
        _record(hub, session, f"calendar:{feed.id}", "calendar_read", feed)
    return feed


def _record(hub: Hub, session: AsyncSession, actor: str, what: str, feed: CalendarFeed, **details: Any) -> None:
    audit.record(session, hub.clock.now(), actor, what, f"calendar:{feed.id}", **details)
