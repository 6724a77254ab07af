"""The stream of one person's talk: messages with how they fared and what the bot made of them, facts and notes.

In order of time, day by day. Knows nothing of who looks.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.delivery import Delivery, in_words
from hub.reading.facts import FACTS, say_fact, texts_of, workers_of
from hub.reading.files import why_closed
from hub.reading.texts import key_of, shown_name, words_of
from hub.reading.understood import Understood, understood
from hub.reading.voices import Voice, voices_of
from hub.reading.wording import CHANNELS
from hub.records import ids_of
from hub.states import Direction, MessageState
from hub.store.tables import (
    AuditEvent,
    Conversation,
    Correction,
    MediaFile,
    Message,
    Note,
    Person,
    TurnRecord,
    Worker,
)
from hub.times import local, say_time, say_when

SHOWN = 100  # of each kind, newest; the page asks for more


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in the stream. `kind`: in, out, note or fact."""

    kind: str
    at: datetime
    time: str
    words: str
    who: str = ""
    channel: str = ""
    id: int = 0  # the message's
    delivery: Delivery | None = None
    understood: Understood | None = None
    media: tuple[tuple[int, str], ...] = ()  # (id, why it cannot be shown)
    voices: tuple[Voice, ...] = ()
    parts: int = 0  # text messages that it took; 0 before it has left
    mine: bool = False  # written by a worker, so that one sends it again
    waits: str = ""  # until when, of an answer that a worker wrote for later


async def items_of(
    hub: Hub, session: AsyncSession, person: Person, ids: list[int], limit: int | None
) -> tuple[list[Item], bool]:
    said = await _messages(hub, session, person, ids, limit)
    facts = await _facts(hub, session, person, limit)
    notes = await _notes(hub, session, person, ids, limit)
    more = limit is not None and max(len(said), len(facts)) == limit
    if more:
        # Older than the oldest that is sure to be complete would leave gaps.
        start = max(items[0].at for items in (said, facts) if len(items) == limit)
        said, facts, notes = ([i for i in items if i.at >= start] for items in (said, facts, notes))
    return sorted([*said, *facts, *notes], key=lambda item: item.at), more


async def _messages(hub: Hub, session: AsyncSession, person: Person, ids: list[int], limit: int | None) -> list[Item]:
    newest = select(Message).where(Message.conversation_id.in_(ids)).order_by(Message.id.desc()).limit(limit)
    messages = list(reversed((await session.scalars(newest)).all()))
    beside = await _beside(hub, session, person, messages, ids)
    key, zone, name = key_of(hub, person), person.agency.time_zone, shown_name(hub, person)
    now = hub.clock.now()

    def item(message: Message) -> Item:
        conversation = beside.conversations[message.conversation_id]
        coming = message.direction is Direction.IN
        to = conversation.contact_point
        later = _for_later(message, now)
        at = (later and message.due_at) or message.created_at
        return Item(
            kind="in" if coming else "out",
            at=at,
            time=say_time(message.created_at, zone),
            words=words_of(hub, key, message, person, to=to),
            who=name if coming else beside.names.get(message.author_id or 0, "Bot"),
            channel=CHANNELS[conversation.line.channel],
            id=message.id,
            delivery=None if coming else in_words(message.state, message.reason),
            parts=message.segments or 0,
            mine=message.author_id is not None,
            waits=say_when(at, zone) if later else "",
            understood=beside.understood(message.id),
            media=tuple(beside.media.get(message.id, ())),
            voices=tuple(beside.voices.get(message.id, ())),
        )

    return [item(message) for message in messages]


def _for_later(message: Message, now: datetime) -> bool:
    """A worker's own words that wait for the time they chose: they stand at that time, below what was said."""
    waiting = message.state in {MessageState.QUEUED, MessageState.HELD} and message.author_id is not None
    return waiting and message.due_at is not None and message.due_at > now


@dataclass(frozen=True, slots=True)
class _Beside:
    """What belongs to messages, by their ids; names and conversations by their own."""

    turns: dict[int, list[TurnRecord]]
    corrections: dict[int, Correction]
    media: dict[int, list[tuple[int, str]]]
    voices: dict[int, list[Voice]]
    names: dict[int, str]
    conversations: dict[int, Conversation]

    def understood(self, message_id: int) -> Understood | None:
        return understood(self.turns.get(message_id, ()), self.corrections.get(message_id), self.names)


async def _beside(hub: Hub, session: AsyncSession, person: Person, messages: list[Message], ids: list[int]) -> _Beside:
    """One question a table, however many messages there are."""
    numbers = [message.id for message in messages]
    turns: dict[int, list[TurnRecord]] = {}
    read = select(TurnRecord).where(TurnRecord.message_id.in_(numbers)).order_by(TurnRecord.id)
    for turn in await session.scalars(read):
        turns.setdefault(turn.message_id, []).append(turn)
    corrections = list(await session.scalars(select(Correction).where(Correction.message_id.in_(numbers))))
    files = (await session.scalars(select(MediaFile).where(MediaFile.message_id.in_(numbers)))).all()
    spoken = await voices_of(hub, session, person, files)
    media: dict[int, list[tuple[int, str]]] = {}
    voices: dict[int, list[Voice]] = {}
    for file in files:
        if file.id in spoken:
            voices.setdefault(file.message_id or 0, []).append(spoken[file.id])
        else:
            media.setdefault(file.message_id or 0, []).append((file.id, why_closed(file)))
    conversations = await session.scalars(select(Conversation).where(Conversation.id.in_(ids)))
    return _Beside(
        turns=turns,
        corrections={correction.message_id: correction for correction in corrections},
        media=media,
        voices=voices,
        names=await names_of(session, {m.author_id for m in messages if m.author_id} | {c.by_id for c in corrections}),
        conversations={conversation.id: conversation for conversation in conversations},
    )


async def _facts(hub: Hub, session: AsyncSession, person: Person, limit: int | None) -> list[Item]:
    newest = (
        select(AuditEvent)
        .where(AuditEvent.person_id.in_(await ids_of(session, person.id)), AuditEvent.what.in_(FACTS))
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    events = list(reversed((await session.scalars(newest)).all()))
    names = await names_of(session, {number for event in events for number in workers_of(event)})
    words = await _words(hub, session, person, {number for event in events for number in texts_of(event)})
    zone = person.agency.time_zone
    return [Item("fact", e.at, say_time(e.at, zone), say_fact(e, words, names), _actor(e.actor, names)) for e in events]


async def _words(hub: Hub, session: AsyncSession, person: Person, ids: set[int]) -> dict[int, str]:
    """What the person wrote in these messages, by id."""
    if not ids:
        return {}
    key = key_of(hub, person)
    messages = await session.scalars(select(Message).where(Message.id.in_(ids)))
    return {message.id: words_of(hub, key, message, person) for message in messages}


def _actor(actor: str, names: dict[int, str]) -> str:
    kind, _, number = actor.partition(":")
    if kind == "worker":
        return names.get(int(number), "A worker")
    return {"person": "", "key": "Case system"}.get(kind, "")


async def _notes(hub: Hub, session: AsyncSession, person: Person, ids: list[int], limit: int | None) -> list[Item]:
    key = key_of(hub, person)
    newest = (
        select(Note, Worker.name)
        .join(Worker, Worker.id == Note.worker_id)
        .where(Note.conversation_id.in_(ids))
        .order_by(Note.id.desc())
        .limit(limit)
    )
    if key is None:
        return []
    zone = person.agency.time_zone
    return [
        Item("note", note.at, say_time(note.at, zone), key.open(note.body_sealed, "note"), who)
        for note, who in (await session.execute(newest)).all()
    ]


async def names_of(session: AsyncSession, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    found = await session.execute(select(Worker.id, Worker.name).where(Worker.id.in_(ids)))
    return dict(found.all())


def by_day(items: list[Item], zone: str) -> list[tuple[str, list[Item]]]:
    days: dict[date, list[Item]] = {}
    for item in items:
        days.setdefault(local(item.at, zone).date(), []).append(item)
    return [(f"{day:%A} {day.day} {day:%B %Y}", found) for day, found in days.items()]
