"""Signing workers in: password (argon2id), a code of their authenticator app or a recovery code, a kept session.

The browser holds a random token, the store only its hash. A wrong attempt is a value and no exception: it
must be counted in the same transaction. Knows nothing of cookies or pages.
"""

import asyncio
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import duties, recovery_codes
from hub.core import Hub
from hub.store import audit
from hub.store.refs import hash_token
from hub.store.tables import SignIn, Worker

MOST_FAILURES = 5  # of passwords and codes together
LOCKED_FOR = timedelta(minutes=15)
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
CODE_WITHIN = timedelta(minutes=10)  # from the password to the code
STEP = 30  # seconds; RFC 6238
SEEN_EVERY = timedelta(minutes=1)  # how exactly idling is measured: not every click is a write

_hasher = PasswordHasher()  # argon2id with the parameters of RFC 9106, low memory
# Verified against when nobody has that address, so that the answer takes as long.
_NOBODY = _hasher.hash(secrets.token_urlsafe())


class Attempt(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"  # never says which of the two was
    LOCKED = "locked"  # too many wrong ones: wait


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A worker whose session stands. `csrf` goes into each form; `ends_at` is when idling ends it."""

    worker: Worker
    csrf: str
    token_hash: bytes
    ends_at: datetime
    seconds_left: int  # until then, for the page's own clock


async def hash_password(password: str) -> str:
    return await asyncio.to_thread(_hasher.hash, password)


def new_authenticator(hub: Hub, worker: Worker) -> str:
    """Give the worker a new authenticator secret. Returns the otpauth:// address for a QR code."""
    secret = pyotp.random_base32()
    worker.totp_sealed, worker.totp_last_step = hub.vault.master.seal(secret, "totp"), 0
    return pyotp.TOTP(secret).provisioning_uri(name=worker.email, issuer_name="Handrail")


async def give_password(
    hub: Hub, session: AsyncSession, email: str, password: str, browser: str = ""
) -> tuple[Attempt, str]:
    """Check the password. When it is right, the text is the token of a session that waits for its code."""
    now = hub.clock.now()
    worker = await session.scalar(
        select(Worker).where(Worker.email == email.strip().lower()).with_for_update(of=Worker)
    )
    right = await asyncio.to_thread(_verify, worker.password_hash if worker else None, password)
    if worker is None or worker.disabled_at:
        return Attempt.WRONG, ""
    if _locked(worker, now):
        return Attempt.LOCKED, ""
    if not right:
        return _failed(session, worker, now), ""
    return Attempt.RIGHT, await start(hub, session, worker, second_factor=False, browser=browser)


async def is_password_of(hub: Hub, session: AsyncSession, worker: Worker, password: str) -> Attempt:
    """Asked again of somebody who is signed in, before something weighty. Wrong ones count like those at the door."""
    now = hub.clock.now()
    if _locked(worker, now):
        return Attempt.LOCKED
    right = await asyncio.to_thread(_verify, worker.password_hash, password)
    return Attempt.RIGHT if right else _failed(session, worker, now)


async def give_code(hub: Hub, session: AsyncSession, token: str, code: str) -> tuple[Attempt, str]:
    """Check the six digits, or a recovery code. When it is right, the text is the token of the full session."""
    now = hub.clock.now()
    half = await session.get(SignIn, hash_token(token))
    if half is None or half.second_factor_at or half.created_at + CODE_WITHIN < now:
        return Attempt.LOCKED, ""
    worker = await session.get_one(Worker, half.worker_id, with_for_update={"of": Worker})
    if _locked(worker, now):
        return Attempt.LOCKED, ""
    if not (_is_of_authenticator(hub, worker, code, now) or await recovery_codes.use(hub, session, worker.id, code)):
        return _failed(session, worker, now), ""
    worker.failed_sign_ins = 0
    await session.delete(half)
    return Attempt.RIGHT, await start(hub, session, worker, second_factor=True, browser=half.browser)


async def start(hub: Hub, session: AsyncSession, worker: Worker, *, second_factor: bool, browser: str = "") -> str:
    """Open a session. Returns its token, which is kept nowhere but in the worker's browser."""
    token, now = secrets.token_urlsafe(32), hub.clock.now()
    ended = delete(SignIn).where(SignIn.worker_id == worker.id, SignIn.created_at <= now - LONGEST)
    await session.execute(ended)  # nobody needs them any more
    session.add(
        SignIn(
            token_hash=hash_token(token),
            worker_id=worker.id,
            csrf=secrets.token_urlsafe(32),
            created_at=now,
            seen_at=now,
            second_factor_at=now if second_factor else None,
            browser=browser,
        )
    )
    await session.flush()
    if second_factor:
        audit.record(session, now, f"worker:{worker.id}", "signed_in", f"worker:{worker.id}")
    return token


async def find(hub: Hub, session: AsyncSession, token: str, *, touch: bool = True) -> SignedIn | None:
    """The session of a token, unless it has ended. `touch`: the worker does something: idling starts anew."""
    now = hub.clock.now()
    found = (
        await session.execute(
            select(SignIn, Worker)
            .join(Worker, Worker.id == SignIn.worker_id)
            .where(SignIn.token_hash == hash_token(token), SignIn.second_factor_at.is_not(None))
        )
    ).one_or_none()
    if found is None:
        return None
    sign_in, worker = found
    if worker.disabled_at or now >= ends(sign_in):
        return None
    if touch and now - sign_in.seen_at >= SEEN_EVERY:
        sign_in.seen_at = now
    worker.covers = await duties.covered_by(session, worker.id, now)
    ends_at = ends(sign_in)
    return SignedIn(worker, sign_in.csrf, sign_in.token_hash, ends_at, int((ends_at - now).total_seconds()))


def ends(sign_in: SignIn) -> datetime:
    """When it ends, if nothing is done in it."""
    return min(sign_in.seen_at + IDLE, sign_in.created_at + LONGEST)


async def owner(session: AsyncSession, token: str) -> int | None:
    """Whose full session it is, or was until it ended by itself; None for one that nobody had."""
    wanted = select(SignIn.worker_id).where(
        SignIn.token_hash == hash_token(token), SignIn.second_factor_at.is_not(None)
    )
    return await session.scalar(wanted)


async def end(hub: Hub, session: AsyncSession, signed_in: SignedIn) -> None:
    await session.execute(delete(SignIn).where(SignIn.token_hash == signed_in.token_hash))
    actor = f"worker:{signed_in.worker.id}"
    audit.record(session, hub.clock.now(), actor, "signed_out", actor)


def _verify(password_hash: str | None, password: str) -> bool:
    try:
        return _hasher.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def _locked(worker: Worker, now: datetime) -> bool:
    return worker.locked_until is not None and worker.locked_until > now


def _failed(session: AsyncSession, worker: Worker, now: datetime) -> Attempt:
    worker.failed_sign_ins += 1
    if worker.failed_sign_ins < MOST_FAILURES:
        return Attempt.WRONG
    worker.failed_sign_ins, worker.locked_until = 0, now + LOCKED_FOR
    audit.record(session, now, "hub", "sign_in_locked", f"worker:{worker.id}")
    return Attempt.LOCKED


def _is_of_authenticator(hub: Hub, worker: Worker, code: str, now: datetime) -> bool:
    """Whether it is a code of the worker's app that was not used yet; from now on it is."""
    if worker.totp_sealed is None:
        return False
    secret = hub.vault.master.open(worker.totp_sealed, "totp")
    step = matching_step(secret, worker.totp_last_step, code, now)
    worker.totp_last_step = step or worker.totp_last_step
    return step is not None


def matching_step(secret: str, after: int, code: str, now: datetime) -> int | None:
    """The time step that the code belongs to: this one or a neighbour (clocks differ), each accepted once."""
    app = pyotp.TOTP(secret)
    typed, step = "".join(code.split()), int(now.timestamp()) // STEP
    fitting = (
        s
        for s in (step, step - 1, step + 1)
        if hmac.compare_digest(app.at(s * STEP), typed.encode("ascii", "replace").decode())
    )
    return next((s for s in fitting if s > after), None)
