"""What the conversation page shows: one person's stream, why it is here, who answers, what to mind before writing.

A person has one side, so all conversations of a person may stand in one stream; an answer goes to the line that they
last wrote to.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.conversations import Seen
from hub.core import Hub
from hub.delivery import MEANINGS
from hub.people import conversation_for
from hub.presence import Other, others
from hub.reading import stands_by, threads_listed
from hub.reading.desk import Desk, desk_of
from hub.reading.identity import Identity, identity_of, warnings_of
from hub.reading.stands_by import Line
from hub.reading.stream import SHOWN, Item, by_day, items_of, names_of
from hub.reading.texts import shown_name
from hub.reading.ways import Way, ways_of
from hub.reading.where import decided_at
from hub.reading.wording import ESCALATIONS, Due, due_in_words
from hub.reasons import in_words
from hub.safe_contact import forbidden
from hub.states import EscalationState
from hub.store.tables import Conversation, Escalation, Person, Worker
from hub.times import say_when
from hub.words import WorkerRole


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
    identity: Identity
    stands: list[Line]  # who stands by them, and whom they stand by
    thread: str  # what is new or stopped in the talk of their supporters; empty when nothing is
    blocked: str  # why no message can reach them; empty when one can
    silent: bool  # because their phone is not safe: a worker who has spoken with them can change that
    warnings: list[str]  # what to mind before writing to this phone
    ways: list[Way]  # other channels that reach them
    others: list[Other]  # colleagues whose page is open
    seen: Seen
    more: bool
    desk: Desk | None  # None where nothing is written: the stream alone


async def talk(
    hub: Hub,
    session: AsyncSession,
    person: Person,
    worker: Worker,
    *,
    everything: bool = False,
    writing: bool = True,
    on: int = 0,
) -> Talk:
    """All that the conversation page shows `worker`; without `writing` not what only the reply box needs.

    `on`: the conversation to write in, if not the one that they last wrote in.
    """
    conversations = (await session.scalars(select(Conversation).where(Conversation.person_id == person.id))).all()
    chosen = next((conversation for conversation in conversations if conversation.id == on), None)
    current = chosen or _current(list(conversations)) or await conversation_for(session, person)
    ids = [conversation.id for conversation in conversations]
    items, more = await items_of(hub, session, person, ids, None if everything else SHOWN)
    identity = await identity_of(hub, session, person, current)
    return Talk(
        person=person,
        name=shown_name(hub, person),
        conversation=current,
        days=by_day(items, person.agency.time_zone),
        why=await _why(hub, session, person, ids),
        holder=await _worker_name(session, current.holder_id if current else None),
        identity=identity,
        stands=[] if worker.role is WorkerRole.PROVIDER else await stands_by.lines(hub, session, worker, person),
        thread=await _thread(session, worker, person),
        blocked=_blocked(current),
        silent=current is not None and bool(forbidden(current.contact_point)),
        warnings=warnings_of(hub, current),
        ways=await ways_of(session, current) if current else [],
        others=await others(session, worker, current.id, hub.clock.now()) if current else [],
        seen=_seen(items),
        more=more,
        desk=await desk_of(hub, session, worker, current, identity.next_appointment) if writing and current else None,
    )


async def _thread(session: AsyncSession, worker: Worker, person: Person) -> str:
    if worker.role is WorkerRole.PROVIDER:
        return ""
    return (await threads_listed.marks(session, [person.id])).get(person.id, "")


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
            link=decided_at(person, e),
            due=due_in_words(e.due_at, now, zone),
            status=ESCALATIONS[e.state],
            taken_by=names.get(e.taken_by_id or 0, "") if e.state is EscalationState.TAKEN else "",
            snoozed_until=say_when(e.snoozed_until, zone) if e.snoozed_until else "they write",
        )
        for e in open_ones
    ]


def _seen(items: list[Item]) -> Seen:
    """The newest of all, and the newest of the person's."""
    heard = [item.id for item in items if item.kind == "in"]
    return Seen(max((item.id for item in items), default=0), max(heard, default=0))


def _blocked(conversation: Conversation | None) -> str:
    if conversation is None:
        return "we have no address of theirs that one of our lines can reach"
    contact = conversation.contact_point
    if conversation.person.wrapped_key is None:
        return MEANINGS["erased"].words
    if contact.stopped_at:
        return MEANINGS["stopped"].words
    if forbidden(contact):
        return MEANINGS[forbidden(contact)].words
    if contact.refused_code:
        return MEANINGS["address_refused"].words
    return "" if conversation.line.enabled else MEANINGS["line_off"].words
