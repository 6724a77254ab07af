"""Taking a referral, and taking it back. Whoever referred hears how far it is, and nothing more: not who said what.

One that comes through another program's key is asked about at once, since the agency knows who sent it. One from the
form is looked at by a worker first: anybody can fill in a form with anybody's number.
"""

import secrets
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import LinkDoesNotWork, MoveNotAllowed, NotFound
from hub.referrals import content, course, steps
from hub.referrals.ages import band_on, needed
from hub.referrals.content import Content
from hub.referrals.said import RISK, Said
from hub.states_of_support import ReferralState
from hub.store.refs import hash_token, new_ref
from hub.store.tables import Agency, Referral
from hub.times import local
from hub.words import ChannelKind, Side


class Status(StrEnum):
    """All that a referrer hears."""

    RECEIVED = "received"
    WAITING = "waiting"  # for the answer of the young person, or of who looks after them
    WITH_WORKER = "with_worker"
    CLOSED = "closed"  # however it ended


@dataclass(frozen=True, slots=True)
class Taken:
    referral: Referral
    token: str  # of the referrer's link; kept nowhere


async def take(hub: Hub, session: AsyncSession, agency: Agency, said: Said, key_id: int | None = None) -> Taken:
    """`key_id`: of the program that sent it; None: the form did."""
    now, token = hub.clock.now(), secrets.token_urlsafe(24)
    phone, band = said.young.phone, band_on(said.born, local(now, agency.time_zone).date())
    referral = Referral(
        ref=new_ref(),
        agency_id=agency.id,
        agency=agency,
        side=Side.SUPERVISION,
        state=ReferralState.RECEIVED,
        state_at=now,
        made_at=now,
        band=band,
        source="api" if key_id else "form",
        api_key_id=key_id,
        status_hash=hash_token(token),
        wrapped_key=hub.vault.new_person_key(),
        phone_index=hub.vault.index(Side.SUPERVISION, ChannelKind.SMS, phone) if phone else None,
        asked_whom=needed(band)[0],
        call_first="risk" if said.guardian_told == RISK else "look",
    )
    content.seal(hub, referral, Content(said))
    session.add(referral)
    await session.flush()
    by = f"key:{key_id}" if key_id else "hub"
    steps.note(hub, session, referral, "received", by, how=referral.source)
    if key_id:
        await course.advance(hub, session, referral, "hub")
    return Taken(referral, token)


async def by_link(session: AsyncSession, token: str, *, lock: bool = False) -> Referral:
    """Raises `LinkDoesNotWork`."""
    wanted = select(Referral).where(Referral.status_hash == hash_token(token))
    found: Referral | None = await session.scalar(wanted.with_for_update(of=Referral) if lock else wanted)
    if found is None:
        raise LinkDoesNotWork
    return found


async def by_ref(session: AsyncSession, agency_id: int, ref: str, *, lock: bool = False) -> Referral:
    """Of this agency. Raises `NotFound`."""
    wanted = select(Referral).where(Referral.ref == ref.upper(), Referral.agency_id == agency_id)
    found: Referral | None = await session.scalar(wanted.with_for_update(of=Referral) if lock else wanted)
    if found is None:
        raise NotFound("(referral)")
    return found


def status_of(referral: Referral) -> Status:
    if referral.state not in steps.OPEN:
        return Status.CLOSED
    if referral.state is ReferralState.RECEIVED and referral.worker_id is None:
        return Status.RECEIVED
    asks = referral.state is ReferralState.ASKING and not referral.call_first
    return Status.WAITING if asks else Status.WITH_WORKER


async def withdraw(hub: Hub, session: AsyncSession, referral: Referral, by: str = "hub") -> None:
    """Raises `MoveNotAllowed` when it is closed already."""
    if referral.state not in steps.OPEN:
        raise MoveNotAllowed("(it is closed)")
    steps.note(hub, session, referral, "withdrawn", by)
    await course.close(hub, session, referral, ReferralState.WITHDRAWN)
