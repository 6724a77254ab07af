"""Which worker stands behind an account at the OpenID provider, and whether they may come in.

The first time their verified e-mail finds the worker and binds the account; afterwards the account counts: a changed
e-mail opens nobody else's inbox. Knows no protocol and no page.
"""

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import sign_in
from hub.core import Hub
from hub.ports import Identity
from hub.store import audit
from hub.store.tables import ProviderAccount, Worker


class Verdict(StrEnum):
    RIGHT = "right"
    NEEDS_CODE = "needs_code"  # our own second factor follows
    NOT_VERIFIED = "not_verified"
    UNKNOWN = "unknown"
    OTHER_ACCOUNT = "other_account"
    DISABLED = "disabled"
    NO_AUTHENTICATOR = "no_authenticator"
    LOCKED = "locked"


REFUSALS = {
    Verdict.NOT_VERIFIED: "Your agency’s account has no email address that was checked. Ask those who run it to check "
    "your address, or sign in with your password.",
    Verdict.UNKNOWN: "Nobody here has the email address of that account. Ask your administrator to add you.",
    Verdict.OTHER_ACCOUNT: "You signed in here with another account before. Use that one, or ask your administrator "
    "to reset how you sign in.",
    Verdict.DISABLED: "Your access here was ended. Ask your administrator if you think that this is wrong.",
    Verdict.NO_AUTHENTICATOR: "You need a second step that your account did not have. Ask your administrator for a "
    "sign-in link, to set up an authenticator app.",
    Verdict.LOCKED: "There were too many wrong tries. Wait 15 minutes, then try again.",
}


async def enter(hub: Hub, session: AsyncSession, identity: Identity, browser: str = "") -> tuple[Verdict, str]:
    """The verdict; with `RIGHT` the token of a session, with `NEEDS_CODE` that of one which waits for its code."""
    account = await session.get(ProviderAccount, (identity.issuer, identity.subject))
    found = await _by_account(session, account) if account else await _by_e_mail(session, identity)
    if isinstance(found, Verdict):
        return found, ""
    refused = _refusal(hub, found, identity)
    if refused:
        return refused, ""
    if account is None:
        _bind(hub, session, found, identity)
    full = identity.second_factor
    token = await sign_in.start(hub, session, found, second_factor=full, browser=browser)
    return (Verdict.RIGHT if full else Verdict.NEEDS_CODE), token


async def _by_account(session: AsyncSession, account: ProviderAccount) -> Worker:
    return await session.get_one(Worker, account.worker_id, with_for_update={"of": Worker})


async def _by_e_mail(session: AsyncSession, identity: Identity) -> Worker | Verdict:
    if not (identity.email and identity.email_verified):
        return Verdict.NOT_VERIFIED
    worker = await session.scalar(select(Worker).where(Worker.email == identity.email).with_for_update(of=Worker))
    if worker is None:
        return Verdict.UNKNOWN
    theirs = (ProviderAccount.issuer == identity.issuer, ProviderAccount.worker_id == worker.id)
    bound = await session.scalar(select(ProviderAccount.subject).where(*theirs))
    return Verdict.OTHER_ACCOUNT if bound else worker


def _refusal(hub: Hub, worker: Worker, identity: Identity) -> Verdict | None:
    if worker.disabled_at:
        return Verdict.DISABLED
    if worker.locked_until and worker.locked_until > hub.clock.now():
        return Verdict.LOCKED
    if not identity.second_factor and worker.totp_sealed is None:
        return Verdict.NO_AUTHENTICATOR
    return None


def _bind(hub: Hub, session: AsyncSession, worker: Worker, identity: Identity) -> None:
    now, actor = hub.clock.now(), f"worker:{worker.id}"
    account = ProviderAccount(issuer=identity.issuer, subject=identity.subject, worker_id=worker.id, bound_at=now)
    session.add(account)
    audit.record(session, now, actor, "provider_account_bound", actor)
