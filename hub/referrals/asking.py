"""Asking somebody by text whether they agree. Only where the referrer has said that this is safe, and only at a number
that is nobody's yet on this side, or whose owner a worker has recognised. Of the other side nothing is asked or known:
a number has another index there.

Whoever is asked becomes a person of ours, so that their answer is read like every answer, and a cry for help like every
cry. When they say no or do not answer, all of them is gone again after thirty days (emptying.py).
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import when_safe
from hub.core import Hub
from hub.handling import Handling
from hub.people import add_contact, create_person, find_contact
from hub.referrals import content, steps
from hub.referrals.ages import GUARDIAN, YOUNG
from hub.referrals.content import Content
from hub.referrals.said import RISK, Said
from hub.speaking import speak_to
from hub.states import check_move
from hub.states_of_support import REFERRAL_MOVES, ReferralState
from hub.store.tables import ContactPoint, Person, Referral
from hub.when_safe import told_when_safe
from hub.words import Awaiting, ChannelKind, Purpose, Role, Side

SUBJECT = "referral"
REMIND_AFTER = timedelta(days=5)
LAPSES_AFTER = timedelta(days=14)
TEXTS_LAST = timedelta(days=2)  # a question that could not go out by then is for a worker


async def why_not(hub: Hub, session: AsyncSession, referral: Referral, said: Said, who: str) -> str:
    """Why this one is not asked by text: a key of `steps.CALL_FIRST`; empty when they may be."""
    somebody = said.who(who)
    if said.guardian_told == RISK:
        return "risk"
    if somebody is None or not somebody.phone:
        return await why_not_theirs(session, referral, who) or "no_number"
    if somebody.safe not in {"yes", "careful"}:
        return "not_safe"
    if said.guardian and said.guardian.phone == said.young.phone:
        return "same_number"
    if await _said_no(session, referral, who):
        return "said_no"
    if person_id(referral, who) is not None:
        return await why_not_theirs(session, referral, who)
    known = await find_contact(hub, session, Side.SUPERVISION, ChannelKind.SMS, somebody.phone)
    return "known" if known else ""


def person_id(referral: Referral, who: str) -> int | None:
    return referral.young_id if who == YOUNG else referral.guardian_id


async def why_not_theirs(session: AsyncSession, referral: Referral, who: str) -> str:
    """Of somebody who is a person of ours already: empty when some way to them works."""
    theirs = person_id(referral, who)
    if theirs is None:
        return "no_number"
    usable = select(ContactPoint.id).where(
        ContactPoint.person_id == theirs, ContactPoint.stopped_at.is_(None), ContactPoint.refused_code.is_(None)
    )
    return "" if await session.scalar(usable.limit(1)) else "stopped"


async def _said_no(session: AsyncSession, referral: Referral, who: str) -> bool:
    """An earlier no of theirs is not overruled by another referral."""
    if who != YOUNG or referral.phone_index is None:
        return False
    before = select(Referral.id).where(
        Referral.agency_id == referral.agency_id,
        Referral.id != referral.id,
        Referral.phone_index == referral.phone_index,
        Referral.state == ReferralState.REFUSED,
    )
    return await session.scalar(before.limit(1)) is not None


async def ask(hub: Hub, session: AsyncSession, referral: Referral, found: Content, who: str, by: str) -> None:
    """Of whom `why_not` has nothing to say."""
    now = hub.clock.now()
    if referral.state is ReferralState.RECEIVED:
        referral.state = check_move(REFERRAL_MOVES, referral.state, ReferralState.ASKING)
        referral.state_at = now
    person = await _person(hub, session, referral, found.said, who)
    referral.asked_whom, referral.asked_at, referral.reminded_at = who, now, None
    referral.call_first, referral.look_at = "", now + REMIND_AFTER
    steps.note(hub, session, referral, "asked", by, who=who, how="text")
    await session.flush()
    handling = await speak_to(hub, session, person, Purpose.UPDATE)
    if handling is None:  # no line of ours reaches them
        referral.call_first, referral.look_at = "no_number", None
        return
    await when_safe.tell(handling, SUBJECT, referral.id)


async def remind(hub: Hub, session: AsyncSession, referral: Referral, person: Person) -> None:
    handling = await speak_to(hub, session, person, Purpose.UPDATE)
    if handling:
        await when_safe.tell(handling, SUBJECT, referral.id)


async def _person(hub: Hub, session: AsyncSession, referral: Referral, said: Said, who: str) -> Person:
    known = person_id(referral, who)
    if known is not None:
        return await session.get_one(Person, known)
    person = await make_person(hub, session, referral, said, who)
    somebody = said.who(who)
    if somebody:
        careful = somebody.safe == "careful"
        await add_contact(hub, session, person, ChannelKind.SMS, somebody.phone, discreet=careful)
    return person


async def make_person(hub: Hub, session: AsyncSession, referral: Referral, said: Said, who: str) -> Person:
    """Without a number."""
    somebody = said.who(who)
    person = await create_person(
        hub,
        session,
        agency_id=referral.agency_id,
        side=referral.side,
        role=Role.SUPERVISED if who == YOUNG else Role.SUPPORTER,
        name=somebody.name if somebody else "",
        language=said.language,
        worker_id=referral.worker_id,
    )
    if who == YOUNG:
        referral.young_id = person.id
    else:
        referral.guardian_id = person.id
    return person


@told_when_safe(SUBJECT)
async def _ask(handling: Handling, number: int | None) -> None:
    """The question itself; nothing when it is over, or another's answer is waited for."""
    referral = await handling.session.get(Referral, number)
    if referral is None or not waits_for(referral, handling.person.id):
        return
    said = (await content.need(handling.hub, handling.session, referral)).said
    who = referral.asked_whom
    again = "again_" if referral.reminded_at else ""
    role = handling.texts.template(f"referrals.ask_by_{said.referrer_role}", handling.language).text
    facts = {"referrer": role} | ({"their_name": said.first_name()} if who == GUARDIAN else {})
    await handling.ask(
        f"referrals.ask_{again}{who}",
        Awaiting.SURVEY_YES_NO,
        subject=(SUBJECT, referral.id),
        lasts=None,
        expires_at=handling.now + TEXTS_LAST,
        **facts,  # type: ignore[arg-type]  # texts all
    )


def waits_for(referral: Referral, person: int) -> bool:
    """Whether it is this person's answer that is waited for."""
    theirs = person_id(referral, referral.asked_whom) if referral.asked_whom else None
    return referral.state is ReferralState.ASKING and theirs == person
