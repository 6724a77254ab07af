"""A conversation as a document: every line with its time, who said it, by which channel and how it fared.

Knows no file format: `inbox/transcripts/` makes text and PDF of it.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.reading.stream import Item, by_day, items_of
from hub.reading.texts import shown_name
from hub.reading.wording import SIDES
from hub.store.tables import Conversation, Person, Worker
from hub.times import local, say_when


@dataclass(frozen=True, slots=True)
class Line:
    head: str  # "10:12am, Sam Carter, Text. Delivered"
    words: str
    kind: str  # in, out, note or fact


@dataclass(frozen=True, slots=True)
class Transcript:
    reference: str
    name: str
    side: str
    since: str
    until: str
    made: str  # by whom and when
    days: list[tuple[str, list[Line]]]


@dataclass(frozen=True, slots=True)
class Range:
    """Whole days on the agency's calendar, both included."""

    since: date
    until: date
    notes: bool = False


async def transcript(hub: Hub, session: AsyncSession, person: Person, worker: Worker, asked: Range) -> Transcript:
    zone = person.agency.time_zone
    items = [item for item in await _items(hub, session, person) if _wanted(item, asked, zone)]
    return Transcript(
        reference=person.ref,
        name=shown_name(hub, person),
        side=SIDES[person.side],
        since=_say(asked.since),
        until=_say(asked.until),
        made=f"{say_when(hub.clock.now(), zone)} by {worker.name}",
        days=[(day, [_line(item) for item in found]) for day, found in by_day(items, zone)],
    )


async def first_day(hub: Hub, session: AsyncSession, person: Person) -> date:
    """Of all that stands in the conversation; today where nothing does."""
    items = await _items(hub, session, person)
    first = items[0].at if items else hub.clock.now()
    return local(first, person.agency.time_zone).date()


async def _items(hub: Hub, session: AsyncSession, person: Person) -> list[Item]:
    ids = list(await session.scalars(select(Conversation.id).where(Conversation.person_id == person.id)))
    items, _ = await items_of(hub, session, person, ids, None)
    return items


def _wanted(item: Item, asked: Range, zone: str) -> bool:
    day: datetime = local(item.at, zone)
    return asked.since <= day.date() <= asked.until and (asked.notes or item.kind != "note")


def _line(item: Item) -> Line:
    who = f"{item.who} (note for colleagues)" if item.kind == "note" else item.who
    head = ", ".join(part for part in (item.time, who, item.channel) if part)
    if item.delivery:
        waits = f"Will go out on {item.waits}" if item.waits else item.delivery.words
        parts = f"{item.parts} text{'' if item.parts == 1 else 's'}" if item.parts else ""
        head = ". ".join(part for part in (head, waits, parts) if part)
    files = " ".join(f"[{closed or 'Photo or file'}]" for _, closed in item.media)
    return Line(head, " ".join(part for part in (item.words, files) if part), item.kind)


def _say(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
