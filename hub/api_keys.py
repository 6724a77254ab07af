"""Keys of other programs: made, found, taken back. A key belongs to one agency and sees one side.

Only a hash is kept. Plain SHA-256 is enough: unlike a password, a key of 256 random bits cannot be guessed.
Knows no web framework.
"""

import secrets
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import MoveNotAllowed
from hub.store.audit import record
from hub.store.refs import hash_token
from hub.store.tables import ApiKey
from hub.words import Side

PREFIX = "hk_"  # lets secret scanners and people see what it is
RANDOM_BYTES = 32


async def create(
    hub: Hub, session: AsyncSession, actor: str, *, agency_id: int, side: Side, name: str
) -> tuple[ApiKey, str]:
    """A new key and its token. The token is shown once: nobody can read it again."""
    token = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    now = hub.clock.now()
    key = ApiKey(agency_id=agency_id, side=side, name=name, key_hash=hash_token(token), created_at=now)
    session.add(key)
    await session.flush()
    record(session, now, actor, "api_key_created", f"key:{key.id}", agency=agency_id, side=side)
    return key, token


async def revoke(hub: Hub, session: AsyncSession, actor: str, key: ApiKey) -> None:
    """The key stops working at once. Raises `MoveNotAllowed` when it already has."""
    if key.revoked_at:
        raise MoveNotAllowed("(this key is revoked already)")
    key.revoked_at = hub.clock.now()
    record(session, key.revoked_at, actor, "api_key_revoked", f"key:{key.id}")


async def find(session: AsyncSession, token: str) -> ApiKey | None:
    """The key that works with this token; None for anything else."""
    if not token.startswith(PREFIX):
        return None
    found: ApiKey | None = await session.scalar(
        select(ApiKey).where(ApiKey.key_hash == hash_token(token), ApiKey.revoked_at.is_(None))
    )
    return found


async def of_agency(session: AsyncSession, agency_id: int) -> Sequence[ApiKey]:
    """All keys of an agency, the revoked too, oldest first."""
    wanted = select(ApiKey).where(ApiKey.agency_id == agency_id).order_by(ApiKey.id)
    return (await session.scalars(wanted)).all()
