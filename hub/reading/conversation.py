"""What the conversation page shows: one person's stream, why it is here, who answers, what to mind before writing.

A person has one side, so all conversations of a person may stand in one stream; an answer goes to the line that they
last wrote to.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.consent import window
from hub.core import Hub
from hub.delivery import MEANINGS
from hub.escalations import in_words
from hub.handling import STANDING
from hub.people import conversation_for
from hub.reading.stream import SHOWN, Item, by_day, items_of, names_of
from hub.reading.texts import shown_name
from hub.reading.wording import CHANNELS, ESCALATIONS, LANGUAGES, Due, due_in_words
from hub.states import EscalationState
from hub.store.tables import Appointment, Conversation, Escalation, Person
from hub.times import in_window, say_when

LINKS = {"nudges_missed": "/missed"}


@dataclass(frozen=True, slots=True)
class Why:
    """An open reason."""

    ref: str
    words: str
    link: str  # where the rest of it is shown, if it is more than this conversation
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
    conversations = (await session.scalars(select(Conversation).where(Conversation.person_id == person.id))).all()
    current = _current(list(conversations)) or await conversation_for(session, person)
    ids = [conversation.id for conversation in conversations]
    items, more = await items_of(hub, session, person, ids, None if everything else SHOWN)
    return Talk(
        person=person,
        name=shown_name(hub, person),
        conversation=current,
        days=by_day(items, person.agency.time_zone),
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


async def _worker_name(session: AsyncSession, worker_id: int | None) -> str:
    return (await names_of(session, {worker_id})).get(worker_id, "") if worker_id else ""


async def _why(hub: Hub, session: AsyncSession, person: Person, ids: list[int]) -> list[Why]:
    now, zone = hub.clock.now(), person.agency.time_zone
    open_ones = (
        await session.scalars(
            select(Escalation)
            .where(Escalation.conversation_id.in_(ids), Escalation.state != EscalationState.CLOSED)
            .order_by(Escalation.due_at)
        )
    ).all()
    names = await names_of(session, {e.taken_by_id for e in open_ones if e.taken_by_id})
    return [
        Why(
            ref=e.ref,
            words=in_words(e),
            link=LINKS.get(e.reason, ""),
            due=due_in_words(e.due_at, now, zone),
            status=ESCALATIONS[e.state],
            taken_by=names.get(e.taken_by_id or 0, "") if e.state is EscalationState.TAKEN else "",
            snoozed_until=say_when(e.snoozed_until, zone) if e.snoozed_until else "they write",
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
    if not in_window(hub.clock.now(), start, end, conversation.person.time_zone or agency.time_zone):
        warnings.append(f"It is outside the hours for this person ({start:%H:%M} to {end:%H:%M}). Your message waits.")
    return " ".join(warnings)
