"""What goes out in the coming days, when and why; what is held back, and why. Says references, never names.

What holds a planned message back is asked of the same people, ways and consents as at the moment of sending;
the lot of an experiment is drawn only then. Knows no screen.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotFound
from hub.nudges import reach, reasons, settings
from hub.nudges.reach import Reach
from hub.nudges.rules import NudgeRule
from hub.reading.outbox import WAITING
from hub.states import MessageState, NudgeState
from hub.store.tables import Appointment, Conversation, Line, Message, Nudge, Person
from hub.times import local
from hub.words import ChannelKind, Side

SUBJECTS = {"case_date": "day", "update": "news", "update_plan": "question"}  # the others are plain as they are


@dataclass(frozen=True, slots=True)
class Item:
    """One message that is to go out, or would have been."""

    due_at: datetime
    expires_at: datetime | None
    person_ref: str
    side: Side
    channel: ChannelKind | None  # None: there is no way to reach them
    what: str  # the nudge rule, or the text of a message that waits already
    why: str
    state: str
    held_back: str  # a key of hub/nudges/reasons.py; empty: it goes out
    waits_because: str = ""  # another one: it goes out, but later than its rule says

    @property
    def held_back_in_words(self) -> str:
        return reasons.in_words(self.held_back)

    @property
    def waits_because_in_words(self) -> str:
        return reasons.in_words(self.waits_because)


@dataclass(frozen=True, slots=True)
class Only:
    """Which part of the plan: of one person, about one appointment, on one local day."""

    person_ref: str | None = None
    appointment_ref: str | None = None
    day: date | None = None

    def has(self, item: Item, zone: str) -> bool:
        return self.day is None or local(item.due_at, zone).date() == self.day


EVERYTHING = Only()


async def coming(hub: Hub, session: AsyncSession, *, days: int = 14, only: Only = EVERYTHING) -> list[Item]:
    """Everything planned or waiting until `days` from now, the nearest first. Raises `NotFound`."""
    if only.person_ref and not await session.scalar(select(Person.id).where(Person.ref == only.person_ref)):
        raise NotFound(f"({only.person_ref})")
    about = await _appointment_id(session, only.appointment_ref) if only.appointment_ref else None
    until = hub.clock.now() + timedelta(days=days)
    items = await _nudges(hub, session, until, only, about)
    if about is None:  # a message that waits already does not say what it is about
        items += await _messages(session, until, only)
    return sorted(items, key=lambda item: (item.due_at, item.person_ref, item.what))


async def _appointment_id(session: AsyncSession, ref: str) -> int:
    found: int | None = await session.scalar(select(Appointment.id).where(Appointment.ref == ref))
    if found is None:
        raise NotFound(f"({ref})")
    return found


async def _nudges(hub: Hub, session: AsyncSession, until: datetime, only: Only, about: int | None) -> list[Item]:
    """Planned ones; and of those due from now on, the ones that a rule has already said no to."""
    refused = Nudge.state.in_((NudgeState.SKIPPED, NudgeState.MISSED)) & (Nudge.expires_at > hub.clock.now())
    wanted = (
        select(Nudge, Person)
        .join(Person, Person.id == Nudge.person_id)
        .where(Nudge.due_at <= until, (Nudge.state == NudgeState.PLANNED) | refused, _is(only.person_ref))
    )
    if about is not None:
        wanted = wanted.where(Nudge.subject_kind == "appointment", Nudge.subject_id == about)
    found = [(nudge, person) for nudge, person in await session.execute(wanted)]
    ways = await reach.load(session, {person.id for _, person in found})
    set_as = await settings.load(session)
    rules = hub.flows.nudges
    items = [
        (_nudge_item((r and set_as.rule_for(r, person)) or r, nudge, person, ways), person)
        for nudge, person in found
        for r in (rules.get(nudge.rule),)
    ]
    return [item for item, person in items if only.has(item, person.agency.time_zone)]


def _nudge_item(rule: NudgeRule | None, nudge: Nudge, person: Person, ways: Reach) -> Item:
    obstacle, waits = nudge.reason, ""
    if nudge.state is NudgeState.PLANNED:
        obstacle, waits = ways.obstacle(person, rule.purpose) if rule else "no_rule", nudge.reason
        obstacle = obstacle or ("held_by_worker" if nudge.held_at else "")
    way = ways.way(person)
    return Item(
        due_at=nudge.due_at,
        expires_at=nudge.expires_at,
        person_ref=person.ref,
        side=person.side,
        channel=way.contact.channel if way else None,
        what=nudge.rule,
        why=why(rule, nudge) if rule else nudge.subject_kind,
        state=nudge.state,
        held_back=obstacle,
        waits_because="" if obstacle else waits,
    )


def why(rule: NudgeRule, nudge: Nudge) -> str:
    """ "1 day before appointment 12 (standing)"."""
    subject, given = SUBJECTS.get(rule.subject, rule.subject.replace("_", " ")), rule.given.replace("_", " ")
    return f"{distance(rule)} {subject} {nudge.subject_id} ({given})"


def distance(rule: NudgeRule) -> str:
    if rule.at is None and rule.minutes:
        return f"{abs(rule.minutes)} minutes {'after' if rule.minutes > 0 else 'before'}"
    days = rule.days if rule.working_days is None else rule.working_days
    if not days:
        return "on the day of"
    unit = ("day" if rule.working_days is None else "working day") + ("" if abs(days) == 1 else "s")
    return f"{abs(days)} {unit} {'after' if days > 0 else 'before'}"


async def _messages(session: AsyncSession, until: datetime, only: Only) -> list[Item]:
    wanted = (
        select(Message, Person, Line.channel)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Person, Person.id == Conversation.person_id)
        .join(Line, Line.id == Message.line_id)
        .where(Message.state.in_(WAITING), Message.due_at <= until, _is(only.person_ref))
    )
    found = [(_message_item(*row), row[1]) for row in await session.execute(wanted)]
    return [item for item, person in found if only.has(item, person.agency.time_zone)]


def _message_item(message: Message, person: Person, channel: ChannelKind) -> Item:
    return Item(
        due_at=message.due_at or message.created_at,
        expires_at=message.expires_at,
        person_ref=person.ref,
        side=person.side,
        channel=channel,
        what=message.text_key or "a worker's own words",
        why=f"{message.purpose} that waits in the outbox as {message.id}",
        state=message.state,
        held_back=message.reason if message.state is MessageState.HELD else "",
    )


def _is(person_ref: str | None) -> ColumnElement[bool]:
    return Person.ref == person_ref if person_ref else true()
