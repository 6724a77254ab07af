"""A link to answer by, for somebody who is not texted: a worker hands it over by letter, by e-mail or on a screen.

Good for fourteen days and for one of the two; a new one ends the one before. Knows no page.
"""

import secrets

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import LinkDoesNotWork, NotAllowed
from hub.referrals import content, course, steps
from hub.referrals.ages import GUARDIAN
from hub.referrals.asking import LAPSES_AFTER
from hub.referrals.said import RISK
from hub.states import check_move
from hub.states_of_support import REFERRAL_MOVES, ReferralState
from hub.store.refs import hash_token
from hub.store.tables import Referral
from hub.times import local

ANSWERS = (steps.YES, steps.NO, steps.CALL)


async def make(hub: Hub, session: AsyncSession, worker_id: int, referral: Referral) -> str:
    """For whose yes is next. Returns the token, which is kept nowhere. Raises `NotAllowed` when none is missing."""
    said = (await content.need(hub, session, referral)).said
    today = local(hub.clock.now(), referral.agency.time_zone).date()
    who = steps.missing(said, steps.answers(await steps.of(session, referral)), today)
    if not who or referral.state not in steps.OPEN:
        raise NotAllowed("Nobody's answer is missing.")
    if who == GUARDIAN and said.guardian_told == RISK:
        raise NotAllowed("Telling them could put the child at risk. Speak with the referrer first.")
    now, token = hub.clock.now(), secrets.token_urlsafe(24)
    if referral.state is ReferralState.RECEIVED:
        referral.state = check_move(REFERRAL_MOVES, referral.state, ReferralState.ASKING)
        referral.state_at = now
    referral.answer_hash, referral.answer_who, referral.answer_until = hash_token(token), who, now + LAPSES_AFTER
    referral.worker_id = referral.worker_id or worker_id
    referral.asked_whom, referral.asked_at, referral.call_first = who, now, ""
    referral.reminded_at, referral.look_at = now, referral.answer_until  # nobody is reminded of a letter
    steps.note(hub, session, referral, "link_made", f"worker:{worker_id}", who=who)
    return token


async def find(hub: Hub, session: AsyncSession, token: str, *, lock: bool = False) -> Referral:
    """Raises `LinkDoesNotWork`: for one that never was as for one that is over."""
    wanted = select(Referral).where(Referral.answer_hash == hash_token(token))
    found: Referral | None = await session.scalar(wanted.with_for_update(of=Referral) if lock else wanted)
    over = found is None or found.answer_until is None or found.answer_until <= hub.clock.now()
    if found is None or over or found.state is not ReferralState.ASKING:
        raise LinkDoesNotWork
    return found


async def answer(hub: Hub, session: AsyncSession, referral: Referral, what: str) -> None:
    """Raises `NotAllowed` for what is none of the answers."""
    if what not in ANSWERS:
        raise NotAllowed
    who, referral.answer_hash = referral.answer_who, None
    await course.answered(hub, session, referral, who, what, "page", "hub")
