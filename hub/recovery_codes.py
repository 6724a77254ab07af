"""Codes for the day on which a worker has no phone: ten digits, each good once, shown once.

Digits alone, so that a phone's number pad can enter them. Kept as a hash under the master key: without that key a
stolen table cannot be tried out. Knows no page.
"""

import secrets

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.store import audit
from hub.store.tables import RecoveryCode

HOW_MANY = 8
DIGITS = 10


async def renew(hub: Hub, session: AsyncSession, worker_id: int) -> list[str]:
    """New codes in place of all old ones, as a person reads them: "48201 99317". They cannot be shown again."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.worker_id == worker_id))
    codes: set[str] = set()
    while len(codes) < HOW_MANY:
        codes.add(f"{secrets.randbelow(10**DIGITS):0{DIGITS}}")
    session.add_all(RecoveryCode(worker_id=worker_id, code_index=_index(hub, code)) for code in codes)
    actor = f"worker:{worker_id}"
    audit.record(session, hub.clock.now(), actor, "recovery_codes_made", actor)
    return [f"{code[:5]} {code[5:]}" for code in sorted(codes)]


async def use(hub: Hub, session: AsyncSession, worker_id: int, typed: str) -> bool:
    """Whether it was one of theirs and not used yet; from now on it is."""
    code = "".join(typed.split()).replace("-", "")
    if len(code) != DIGITS or not code.isascii() or not code.isdigit():
        return False
    now = hub.clock.now()
    unused = (RecoveryCode.worker_id == worker_id, RecoveryCode.used_at.is_(None))
    used = await session.execute(
        update(RecoveryCode)
        .where(*unused, RecoveryCode.code_index == _index(hub, code))
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    if used.one_or_none() is None:
        return False
    audit.record(session, now, f"worker:{worker_id}", "recovery_code_used", f"worker:{worker_id}")
    return True


async def left(session: AsyncSession, worker_id: int) -> int:
    unused = (RecoveryCode.worker_id == worker_id, RecoveryCode.used_at.is_(None))
    return await session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def _index(hub: Hub, code: str) -> bytes:
    return hub.vault.keyed("recovery code", code)
