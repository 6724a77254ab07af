"""What follows from an answer, and from none: the next question, a worker, the end. Silence is never a yes.

advance()   whose yes is missing is asked, or a worker has to act; with all of them, a worker decides
answered()  one of them has said yes, no, or "call me": by text, on a page, or to a worker
look()      one reminder, and after fourteen days the end of waiting
close()     no more is asked or sent
"""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub import escalations, prompts
from hub.core import Hub
from hub.people import conversation_for
from hub.referrals import asking, content, steps
from hub.referrals.ages import GUARDIAN
from hub.referrals.asking import LAPSES_AFTER, SUBJECT
from hub.referrals.somebody import only_for
from hub.states import EscalationState, MessageState, check_move
from hub.states_of_support import REFERRAL_MOVES, ReferralState
from hub.store.tables import Conversation, Escalation, Message, Person, Referral, ReferralStep
from hub.times import local

EMPTIED_AFTER = timedelta(days=30)
LATER = timedelta(days=1)  # while somebody talks with them, or they have cried for help
AT_ONCE = 100


async def advance(hub: Hub, session: AsyncSession, referral: Referral, by: str) -> None:
    """The next step that is missing, if nobody has to act first."""
    found = await content.need(hub, session, referral)
    today = local(hub.clock.now(), referral.agency.time_zone).date()
    given = steps.answers(await _flushed(session, referral))
    who = steps.missing(found.said, given, today)
    if not who:
        return await _ready(hub, session, referral)
    if given.get(GUARDIAN) == steps.ALONE:
        return _wait_for_worker(referral, who, "risk")  # what was decided with a worker stays with a worker
    why = await asking.why_not(hub, session, referral, found.said, who)
    if not why:
        return await asking.ask(hub, session, referral, found, who, by)
    _wait_for_worker(referral, who, why)
    await _tell_worker(hub, session, referral, "referral_call")


async def answered(hub: Hub, session: AsyncSession, referral: Referral, who: str, what: str, how: str, by: str) -> None:
    """`what`: YES, NO or CALL of steps.py. A no ends it, whoever of them says it while their yes is needed."""
    steps.note(hub, session, referral, what, by, who=who, how=how)
    if what == steps.NO:
        return await close(hub, session, referral, ReferralState.REFUSED)
    if what == steps.CALL:
        return _wait_for_worker(referral, who, "asked")
    await take_back(hub, session, referral)
    await advance(hub, session, referral, by)


async def close(hub: Hub, session: AsyncSession, referral: Referral, state: ReferralState) -> None:
    """Nothing more is asked or sent; what was made for it goes after thirty days."""
    now = hub.clock.now()
    referral.state = check_move(REFERRAL_MOVES, referral.state, state)
    referral.state_at, referral.call_first, referral.answer_hash = now, "", None
    referral.look_at = None if state is ReferralState.ACCEPTED else now + EMPTIED_AFTER
    await take_back(hub, session, referral)
    if state is not ReferralState.ACCEPTED:
        for person in await only_for(session, referral):
            person.ended_at, person.ended_for = now, "other"
    if state is not ReferralState.LAPSED:  # of that a worker has just been told
        await _nothing_left_to_do(session, referral, now)


async def _nothing_left_to_do(session: AsyncSession, referral: Referral, now: datetime) -> None:
    """What stands in the inbox about it."""
    ids = [talk.id for talk in await talks(session, referral)]
    left = select(Escalation).where(
        Escalation.conversation_id.in_(ids),
        Escalation.detail == referral.ref,
        Escalation.state != EscalationState.CLOSED,
    )
    for each in (await session.scalars(left)).unique().all():
        await escalations.fold(session, each, "referral", now)


async def take_back(hub: Hub, session: AsyncSession, referral: Referral) -> None:
    """The open question, and what has not left yet."""
    now = hub.clock.now()
    for talk in await talks(session, referral):
        asked = await prompts.open_prompt(session, talk.id, now)
        about = asked and (asked.subject_kind, asked.subject_id) == (SUBJECT, referral.id)
        waits = asked and (asked.facts.get("then"), asked.facts.get("number")) == (SUBJECT, referral.id)
        if about or waits:
            await prompts.close(session, talk.id, now)
        asks = Message.text_key.startswith("referrals.ask_")
        queued = update(Message).where(
            Message.conversation_id == talk.id,
            asks | (Message.text_key == "victims.safe_to_talk") if waits else asks,
            Message.state.in_((MessageState.QUEUED, MessageState.HELD)),
        )
        await session.execute(queued.values(state=MessageState.CANCELLED, state_at=now, reason="no_longer_true"))


async def talks(session: AsyncSession, referral: Referral) -> list[Conversation]:
    people = [each for each in (referral.young_id, referral.guardian_id) if each]
    wanted = select(Conversation).where(Conversation.person_id.in_(people)).order_by(Conversation.id)
    return list((await session.scalars(wanted)).unique().all())


async def look(hub: Hub, session: AsyncSession) -> int:
    """Of those that wait for an answer. Returns how many were looked at."""
    now = hub.clock.now()
    due = select(Referral).where(Referral.look_at <= now, Referral.state == ReferralState.ASKING)
    rows = due.order_by(Referral.look_at).limit(AT_ONCE).with_for_update(skip_locked=True, of=Referral)
    found = (await session.scalars(rows)).all()
    for referral in found:
        await _look_at(hub, session, referral)
    return len(found)


async def _look_at(hub: Hub, session: AsyncSession, referral: Referral) -> None:
    now, person_id = hub.clock.now(), asking.person_id(referral, referral.asked_whom)
    if referral.asked_at is None:
        referral.look_at = None
    elif person_id and await _in_good_hands(session, person_id):
        referral.look_at = now + LATER
    elif now >= referral.asked_at + LAPSES_AFTER:
        await _lapse(hub, session, referral)
    elif person_id and await asking.why_not_theirs(session, referral, referral.asked_whom):
        _wait_for_worker(referral, referral.asked_whom, "stopped")
    elif person_id:
        referral.reminded_at, referral.look_at = now, referral.asked_at + LAPSES_AFTER
        steps.note(hub, session, referral, "reminded", "hub", who=referral.asked_whom, how="text")
        await asking.remind(hub, session, referral, await session.get_one(Person, person_id))
    else:
        referral.look_at = referral.asked_at + LAPSES_AFTER


async def _lapse(hub: Hub, session: AsyncSession, referral: Referral) -> None:
    """A worker is told, who may know why: a new telephone, a bad week."""
    steps.note(hub, session, referral, "lapsed", "hub", who=referral.asked_whom)
    await _tell_worker(hub, session, referral, "referral_lapsed")
    await close(hub, session, referral, ReferralState.LAPSED)


async def _in_good_hands(session: AsyncSession, person_id: int) -> bool:
    """A human talks with them, or they have cried for help: a reminder of ours would be out of place."""
    held = select(Conversation.id).where(Conversation.person_id == person_id, Conversation.holder_id.is_not(None))
    return await session.scalar(held.limit(1)) is not None or await escalations.cries_for_help(session, person_id)


async def _ready(hub: Hub, session: AsyncSession, referral: Referral) -> None:
    referral.state = check_move(REFERRAL_MOVES, referral.state, ReferralState.READY)
    referral.state_at, referral.call_first = hub.clock.now(), ""
    referral.asked_whom, referral.look_at = "", None
    await _tell_worker(hub, session, referral, "referral_ready")


def _wait_for_worker(referral: Referral, who: str, why: str) -> None:
    referral.asked_whom, referral.call_first, referral.look_at = who, why, None


async def _tell_worker(hub: Hub, session: AsyncSession, referral: Referral, reason: str) -> None:
    """In the inbox, where there is a conversation to put it beside; the list of referrals has it in any case."""
    for person_id in (referral.young_id, referral.guardian_id):
        person = await session.get(Person, person_id) if person_id else None
        talk = await conversation_for(session, person) if person and person.wrapped_key else None
        if talk:
            await escalations.escalate_anew(session, talk, reason, hub.clock.now(), detail=referral.ref)
            return


async def _flushed(session: AsyncSession, referral: Referral) -> list[ReferralStep]:
    await session.flush()
    return list(await steps.of(session, referral))
