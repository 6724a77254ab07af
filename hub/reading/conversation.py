"""One person's talk as a stream: messages, facts and notes in order, and what stands beside them.

A person has one side, so all conversations of a person may stand in one stream; an answer goes to the line
that they last wrote to.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.consent import window
from hub.core import Hub
from hub.delivery import MEANINGS, Delivery, in_words
from hub.escalations import REASONS
from hub.handling import STANDING
from hub.people import conversation_for
from hub.reading.facts import FACTS, say_fact
from hub.reading.texts import key_of, shown_name, words_of
from hub.reading.wording import CHANNELS, ESCALATIONS, LANGUAGES, Due, due_in_words
from hub.states import Direction, EscalationState
from hub.store.tables import (
    Appointment,
    AuditEvent,
    Conversation,
    Escalation,
    MediaFile,
    Message,
    Note,
    Person,
    TurnRecord,
    Worker,
)
from hub.times import in_window, local, say_time, say_when

SHOWN = 100  # of each kind, newest; the page asks for more


@dataclass(frozen=True, slots=True)
class Understood:
    """What the bot made of a text, for whoever asks."""

    how: str
    sure: int | None  # per cent; None where no model was asked
    did: str
    others: list[tuple[str, int]]


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


@dataclass(frozen=True, slots=True)
class Why:
    """An open reason."""

    ref: str
    words: str
    due: Due
    status: str
    taken_by: str
    snoozed_until: str


@dataclass(frozen=True, slots=True)
class Talk:
    person: Person
    name: str
    conversation: Conversation | None
    days: list[tuple[str, list[Item]]]
    why: list[Why]
    holder: str
    appointment: str
    language: str
    channel: str
    blocked: str  # why no message can reach them; empty when one can
    caution: str  # discreet wording, or the hours in which a text is safe
    more: bool


async def talk(hub: Hub, session: AsyncSession, person: Person, *, everything: bool = False) -> Talk:
    """All that the conversation page shows."""
    conversations = (
        await session.scalars(select(Conversation).where(Conversation.person_id == person.id))
    ).all()
    current = _current(list(conversations)) or await conversation_for(hub, session, person)
    ids = [conversation.id for conversation in conversations]
    items, more = await _items(hub, session, person, ids, None if everything else SHOWN)
    return Talk(
        person=person,
        name=shown_name(hub, person),
        conversation=current,
        days=_by_day(items, person.agency.time_zone),
        why=await _why(hub, session, person, ids),
        holder=await _worker_name(session, current.holder_id if current else None),
        appointment=await _next_appointment(hub, session, person),
        language=LANGUAGES.get(person.language, person.language),
        channel=CHANNELS[current.line.channel] if current else "No way to reach them yet",
        blocked=_blocked(current),
        caution=_caution(hub, current),
        more=more,
    )


def _current(conversations: list[Conversation]) -> Conversation | None:
    """Where the person last wrote, else where we last did."""
    heard = [c for c in conversations if c.last_in_at] or [c for c in conversations if c.last_at]
    return max(heard, key=lambda c: (c.last_in_at or c.last_at, c.id), default=None)


async def _items(
    hub: Hub, session: AsyncSession, person: Person, ids: list[int], limit: int | None
) -> tuple[list[Item], bool]:
    said = await _messages(hub, session, person, ids, limit)
    facts = await _facts(session, person, limit)
    notes = await _notes(hub, session, person, ids, limit)
    more = limit is not None and max(len(said), len(facts)) == limit
    if more:
        # Older than the oldest that is sure to be complete would leave gaps.
        start = max(items[0].at for items in (said, facts) if len(items) == limit)
        said, facts, notes = ([i for i in items if i.at >= start] for items in (said, facts, notes))
    return sorted([*said, *facts, *notes], key=lambda item: item.at), more


async def _messages(
    hub: Hub, session: AsyncSession, person: Person, ids: list[int], limit: int | None
) -> list[Item]:
    newest = select(Message).where(Message.conversation_id.in_(ids)).order_by(Message.id.desc()).limit(limit)
    messages = list(reversed((await session.scalars(newest)).all()))
    numbers = [message.id for message in messages]
    turns = {
        t.message_id: t
        for t in await session.scalars(select(TurnRecord).where(TurnRecord.message_id.in_(numbers)))
    }
    media: dict[int, list[tuple[int, str]]] = {}
    for file in await session.scalars(select(MediaFile).where(MediaFile.message_id.in_(numbers))):
        media.setdefault(file.message_id or 0, []).append((file.id, file.refused))
    names = await _names(session, {m.author_id for m in messages if m.author_id})
    conversations = {
        c.id: c for c in await session.scalars(select(Conversation).where(Conversation.id.in_(ids)))
    }
    key, zone, name = key_of(hub, person), person.agency.time_zone, shown_name(hub, person)

    def item(message: Message) -> Item:
        conversation = conversations[message.conversation_id]
        coming = message.direction is Direction.IN
        author = names.get(message.author_id or 0, "Bot")
        turn = turns.get(message.id)
        discreet = conversation.contact_point.discreet
        return Item(
            kind="in" if coming else "out",
            at=message.created_at,
            time=say_time(message.created_at, zone),
            words=words_of(hub, key, message, person.language, discreet=discreet),
            who=name if coming else author,
            channel=CHANNELS[conversation.line.channel],
            id=message.id,
            delivery=None if coming else in_words(message.state, message.reason),
            understood=_understood(turn) if turn else None,
            media=tuple(media.get(message.id, ())),
        )

    return [item(message) for message in messages]


def _understood(turn: TurnRecord) -> Understood:
    how = {
        "keyword": "A keyword",
        "safety": "Words that never wait: straight to a person",
        "exact": "An exact answer to our question",
        "assistant": f"The assistant read: {_plain(turn.intent)}",
    }
    return Understood(
        how=how.get(turn.decided_by, turn.decided_by),
        sure=round(turn.confidence * 100) if turn.decided_by == "assistant" else None,
        did=", ".join(_plain(command) for command in turn.commands) or "nothing",
        others=[_runner_up(runner) for runner in turn.runners_up],
    )


def _runner_up(runner: dict[str, object]) -> tuple[str, int]:
    return _plain(str(runner.get("intent", ""))), round(float(str(runner.get("confidence", 0))) * 100)


def _plain(name: str) -> str:
    return name.replace("_", " ")


async def _facts(session: AsyncSession, person: Person, limit: int | None) -> list[Item]:
    newest = (
        select(AuditEvent)
        .where(AuditEvent.person_id == person.id, AuditEvent.what.in_(FACTS))
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    events = list(reversed((await session.scalars(newest)).all()))
    workers = {int(e.actor.split(":")[1]) for e in events if e.actor.startswith("worker:")}
    names = await _names(session, workers)
    zone = person.agency.time_zone
    return [Item("fact", e.at, say_time(e.at, zone), say_fact(e), _actor(e.actor, names)) for e in events]


def _actor(actor: str, names: dict[int, str]) -> str:
    kind, _, number = actor.partition(":")
    if kind == "worker":
        return names.get(int(number), "A worker")
    return {"person": "", "key": "Case system"}.get(kind, "")


async def _notes(
    hub: Hub, session: AsyncSession, person: Person, ids: list[int], limit: int | None
) -> list[Item]:
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


async def _names(session: AsyncSession, ids: set[int]) -> dict[int, str]:
    found = await session.execute(select(Worker.id, Worker.name).where(Worker.id.in_(ids)))
    return dict(found.all())


async def _worker_name(session: AsyncSession, worker_id: int | None) -> str:
    return (await _names(session, {worker_id})).get(worker_id, "") if worker_id else ""


def _by_day(items: list[Item], zone: str) -> list[tuple[str, list[Item]]]:
    days: dict[date, list[Item]] = {}
    for item in items:
        days.setdefault(local(item.at, zone).date(), []).append(item)
    return [(f"{day:%A} {day.day} {day:%B %Y}", found) for day, found in days.items()]


async def _why(hub: Hub, session: AsyncSession, person: Person, ids: list[int]) -> list[Why]:
    now, zone = hub.clock.now(), person.agency.time_zone
    open_ones = (
        await session.scalars(
            select(Escalation)
            .where(Escalation.conversation_id.in_(ids), Escalation.state != EscalationState.CLOSED)
            .order_by(Escalation.due_at)
        )
    ).all()
    names = await _names(session, {e.taken_by_id for e in open_ones if e.taken_by_id})
    return [
        Why(
            ref=e.ref,
            words=REASONS[e.reason].words,
            due=due_in_words(e.due_at, now, zone),
            status=ESCALATIONS[e.state],
            taken_by=names.get(e.taken_by_id or 0, "") if e.state is EscalationState.TAKEN else "",
            snoozed_until=say_when(e.snoozed_until, zone) if e.snoozed_until else "",
        )
        for e in open_ones
    ]


async def _next_appointment(hub: Hub, session: AsyncSession, person: Person) -> str:
    found = await session.scalar(
        select(Appointment)
        .where(
            Appointment.person_id == person.id,
            Appointment.state.in_(STANDING),
            Appointment.starts_at > hub.clock.now(),
        )
        .order_by(Appointment.starts_at)
        .limit(1)
    )
    return f"{say_when(found.starts_at, person.agency.time_zone)}, {found.place}" if found else ""


def _blocked(conversation: Conversation | None) -> str:
    if conversation is None:
        return "we have no address of theirs that one of our lines can reach"
    contact = conversation.contact_point
    if conversation.person.wrapped_key is None:
        return MEANINGS["erased"].words
    if contact.stopped_at:
        return MEANINGS["stopped"].words
    if contact.refused_code:
        return MEANINGS["address_refused"].words
    return "" if conversation.line.enabled else MEANINGS["line_off"].words


def _caution(hub: Hub, conversation: Conversation | None) -> str:
    """What to mind before writing to this phone."""
    if conversation is None:
        return ""
    contact, agency = conversation.contact_point, conversation.person.agency
    warnings = []
    if contact.discreet:
        warnings.append("Others may read this phone. Say nothing that tells why you write.")
    start, end = window(contact, agency)
    if not in_window(hub.clock.now(), start, end, agency.time_zone):
        warnings.append(
            f"It is outside the hours for this person ({start:%H:%M} to {end:%H:%M}). Your message waits."
        )
    return " ".join(warnings)
