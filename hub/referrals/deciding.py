"""What a worker does about a referral: looks, calls, records an answer, joins records, accepts, declines.

Of the supervision side alone. Everything is recorded with who did it.
"""

from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import escalations
from hub.ages import ADULT, adult_from
from hub.core import Hub
from hub.errors import NotAllowed, NotFound
from hub.people import add_contact, find_contact
from hub.referrals import asking, content, course, steps
from hub.referrals.ages import GUARDIAN, YOUNG, Band, age_on, band_on, needed
from hub.referrals.said import RISK, Said
from hub.referrals.somebody import was_made
from hub.states import check_move
from hub.states_of_support import REFERRAL_MOVES, ReferralState
from hub.store.tables import Case, Person, Referral, Worker
from hub.threads import invitations
from hub.times import at_local, local
from hub.words import ChannelKind, Relation, Role, Sees, Side

CASE_KIND = "youth_diversion"
ADULT_KIND = "diversion"
DECLINED_FOR = {
    "elsewhere": "Somebody else helps them already, or can do it better",
    "not_for_us": "We have nothing that fits",
    "no_place": "There is no place just now",
    "risk": "It would not be safe for them or others",
    "not_reached": "Nobody could be reached",
    "mistake": "It was a mistake",
}
LONGEST = 300  # characters of a worker's words
ABOUT = ("referral_ready", "referral_call", "referral_lapsed", "wants_a_call")  # reasons that end with a decision


def visible(worker: Worker) -> ColumnElement[bool]:
    """As of people: those that nobody has yet, and those of the worker's team. Of their own agency and side alone."""
    team = select(Worker.id).where(Worker.team_id == worker.team_id)
    return and_(
        Referral.agency_id == worker.team.agency_id,
        Referral.side == worker.team.side,
        or_(Referral.worker_id.is_(None), Referral.worker_id.in_(team)),
    )


async def access(session: AsyncSession, worker: Worker, ref: str, *, lock: bool = False) -> Referral:
    """Raises `NotFound`: for one of another agency, and to everybody of the other side."""
    wanted = select(Referral).where(Referral.ref == ref.upper(), visible(worker))
    found: Referral | None = await session.scalar(wanted.with_for_update(of=Referral) if lock else wanted)
    if found is None:
        raise NotFound
    return found


async def ask_now(hub: Hub, session: AsyncSession, worker: Worker, referral: Referral) -> str:
    """A worker has looked: whose yes is missing is asked by text where that may be. Returns why it was not."""
    _check_open(referral)
    take_on(hub, session, worker, referral)
    await course.advance(hub, session, referral, _by(worker))
    return referral.call_first


def take_on(hub: Hub, session: AsyncSession, worker: Worker, referral: Referral) -> None:
    if referral.worker_id is None:
        referral.worker_id = worker.id
        steps.note(hub, session, referral, "taken_on", _by(worker))


async def call_first(hub: Hub, session: AsyncSession, worker: Worker, referral: Referral) -> None:
    """Nothing more goes out by itself until the worker has recorded an answer, or asks by text after all."""
    _check_open(referral)
    take_on(hub, session, worker, referral)
    steps.note(hub, session, referral, "call_first", _by(worker), who=referral.asked_whom)
    referral.call_first, referral.look_at = "worker", None
    await course.take_back(hub, session, referral)


async def record(
    hub: Hub, session: AsyncSession, worker: Worker, referral: Referral, who: str, what: str, how: str, on: date
) -> None:
    """What somebody said to a worker, and on which day. Raises `NotAllowed` for what cannot be."""
    _check_open(referral)
    if who not in {YOUNG, GUARDIAN} or what not in {steps.YES, steps.NO} or how not in steps.SPOKEN:
        raise NotAllowed("Select who said what, and how.")
    now, zone = hub.clock.now(), referral.agency.time_zone
    if not referral.made_at.date() <= on <= local(now, zone).date():
        raise NotAllowed("The day must be today or before, and not before the referral.")
    take_on(hub, session, worker, referral)
    await session.flush()
    at = now if on == local(now, zone).date() else at_local(on, time(12), zone)
    await _answered(hub, session, worker, referral, who, what, how, at)


async def _answered(
    hub: Hub, session: AsyncSession, worker: Worker, referral: Referral, who: str, what: str, how: str, at: datetime
) -> None:
    said = (await content.need(hub, session, referral)).said
    wanted = needed(band_on(said.born, local(hub.clock.now(), referral.agency.time_zone).date()))
    if who not in wanted:
        raise NotAllowed("At their age nobody else’s answer is needed.")
    await settle(hub, session, worker, referral)
    steps.note(hub, session, referral, what, _by(worker), who=who, how=how, at=at)
    if what == steps.NO:
        return await course.close(hub, session, referral, ReferralState.REFUSED)
    await course.take_back(hub, session, referral)
    await course.advance(hub, session, referral, _by(worker))


async def decides_alone(hub: Hub, session: AsyncSession, worker: Worker, referral: Referral, why: str) -> None:
    """Gillick: a child under 16 who understands fully what is proposed. The worker's judgement, in their own words."""
    _check_open(referral)
    said = (await content.need(hub, session, referral)).said
    if band_on(said.born, local(hub.clock.now(), referral.agency.time_zone).date()) is not Band.CHILD:
        raise NotAllowed("At their age they decide for themselves in any case.")
    if not why.strip() or len(why) > LONGEST:
        raise NotAllowed(f"Write how you know that they understand, in at most {LONGEST} characters.")
    take_on(hub, session, worker, referral)
    await content.add_alone(hub, session, referral, why.strip())
    steps.note(hub, session, referral, steps.ALONE, _by(worker), who=GUARDIAN, how="in_person")
    await course.take_back(hub, session, referral)
    await course.advance(hub, session, referral, _by(worker))


async def known_person(hub: Hub, session: AsyncSession, referral: Referral, said: Said, who: str) -> Person | None:
    """Whose number it is already, on this side."""
    somebody = said.who(who)
    if somebody is None or not somebody.phone or asking.person_id(referral, who) is not None:
        return None
    contact = await find_contact(hub, session, Side.SUPERVISION, ChannelKind.SMS, somebody.phone)
    person = await session.get(Person, contact.person_id) if contact else None
    return person if person and person.agency_id == referral.agency_id and person.wrapped_key else None


async def join(hub: Hub, session: AsyncSession, worker: Worker, referral: Referral, who: str) -> None:
    """They are that somebody whom we know. Raises `NotAllowed` when nobody has that number, or in another part."""
    _check_open(referral)
    said = (await content.need(hub, session, referral)).said
    person = await known_person(hub, session, referral, said, who)
    if person is None or (who == YOUNG and person.role is not Role.SUPERVISED):
        raise NotAllowed("That number is not of somebody who can be this person. Call them.")
    was_known = not await was_made(session, person)
    if who == YOUNG:
        referral.young_id, referral.young_was_known = person.id, was_known
    else:
        referral.guardian_id, referral.guardian_was_known = person.id, was_known
    take_on(hub, session, worker, referral)
    steps.note(hub, session, referral, "joined", _by(worker), who=who)


async def accept(
    hub: Hub,
    session: AsyncSession,
    worker: Worker,
    referral: Referral,
    *,
    guardian_may_know: bool | None = None,
    invite_guardian: bool = False,
) -> Case:
    """They are with us from now on, with a case. `guardian_may_know`: at 16 and 17 they say so themselves.

    `invite_guardian`: they are asked whether whoever looks after them may stand by them; without their own yes nobody
    is let in.
    """
    check_move(REFERRAL_MOVES, referral.state, ReferralState.ACCEPTED)
    found, now = await content.need(hub, session, referral), hub.clock.now()
    person = await _young(hub, session, worker, referral, found.said)
    child = age_on(found.said.born, local(now, referral.agency.time_zone).date()) < ADULT
    person.adult_from = adult_from(found.said.born) if child else None
    person.ended_at, person.ended_for = None, ""
    case = Case(
        agency_id=referral.agency_id,
        side=referral.side,
        person=person,
        kind=CASE_KIND if child else ADULT_KIND,
        reference=f"YD-{referral.ref}" if child else f"D-{referral.ref}",
        worker_id=worker.id,
        opened_at=now,
    )
    session.add(case)
    await session.flush()
    referral.case_id, referral.worker_id = case.id, worker.id
    if guardian_may_know is not None:
        what = "guardian_may_know" if guardian_may_know else "guardian_not_told"
        steps.note(hub, session, referral, what, _by(worker), who=YOUNG)
    steps.note(hub, session, referral, "accepted", _by(worker), who=YOUNG)
    await settle(hub, session, worker, referral)
    await course.close(hub, session, referral, ReferralState.ACCEPTED)
    await content.hand_to(hub, referral, person, found)
    if invite_guardian and await may_invite(session, referral, found):
        await _propose_guardian(hub, session, worker, person, found.said)
    return case


async def may_invite(session: AsyncSession, referral: Referral, found: content.Content) -> bool:
    """Whether the young person can be asked about it by text, and nothing speaks against whoever looks after them."""
    against = found.said.guardian is None or found.said.guardian_told == RISK or bool(found.alone)
    return not against and not await asking.why_not_theirs(session, referral, YOUNG)


async def _propose_guardian(hub: Hub, session: AsyncSession, worker: Worker, person: Person, said: Said) -> None:
    """As somebody who hears of days and times, and nothing else (`hub/threads/invitations.py`)."""
    name = said.guardian.name if said.guardian else ""
    await invitations.wish(
        hub,
        session,
        person,
        _by(worker),
        name=name,
        relation=Relation.GUARDIAN,
        sees=Sees.DATES,
        months=None,
        agreed_how="",
        worker_id=worker.id,
    )


async def decline(hub: Hub, session: AsyncSession, worker: Worker, referral: Referral, why: str, words: str) -> None:
    """`words`: for the referrer, who reads them on their page; nothing about the young person belongs there."""
    if why not in DECLINED_FOR:
        raise NotAllowed("Select why.")
    if not words.strip() or len(words) > LONGEST:
        raise NotAllowed(f"Write what the referrer reads, in at most {LONGEST} characters.")
    take_on(hub, session, worker, referral)
    await content.add_words(hub, session, referral, words.strip())
    referral.declined_for = why
    steps.note(hub, session, referral, "declined", _by(worker))
    await settle(hub, session, worker, referral)
    await course.close(hub, session, referral, ReferralState.DECLINED)


async def settle(hub: Hub, session: AsyncSession, worker: Worker, referral: Referral) -> None:
    """What stands in the inbox about it is done with this."""
    for person_id in (referral.young_id, referral.guardian_id):
        if person_id:
            now = hub.clock.now()
            await escalations.settle(session, person_id, ABOUT, worker.id, "done", now, detail=referral.ref)


async def _young(hub: Hub, session: AsyncSession, worker: Worker, referral: Referral, said: Said) -> Person:
    """The person whom they were asked as, or a new one, with their number if it may be used and is nobody's."""
    if referral.young_id:
        person = await session.get_one(Person, referral.young_id)
    else:
        referral.worker_id = worker.id
        person = await asking.make_person(hub, session, referral, said, YOUNG)
        free = said.young.phone and not await find_contact(
            hub, session, Side.SUPERVISION, ChannelKind.SMS, said.young.phone
        )
        if free and said.young.safe in {"yes", "careful"}:
            careful = said.young.safe == "careful"
            await add_contact(hub, session, person, ChannelKind.SMS, said.young.phone, discreet=careful)
    person.worker_id = person.worker_id or worker.id
    return person


def _check_open(referral: Referral) -> None:
    if referral.state not in {ReferralState.RECEIVED, ReferralState.ASKING}:
        raise NotAllowed("This referral is not waiting for an answer any more.")


def _by(worker: Worker) -> str:
    return f"worker:{worker.id}"
