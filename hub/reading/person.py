"""One person, tab by tab: who they are, what is next, how they are reached, check-ins, proofs, surveys.

Knows no screen.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.addresses import parse_mobile
from hub.consent import window
from hub.core import Hub
from hub.errors import BadAddress
from hub.pausing import ENDED_FOR, PAUSED_FOR
from hub.people import address_of
from hub.person_details import ASKED_FOR, consents
from hub.reading.people import Status, status_of, ways_of
from hub.reading.safe_contact import Known, known_of
from hub.reading.texts import key_of, shown_name
from hub.reading.where import decided_at
from hub.reading.wording import CHANNELS, LANGUAGES, PROOFS, Due, due_in_words
from hub.reasons import in_words
from hub.safe_contact import forbidden
from hub.states import CheckInState, EscalationState, NudgeState, SurveyState
from hub.store.tables import CheckIn, ContactPoint, Conversation, Escalation, Nudge, Person, Proof
from hub.times import say_when
from hub.words import ChannelKind, Purpose, Role, Side

ROLES = {
    Role.SUPERVISED: "Person on probation or on a disposal",
    Role.VICTIM: "Victim or witness",
    Role.SUPPORTER: "Supporter",
}
SIDES = {Side.SUPERVISION: "Supervision", Side.VICTIMS: "Victims"}
BY_NUMBER = frozenset({ChannelKind.SMS, ChannelKind.SIMULATOR})  # on the others an address is a secret
FEELINGS = {1: "Very well", 2: "Well", 3: "OK", 4: "Bad", 5: "Very bad"}
CHECK_INS = {
    CheckInState.PLANNED: "Planned",
    CheckInState.ASKED: "Asked, no answer yet",
    CheckInState.ANSWERED: "Answered",
    CheckInState.EXPIRED: "Not answered",
    CheckInState.REVIEWED: "Answered and looked at",
}
SURVEYS = {
    SurveyState.INVITED: "Invited",
    SurveyState.STARTED: "Started",
    SurveyState.PAUSED: "Paused",
    SurveyState.COMPLETED: "Completed",
    SurveyState.DECLINED: "Said no",
    SurveyState.EXPIRED: "Not answered in time",
    SurveyState.WITHDRAWN: "Called off before it went out",
}
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above each tab."""

    ref: str
    name: str
    called: str  # how texts address them, where that is another name
    role: str
    side: str
    worker: str
    language: str
    status: Status
    status_words: str
    standing: str  # why they are paused, or why our contact has ended
    caution: bool  # others may read a phone of theirs


@dataclass(frozen=True, slots=True)
class Way:
    id: int
    channel: str
    address: str  # a number that can be called; empty where the address is a secret
    trouble: str
    preferred: bool
    discreet: bool
    hours: str
    own_hours: bool
    allowed: list[str]  # what they may be texted about, in words
    safe: Known | None  # on the victims' side


@dataclass(frozen=True, slots=True)
class Overview:
    reasons: list[tuple[str, Due, str]]  # in words, by when, and the page on which it is decided
    unread: bool
    last: str
    planned: int
    next_planned: str


@dataclass(frozen=True, slots=True)
class Line:
    """One check-in, proof or survey."""

    when: str
    words: str
    more: str = ""
    ref: str = ""


async def header(hub: Hub, session: AsyncSession, person: Person) -> Header:
    ways = (await ways_of(session, [person.id])).get(person.id, [])
    status, words = status_of(person, ways, hub.clock.now())
    why = {Status.PAUSED: PAUSED_FOR.get(person.paused_for, ""), Status.ENDED: ENDED_FOR.get(person.ended_for, "")}
    key = key_of(hub, person)
    return Header(
        ref=person.ref,
        name=shown_name(hub, person),
        called=key.open(person.preferred_name_sealed, "name") if key and person.preferred_name_sealed else "",
        role=ROLES[person.role],
        side=SIDES[person.side],
        worker=person.worker.name if person.worker else "Nobody",
        language=LANGUAGES.get(person.language, person.language),
        status=status,
        status_words=words,
        standing=why.get(status, ""),
        caution=any(way.discreet for way in ways),
    )


async def overview(hub: Hub, session: AsyncSession, person: Person) -> Overview:
    now, zone = hub.clock.now(), person.agency.time_zone
    talks = (await session.scalars(select(Conversation).where(Conversation.person_id == person.id))).all()
    ids = [talk.id for talk in talks]
    open_ones = select(Escalation).where(
        Escalation.conversation_id.in_(ids), Escalation.state != EscalationState.CLOSED
    )
    reasons = (await session.scalars(open_ones.order_by(Escalation.due_at))).all()
    planned = select(func.count(), func.min(Nudge.due_at)).where(
        Nudge.person_id == person.id, Nudge.state == NudgeState.PLANNED
    )
    count, first = (await session.execute(planned)).one()
    last = max((talk.last_at for talk in talks if talk.last_at), default=None)
    return Overview(
        reasons=[(in_words(each), due_in_words(each.due_at, now, zone), decided_at(person, each)) for each in reasons],
        unread=any(talk.unread for talk in talks),
        last=say_when(last, zone) if last else "",
        planned=count,
        next_planned=say_when(first, zone) if first else "",
    )


async def ways(hub: Hub, session: AsyncSession, person: Person) -> list[Way]:
    found = (await ways_of(session, [person.id])).get(person.id, [])
    return [
        _way(hub, person, each, await consents(session, each), await known_of(hub, session, person, each))
        for each in found
    ]


def _way(hub: Hub, person: Person, contact: ContactPoint, allowed: Mapping[Purpose, bool], safe: Known | None) -> Way:
    start, end = window(contact, person.agency)
    trouble = "Stopped our texts" if contact.stopped_at else "Does not work" if contact.refused_code else ""
    if not trouble and forbidden(contact):
        trouble = "Not safe" if forbidden(contact) == "not_safe" else "Somebody else may have it"
    return Way(
        id=contact.id,
        channel=CHANNELS[contact.channel],
        address=shown_address(hub, person, contact),
        trouble=trouble,
        preferred=contact.preferred,
        discreet=contact.discreet,
        hours=f"{start:%H:%M} to {end:%H:%M}",
        own_hours=contact.safe_from is not None,
        allowed=[words for purpose, words in ASKED_FOR.items() if allowed.get(purpose)],
        safe=safe,
    )


def shown_address(hub: Hub, person: Person, contact: ContactPoint) -> str:
    if contact.channel not in BY_NUMBER:
        return ""
    address = address_of(hub, person, contact)
    try:
        return parse_mobile(address, fictional=True).as_people_write_it
    except BadAddress:
        return address


async def check_ins(session: AsyncSession, person: Person) -> list[Line]:
    """What they have been asked; what lies ahead of a rhythm is said with the rhythm."""
    come = (CheckIn.person_id == person.id, CheckIn.state != CheckInState.PLANNED)
    newest = select(CheckIn).where(*come).order_by(CheckIn.due_at.desc()).limit(SHOWN)
    zone = person.agency.time_zone
    return [
        Line(say_when(each.due_at, zone), CHECK_INS[each.state], FEELINGS.get(each.feeling or 0, ""), str(each.id))
        for each in await session.scalars(newest)
    ]


async def proofs(session: AsyncSession, person: Person) -> list[Line]:
    newest = select(Proof).where(Proof.person_id == person.id).order_by(Proof.asked_at.desc()).limit(SHOWN)
    zone = person.agency.time_zone
    return [
        Line(
            say_when(each.given_at or each.asked_at, zone),
            PROOFS[each.state],
            each.kind,
            each.ref if each.given_at else "",
        )
        for each in await session.scalars(newest)
    ]
