"""Some texts of the outbox, opened: to whom, why, in which words, and what keeps them back. Knows no page's layout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.consent import window
from hub.core import Hub
from hub.delivery import MEANINGS
from hub.errors import HandrailError
from hub.handling import Handling
from hub.nudges import reach, settings, subjects
from hub.nudges.reach import Reach, Way
from hub.nudges.reasons import REASONS
from hub.nudges.saying import would_say
from hub.nudges.settings import RuleSettings
from hub.nudges.subjects import Subject
from hub.reading.going_out import Short, View, may_change
from hub.reading.rule_words import distance_in_words
from hub.reading.texts import key_of, listed_name, words_of
from hub.reading.wording import CHANNELS
from hub.sms import count
from hub.store.tables import Conversation, Message, Nudge, Person, Worker
from hub.times import local, next_in_window, say_day, say_time, say_when
from hub.words import ChannelKind

Key = tuple[str, int]
PASSES = frozenset({"", "held_by_worker", "quiet_hours", "daily_cap"})  # a worker's word or the time of day ends it
NO_WORDS = "The words cannot be shown: a fact is missing."


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    day: str  # "Tue 3 March"
    time: str
    ref: str
    name: str
    channel: str
    why: str  # the rule in words, or who wrote it
    words: str
    parts: int
    note: str  # what keeps it back, or why it was stopped, in words
    view: View
    may_change: bool
    at_once: str  # when it would go if it were sent now: "now", or the first permitted hour; empty: not at all


@dataclass(frozen=True, slots=True)
class _Opened:
    """What the rows of a page have in common, loaded for all of them at once."""

    people: Mapping[int, Person]
    theirs: frozenset[int]  # people whose texts the worker may change
    ways: Reach
    nudges: Mapping[int, Nudge]
    messages: Mapping[int, tuple[Message, Conversation]]
    authors: Mapping[int, str]
    subjects: Mapping[Key, Subject]
    settings: RuleSettings


async def opened(hub: Hub, session: AsyncSession, worker: Worker, shorts: Sequence[Short]) -> list[Row]:
    found = await _open(session, may_change(worker), shorts)
    return [await _row(hub, session, found, short) for short in shorts]


async def opened_for(hub: Hub, session: AsyncSession, shorts: Sequence[Short]) -> list[Row]:
    """To be looked at only."""
    found = await _open(session, false(), shorts)
    return [await _row(hub, session, found, short) for short in shorts]


async def _open(session: AsyncSession, changeable: ColumnElement[bool], shorts: Sequence[Short]) -> _Opened:
    ids = {short.person_id for short in shorts}
    wanted = select(Person).where(Person.id.in_(ids)).execution_options(populate_existing=True)
    people = {person.id: person for person in (await session.scalars(wanted)).unique()}
    theirs = await session.scalars(select(Person.id).where(Person.id.in_(ids), changeable))
    planned = select(Nudge).where(Nudge.id.in_([short.id for short in shorts if short.kind == "n"]))
    nudges = {nudge.id: nudge for nudge in await session.scalars(planned)}
    messages = await _messages(session, [short.id for short in shorts if short.kind == "m"])
    writers = {message.author_id for message, _ in messages.values() if message.author_id}
    authors = await session.execute(select(Worker.id, Worker.name).where(Worker.id.in_(writers)))
    about = ((nudge.subject_kind, nudge.subject_id) for nudge in nudges.values())
    return _Opened(
        people=people,
        theirs=frozenset(theirs),
        ways=await reach.load(session, ids),
        nudges=nudges,
        messages=messages,
        authors={row.id: row.name for row in authors},
        subjects=await subjects.load_all(session, about),
        settings=await settings.load(session),
    )


async def _messages(session: AsyncSession, ids: Sequence[int]) -> dict[int, tuple[Message, Conversation]]:
    wanted = (
        select(Message, Conversation)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.id.in_(ids))
    )
    return {message.id: (message, talk) for message, talk in (await session.execute(wanted)).unique()}


async def _row(hub: Hub, session: AsyncSession, found: _Opened, short: Short) -> Row:
    person, way = found.people[short.person_id], found.ways.way(found.people[short.person_id])
    zone = person.agency.time_zone
    words = await _words(hub, session, found, short, person, way)
    channel = _channel(found, short, way)
    return Row(
        key=short.key,
        day=say_day(short.due_at, zone),
        time=say_time(short.due_at, zone),
        ref=person.ref,
        name=listed_name(hub, person),
        channel=CHANNELS[channel] if channel else "",
        why=_why(hub, found, short, person),
        words=words,
        parts=count(words).segments if channel in {ChannelKind.SMS, ChannelKind.SIMULATOR} else 0,
        note=note(short),
        view=short.view,
        may_change=person.id in found.theirs,
        at_once="" if _stands_in_the_way(short) else _at_once(way, person, hub.clock.now()),
    )


def note(short: Short) -> str:
    """In the words of the plan, else in those of delivery."""
    if short.why_not in {"", "not_yet"}:
        return ""
    meaning = MEANINGS.get(short.why_not)
    return REASONS.get(short.why_not) or (meaning.words if meaning else short.why_not.replace("_", " "))


def _stands_in_the_way(short: Short) -> bool:
    """Whether something keeps it back that sending it now does not change."""
    return short.view is View.HELD and short.why_not not in PASSES


def _channel(found: _Opened, short: Short, way: Way | None) -> ChannelKind | None:
    if short.kind == "m":
        return found.messages[short.id][1].contact_point.channel
    return way.contact.channel if way else None


def _why(hub: Hub, found: _Opened, short: Short, person: Person) -> str:
    rule = hub.flows.nudges.get(short.rule)
    if rule:
        said = distance_in_words(found.settings.rule_for(rule, person) or rule)
        return said[0].upper() + said[1:]
    if short.kind == "n":
        return short.rule
    message = found.messages[short.id][0]
    if message.mailing_id:
        return f"Sent to several by {found.authors.get(message.author_id or 0, 'a worker')}"
    return f"Written by {found.authors[message.author_id]}" if message.author_id else "An answer of the bot"


async def _words(hub: Hub, session: AsyncSession, found: _Opened, short: Short, person: Person, way: Way | None) -> str:
    """As they would be sent now: by the function that sends them."""
    if short.kind == "m":
        message, talk = found.messages[short.id]
        return words_of(hub, key_of(hub, person), message, person, to=talk.contact_point)
    nudge = found.nudges[short.id]
    rule, subject = hub.flows.nudges.get(nudge.rule), found.subjects.get((nudge.subject_kind, nudge.subject_id))
    if way is None or person.wrapped_key is None or rule is None or subject is None or rule.given not in subject.since:
        return ""
    talk = Conversation(person=person, side=person.side, contact_point=way.contact)  # nothing is stored of it
    handling = Handling(hub, session, talk, None, "", None, hub.clock.now(), purpose=rule.purpose)
    try:
        return (await would_say(handling, rule, subject)).text
    except HandrailError:
        return NO_WORDS


def _at_once(way: Way | None, person: Person, now: datetime) -> str:
    if way is None:
        return ""
    start, end = window(way.contact, person.agency)
    zone = person.time_zone or person.agency.time_zone
    opening = next_in_window(now, start, end, zone)
    if opening == now:
        return "now"
    same_day = local(opening, zone).date() == local(now, zone).date()
    return f"today at {say_time(opening, zone)}" if same_day else say_when(opening, zone)
