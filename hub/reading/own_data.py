"""What a person sees of themselves: their settings, and, after a code, what we hold. Knows no page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import nominations, proposals, support_areas
from hub.core import Hub
from hub.people import address_of, name_of
from hub.reading.also_held import also_held
from hub.reading.own_support import OwnSupport, own_support
from hub.reading.texts import key_of, words_of
from hub.safe_contact import is_careful
from hub.states import Direction
from hub.store.tables import (
    Appointment,
    Case,
    Consent,
    ContactPoint,
    Conversation,
    Message,
    Person,
    Proposal,
    SettingsLink,
    UpdatePlan,
    View,
)
from hub.store.vault import Key
from hub.threads.standing import stands_by
from hub.times import say_day, say_when
from hub.words import ChannelKind, Purpose, Role, Side

LAST_MESSAGES = 5
LAST_APPOINTMENTS = 10
LAST_DIGITS = 3  # of a number: enough for its owner to know it


@dataclass(frozen=True, slots=True)
class Way:
    """One address of theirs. `last`: the end of a number; empty for an address that is none."""

    id: int
    channel: ChannelKind
    last: str
    preferred: bool


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """`start` and `end`: the hours of their own as whole hours; None: the usual ones, `usual`."""

    side: Side
    language: str
    agency: str
    phone: str
    until: str
    called: str
    start: int | None
    end: int | None
    usual: tuple[int, int]
    here: Way
    ways: list[Way]
    discreet: bool
    stopped: bool
    no_surveys: bool
    asks_view: bool  # on how their case may be dealt with
    often: str  # days as they stand in hub/update_plans.py RHYTHMS, or "none"; empty for whoever is owed no updates
    named: int  # how many others hear because of them
    stands_by: bool  # others, and has a page for that


@dataclass(frozen=True, slots=True)
class Line:
    """One message: `mine` is what they wrote."""

    mine: bool
    when: str
    words: str


@dataclass(frozen=True, slots=True)
class OwnData:
    name: str
    called: str
    ways: list[Way]
    worker: str
    since: str
    consents: list[tuple[Purpose, bool]]
    appointments: list[tuple[str, str]]
    area: str  # the first half of their postcode, where they have told it
    views: list[tuple[str, str]]  # when, and what they said of a proposal
    support: OwnSupport
    also: list[tuple[str, int]]  # kinds of which we hold more, and how many
    messages: int
    last: list[Line]


async def settings_of(hub: Hub, session: AsyncSession, link: SettingsLink) -> OwnSettings:
    conversation = link.conversation
    person, contact, agency = conversation.person, conversation.contact_point, conversation.person.agency
    ways = await _ways(hub, session, person)
    start, end = (clock.hour if clock else None for clock in (contact.safe_from, contact.safe_until))
    refused = await session.get(Consent, (contact.id, Purpose.SURVEY))
    return OwnSettings(
        side=person.side,
        language=person.language,
        agency=agency.short_name,
        phone=agency.phone,
        until=say_when(link.expires_at, agency.time_zone, person.language),
        called=_called(hub, person),
        start=start,
        end=end,
        usual=(agency.contact_from.hour, agency.contact_until.hour),
        here=next(way for way in ways if way.id == contact.id),
        ways=await _usable(session, ways),
        discreet=contact.discreet,
        stopped=contact.stopped_at is not None,
        no_surveys=refused is not None and not refused.given,
        asks_view=not contact.discreet and await proposals.waits_for_view(session, person.id),
        often=await _often(session, person),
        named=len(await nominations.standing(session, person.id)),
        stands_by=not is_careful(contact) and bool(await stands_by(session, person.id, hub.clock.now())),
    )


async def data_of(hub: Hub, session: AsyncSession, link: SettingsLink) -> OwnData:
    """All that is personal: to be shown only after the code."""
    person = link.conversation.person
    zone, language = person.agency.time_zone, person.language
    of_theirs = Conversation.person_id == person.id
    consents = await session.scalars(
        select(Consent).join(ContactPoint).where(ContactPoint.person_id == person.id).order_by(Consent.purpose)
    )
    count = select(func.count(Message.id)).join(Conversation).where(of_theirs)
    return OwnData(
        name=name_of(hub, person),
        called=_called(hub, person),
        ways=await _ways(hub, session, person),
        worker=person.worker.first_name if person.worker else "",
        since=_day(person.created_at, zone, language),
        consents=[(consent.purpose, consent.given) for consent in consents],
        appointments=await _appointments(session, person),
        area=await support_areas.area_of(hub, session, person),
        views=await _views(hub, session, person),
        support=await own_support(hub, session, person),
        also=await also_held(session, person),
        messages=await session.scalar(count) or 0,
        last=await _last_messages(hub, session, person),
    )


async def _often(session: AsyncSession, person: Person) -> str:
    """Of their latest open case: an answer on the page is for all of them."""
    plans = (
        select(UpdatePlan)
        .join(Case, Case.id == UpdatePlan.case_id)
        .where(Case.person_id == person.id, Case.closed_at.is_(None))
        .order_by(UpdatePlan.case_id.desc())
        .limit(1)
    )
    plan: UpdatePlan | None = await session.scalar(plans)
    if plan is None or person.role is not Role.VICTIM:
        return ""
    return "none" if plan.unwanted_at else str(plan.every_days)


async def _ways(hub: Hub, session: AsyncSession, person: Person) -> list[Way]:
    ways = select(ContactPoint).where(ContactPoint.person_id == person.id).order_by(ContactPoint.id)
    return [
        Way(way.id, way.channel, _end(address_of(hub, person, way)), way.preferred)
        for way in (await session.scalars(ways)).all()
    ]


async def _usable(session: AsyncSession, ways: list[Way]) -> list[Way]:
    fine = select(ContactPoint.id).where(
        ContactPoint.id.in_([way.id for way in ways]),
        ContactPoint.stopped_at.is_(None),
        ContactPoint.refused_code.is_(None),
    )
    ids = set(await session.scalars(fine))
    return [way for way in ways if way.id in ids]


async def _appointments(session: AsyncSession, person: Person) -> list[tuple[str, str]]:
    newest = (
        select(Appointment)
        .where(Appointment.person_id == person.id)
        .order_by(Appointment.starts_at.desc())
        .limit(LAST_APPOINTMENTS)
    )
    zone, language = person.agency.time_zone, person.language
    found = (await session.scalars(newest)).all()
    return [(say_when(appointment.starts_at, zone, language), appointment.place) for appointment in found]


async def _views(hub: Hub, session: AsyncSession, person: Person) -> list[tuple[str, str]]:
    key, zone, said = key_of(hub, person), person.agency.time_zone, hub.texts_for(person)
    labels = [choice.label for choice in said.template("views.ask", person.language).choices]
    answers = dict(zip(proposals.ANSWERS, labels, strict=True))
    newest = (
        select(View)
        .join(Proposal, Proposal.id == View.proposal_id)
        .join(Case, Case.id == Proposal.case_id)
        .where(Case.person_id == person.id)
        .order_by(View.id.desc())
    )
    return [
        (
            say_when(view.at, zone, person.language),
            ": ".join(filter(None, (answers[view.answer], _opened(key, view)))),
        )
        for view in await session.scalars(newest)
    ]


def _opened(key: Key | None, view: View) -> str:
    return key.open(view.words_sealed, "view") if key and view.words_sealed else ""


async def _last_messages(hub: Hub, session: AsyncSession, person: Person) -> list[Line]:
    """Without the codes that open this page."""
    newest = (
        select(Message)
        .join(Conversation)
        .where(Conversation.person_id == person.id, Message.text_key.is_distinct_from("person.settings_code"))
        .order_by(Message.id.desc())
        .limit(LAST_MESSAGES)
    )
    key, zone = key_of(hub, person), person.agency.time_zone
    return [
        Line(
            mine=message.direction is Direction.IN,
            when=say_when(message.created_at, zone, person.language),
            words=words_of(hub, key, message, person),
        )
        for message in reversed((await session.scalars(newest)).all())
    ]


def _called(hub: Hub, person: Person) -> str:
    key = key_of(hub, person)
    if key and person.preferred_name_sealed:
        return key.open(person.preferred_name_sealed, "name")
    return name_of(hub, person).split(" ")[0]


def _end(address: str) -> str:
    return address[-LAST_DIGITS:] if address.removeprefix("+").isdecimal() else ""


def _day(at: datetime, zone: str, language: str) -> str:
    return f"{say_day(at, zone, language)} {at.year}"
