"""The link with which a worker sets a password and an authenticator: the first time, or when they are lost.

Good once and for three days; a new one ends the old one. The password counts only when a code has shown that the
authenticator works: nobody is locked out by half a set-up. Knows no page.
"""

import secrets
from datetime import timedelta

import pyotp
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from hub import recovery_codes, sign_in
from hub.core import Hub
from hub.errors import LinkDoesNotWork
from hub.store import audit
from hub.store.refs import hash_token
from hub.store.tables import SignIn, SignInLink, Worker

GOOD_FOR = timedelta(days=3)


async def make(hub: Hub, session: AsyncSession, actor: str, worker: Worker) -> str:
    """The token of a new link, which is kept nowhere: show it once, to whoever passes it on."""
    await session.execute(delete(SignInLink).where(SignInLink.worker_id == worker.id))
    token, now = secrets.token_urlsafe(32), hub.clock.now()
    link = SignInLink(token_hash=hash_token(token), worker_id=worker.id, created_at=now, expires_at=now + GOOD_FOR)
    session.add(link)
    await session.flush()
    audit.record(session, now, actor, "sign_in_link_made", f"worker:{worker.id}")
    return token


async def find(hub: Hub, session: AsyncSession, token: str) -> tuple[SignInLink, Worker]:
    """Raises `LinkDoesNotWork` when it is unknown, used or too old, or the worker is disabled."""
    link = await session.get(SignInLink, hash_token(token), with_for_update=True)
    if link is None or link.used_at or link.expires_at <= hub.clock.now():
        raise LinkDoesNotWork
    worker = await session.get_one(Worker, link.worker_id)
    if worker.disabled_at:
        raise LinkDoesNotWork
    return link, worker


def choose_password(hub: Hub, link: SignInLink, hashed: str) -> None:
    """The first page is done: remember the password and make the secret that the second page shows."""
    link.password_hash = hashed
    link.totp_sealed = hub.vault.master.seal(pyotp.random_base32(), "totp")


def authenticator(hub: Hub, link: SignInLink, worker: Worker) -> pyotp.TOTP:
    """What the worker's app has to be told. Raises `LinkDoesNotWork` before a password was chosen."""
    if link.totp_sealed is None:
        raise LinkDoesNotWork
    return pyotp.TOTP(hub.vault.master.open(link.totp_sealed, "totp"), name=worker.email, issuer="Handrail")


async def finish(hub: Hub, session: AsyncSession, link: SignInLink, worker: Worker, code: str) -> list[str] | None:
    """When the code is right: the new password and authenticator count, every session ends. Returns recovery codes."""
    step = sign_in.matching_step(authenticator(hub, link, worker).secret, 0, code, hub.clock.now())
    if step is None:
        return None
    worker.password_hash, worker.totp_sealed, worker.totp_last_step = link.password_hash, link.totp_sealed, step
    worker.failed_sign_ins, worker.locked_until = 0, None
    link.used_at, link.password_hash, link.totp_sealed = hub.clock.now(), None, None
    await session.execute(delete(SignIn).where(SignIn.worker_id == worker.id))
    audit.record(session, link.used_at, f"worker:{worker.id}", "sign_in_set_up", f"worker:{worker.id}")
    return await recovery_codes.renew(hub, session, worker.id)
