"""Two records side by side, and what happens when they become one: shown before it does. Knows no screen."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import merging, transfers
from hub.core import Hub
from hub.errors import CannotMerge, SidesMeet
from hub.merging import wishes
from hub.merging.wishes import Wishes
from hub.people import name_of
from hub.person_details import ASKED_FOR
from hub.reading.people import status_of, ways_of
from hub.reading.person import header, shown_address
from hub.reading.safe_contact import in_words
from hub.reading.wording import CHANNELS
from hub.safe_contact import is_recorded
from hub.states import NudgeState
from hub.store.tables import Appointment, Case, CheckIn, ContactPoint, Conversation, Message, Note, Nudge, Person, Proof
from hub.times import say_day

# What comes over, and how it is said of one and of several.
_COUNTED = (
    ("message", "messages"),
    ("appointment", "appointments"),
    ("case", "cases"),
    ("check-in", "check-ins"),
    ("proof", "proofs"),
    ("note", "notes"),
)


@dataclass(frozen=True, slots=True)
class Record:
    """One of the two, as facts in words."""

    ref: str
    name: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Both:
    keep: Record
    other: Record
    effect: list[str]
    never: str  # why they cannot become one; empty when they can


async def both(hub: Hub, session: AsyncSession, keep: Person, other: Person) -> Both:
    never = await _why_not(hub, session, keep, other)
    effect = [] if never else await _effect(hub, session, keep, other)
    return Both(await _record(hub, session, keep), await _record(hub, session, other), effect, never)


async def _why_not(hub: Hub, session: AsyncSession, keep: Person, other: Person) -> str:
    try:
        await merging.check(session, keep, other, hub.clock.now())
    except (CannotMerge, SidesMeet) as refused:
        return str(refused)
    return ""


async def _record(hub: Hub, session: AsyncSession, person: Person) -> Record:
    head, zone = await header(hub, session, person), person.agency.time_zone
    ways = (await ways_of(session, [person.id])).get(person.id, [])
    added = f"{say_day(person.created_at, zone)} {person.created_at.year}"
    facts = [
        ("Name in texts", head.called or "First name"),
        ("Who", head.role),
        ("Reached by", "; ".join(_way(hub, person, way) for way in ways) or "No way yet"),
        ("Language", head.language),
        ("Worker", head.worker),
        ("Status", status_of(person, ways, hub.clock.now())[1]),
        ("Here since", added),
        ("Has here", _counts_in_words(await _counts(session, person)) or "Nothing yet"),
    ]
    return Record(person.ref, head.name, facts)


def _way(hub: Hub, person: Person, way: ContactPoint) -> str:
    marks = [*(["stopped"] if way.stopped_at else []), *(["others may read it"] if way.discreet else []), *_unsafe(way)]
    return _named(hub, person, way) + (f" ({', '.join(marks)})" if marks else "")


def _unsafe(way: ContactPoint) -> list[str]:
    """On the victims' side: what is not yet, or no longer, known to be safe."""
    return [] if is_recorded(way) else [in_words(way).lower()]


def _named(hub: Hub, person: Person, way: ContactPoint) -> str:
    return shown_address(hub, person, way) or CHANNELS[way.channel]


async def _counts(session: AsyncSession, person: Person) -> list[int]:
    theirs = select(Conversation.id).where(Conversation.person_id == person.id)
    conditions = (
        Message.conversation_id.in_(theirs),
        Appointment.person_id == person.id,
        Case.person_id == person.id,
        CheckIn.person_id == person.id,
        Proof.person_id == person.id,
        Note.conversation_id.in_(theirs),
    )
    return [int(await session.scalar(select(func.count()).where(each)) or 0) for each in conditions]


def _counts_in_words(counts: Sequence[int]) -> str:
    said = [f"{count} {one if count == 1 else several}" for count, (one, several) in zip(counts, _COUNTED, strict=True)]
    some = [words for words, count in zip(said, counts, strict=True) if count]
    return " and ".join([", ".join(some[:-1]), some[-1]]) if len(some) > 1 else "".join(some)


async def _effect(hub: Hub, session: AsyncSession, keep: Person, other: Person) -> list[str]:
    counts = await _counts(session, other)
    over = f"{_counts_in_words(counts) or 'Nothing'} come{'s' if sum(counts) < 2 else ''} over."
    planned = await session.scalar(
        select(func.count()).where(Nudge.person_id.in_((keep.id, other.id)), Nudge.state == NudgeState.PLANNED)
    )
    together = await wishes.together(session, keep, other)
    return [
        over,
        *([f"{planned} planned message{' is' if planned == 1 else 's are'} planned anew."] if planned else []),
        *_who(hub, keep, other),
        *_careful(hub, {keep.id: keep, other.id: other}, together),
        *_standing(keep, together),
        *await _still_open(hub, session, other),
    ]


def _who(hub: Hub, keep: Person, other: Person) -> list[str]:
    found, theirs = [], name_of(hub, other)
    if theirs and name_of(hub, keep) not in {"", theirs}:
        found.append(f"The name stays {name_of(hub, keep)}. {theirs} is kept as a note.")
    if keep.worker and other.worker and keep.worker_id != other.worker_id:
        found.append(f"{keep.worker.name} looks after them, no longer {other.worker.name}: tell {other.worker.name}.")
    return found


def _careful(hub: Hub, people: dict[int, Person], together: Wishes) -> list[str]:
    names = {way.id: _named(hub, people[way.person_id], way) for way in together.ways}
    stopped = [names[way.id] for way in together.ways if way.stopped_at]
    first = [names[way.id] for way in together.ways if way.id == together.first and len(together.ways) > 1]
    found = [f"Messages go to {name} first." for name in first]
    found += [f"STOP stays: nothing goes to {name}." for name in stopped]
    found += [
        f"STOP holds for {names[way]} too, as they have not written from it since." for way in together.falls_silent
    ]
    said_no = [words.lower() for purpose, words in ASKED_FOR.items() if purpose in together.refused]
    found += [f"They said no to {words}: that holds for every way." for words in said_no]
    if together.discreet:
        found.append("Others may read one of their phones: every way gets the careful wording.")
    if together.ask_first:
        found.append("They want to be asked first whether it is a good time: that holds for every way.")
    if together.hours:
        start, end = together.hours
        found.append(f"Where they set no hours, messages go out from {start:%H:%M} to {end:%H:%M} only.")
    return found


def _standing(keep: Person, together: Wishes) -> list[str]:
    found = []
    if together.paused_until:
        found.append(f"Messages stay paused until {say_day(together.paused_until, keep.agency.time_zone)}.")
    if together.goes_on:
        found.append("Our contact had ended in one of the two. It goes on.")
    return found


async def _still_open(hub: Hub, session: AsyncSession, other: Person) -> list[str]:
    items = await transfers.unfinished(session, other, hub.clock.now())
    if items.reasons == 1:
        return ["1 open reason in the inbox comes along."]
    return [f"{items.reasons} open reasons in the inbox come along."] if items.reasons else []
