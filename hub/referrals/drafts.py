"""A form that is being filled in: kept sealed under the secret of its address until it is sent, two hours at most.

The first page carries a signed moment: a form that comes back within seconds was filled in by a machine. Knows no page.
"""

import base64
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import LinkDoesNotWork
from hub.store.refs import hash_token
from hub.store.tables import ReferralDoor, ReferralDraft

LASTS = timedelta(hours=2)
SOONEST = timedelta(seconds=2)  # to press "Start now"
QUICKEST = timedelta(seconds=15)  # for seven pages: nobody types a name and a number that fast
GOOD_FOR = timedelta(days=1)  # of the first page, left open

Typed = Mapping[str, str]


def stamp(hub: Hub, word: str) -> str:
    """For the hidden field of the first page."""
    at = int(hub.clock.now().timestamp())
    return f"{at}-{_signed(hub, word, at)}"


def is_a_persons(hub: Hub, word: str, stamped: str) -> bool:
    at, _, signed = stamped.partition("-")
    if not (at.isascii() and at.isdigit()) or not hmac.compare_digest(signed, _signed(hub, word, int(at))):
        return False
    age = hub.clock.now().timestamp() - int(at)
    return SOONEST.total_seconds() <= age <= GOOD_FOR.total_seconds()


def _signed(hub: Hub, word: str, at: int) -> str:
    return base64.urlsafe_b64encode(hub.vault.keyed("referral form", f"{word} {at}")).decode().rstrip("=")


async def begin(hub: Hub, session: AsyncSession, door: ReferralDoor) -> str:
    """The secret of its address."""
    token = secrets.token_urlsafe(24)
    empty = hub.vault.master.seal("{}", "referral draft")
    session.add(
        ReferralDraft(
            token_hash=hash_token(token), agency_id=door.agency_id, content_sealed=empty, begun_at=hub.clock.now()
        )
    )
    await session.flush()
    return token


async def find(hub: Hub, session: AsyncSession, door: ReferralDoor, token: str) -> ReferralDraft:
    """Raises `LinkDoesNotWork` when there is none, or its time is over."""
    draft = await session.get(ReferralDraft, hash_token(token), with_for_update=True)
    if draft is None or draft.agency_id != door.agency_id or draft.begun_at + LASTS <= hub.clock.now():
        raise LinkDoesNotWork
    return draft


def read(hub: Hub, draft: ReferralDraft) -> dict[str, str]:
    known: dict[str, str] = json.loads(hub.vault.master.open(draft.content_sealed, "referral draft"))
    return known


def keep(hub: Hub, draft: ReferralDraft, typed: Typed) -> None:
    draft.content_sealed = hub.vault.master.seal(json.dumps(dict(typed)), "referral draft")


def was_too_quick(hub: Hub, draft: ReferralDraft) -> bool:
    return hub.clock.now() - draft.begun_at < QUICKEST


async def forget_old(session: AsyncSession, now: datetime) -> None:
    await session.execute(delete(ReferralDraft).where(ReferralDraft.begun_at <= now - LASTS))
