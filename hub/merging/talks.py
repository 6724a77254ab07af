"""The conversations of one person become another's: two on one line become one stream.

Every conversation of theirs gets a new row or goes into one that is there, and the old row is gone. So a text that is
being stored at this moment, sealed for who is no more, finds no conversation and is stored anew (hub/receive.py).
A new table with a conversation in it needs a line in `FOLLOW`, or in `ONCE` and a function here.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, lazyload

from hub.states import ESCALATION_MOVES, EscalationState, check_move
from hub.store.notify import CHANGED, INBOUND, notify
from hub.store.tables import Conversation, Draft, Escalation, Message, Note, Person, Presence, Prompt, SettingsLink
from hub.store.vault import Key

Column = InstrumentedAttribute[Any]

FOLLOW: tuple[Column, ...] = (Message.conversation_id, Note.conversation_id)
# Of these there may be one only: each has its function below.
ONCE: tuple[Column, ...] = (
    Prompt.conversation_id,
    Escalation.conversation_id,
    Draft.conversation_id,
    Presence.conversation_id,
    SettingsLink.conversation_id,
)
MERGED = "merged"  # how a reason ends that the other record had open too
_PLAIN = {"synchronize_session": False}


async def lock(session: AsyncSession, people: Iterable[Person]) -> Sequence[Conversation]:
    """All of theirs: what comes in, and whoever handles it, waits until this transaction ends."""
    theirs = select(Conversation).where(Conversation.person_id.in_([person.id for person in people]))
    alone = theirs.options(lazyload("*")).order_by(Conversation.id).with_for_update(of=Conversation)
    return (await session.scalars(alone)).all()


async def bring(
    session: AsyncSession, keep: Person, other: Person, talks: Sequence[Conversation], key: Key, now: datetime
) -> None:
    """`talks`: of both, locked. `key` opens what is sealed in them."""
    there = {talk.line_id: talk for talk in talks if talk.person_id == keep.id}
    for talk in [talk for talk in talks if talk.person_id == other.id]:
        into = there.get(talk.line_id) or await _new(session, keep, talk)
        await _fold(session, talk, into, key, now)
        notify(session, CHANGED, str(into.id))
        notify(session, INBOUND)


async def _new(session: AsyncSession, keep: Person, talk: Conversation) -> Conversation:
    made = Conversation(person_id=keep.id, line_id=talk.line_id, side=talk.side, contact_point_id=talk.contact_point_id)
    session.add(made)
    await session.flush()
    return made


async def _fold(session: AsyncSession, talk: Conversation, into: Conversation, key: Key, now: datetime) -> None:
    goes_to = _last_heard_from(talk, into).contact_point_id
    await _end_links(session, [each.id for each in (talk, into) if each.contact_point_id != goes_to])
    await _one_question(session, talk, into, now)
    await _one_reason(session, talk, into, now)
    await _one_draft(session, talk, into, key)
    await _one_presence(session, talk, into)
    for column in (*FOLLOW, *ONCE):
        theirs = update(column.class_).where(column == talk.id).values({column: into.id})
        await session.execute(theirs, execution_options=_PLAIN)
    _one_state(talk, into, goes_to)
    await session.execute(delete(Conversation).where(Conversation.id == talk.id), execution_options=_PLAIN)
    session.expunge(talk)
    await session.flush()


def _last_heard_from(talk: Conversation, into: Conversation) -> Conversation:
    """An answer goes where they last wrote from."""
    if talk.last_in_at is None:
        return into if into.last_at or not talk.last_at else talk
    return into if into.last_in_at and into.last_in_at >= talk.last_in_at else talk


def _one_state(talk: Conversation, into: Conversation, goes_to: int) -> None:
    into.contact_point_id = goes_to
    into.holder_id = into.holder_id or talk.holder_id
    into.misunderstood = max(into.misunderstood or 0, talk.misunderstood)
    into.unread = into.unread or talk.unread
    into.last_in_at = max(filter(None, (into.last_in_at, talk.last_in_at)), default=None)
    into.last_at = max(filter(None, (into.last_at, talk.last_at)), default=None)
    into.waiting_since = min(filter(None, (into.waiting_since, talk.waiting_since)), default=None)


async def _end_links(session: AsyncSession, ids: Sequence[int]) -> None:
    """A link into somebody's settings counts for the address that it was sent to, and for no other."""
    await session.execute(delete(SettingsLink).where(SettingsLink.conversation_id.in_(ids)), execution_options=_PLAIN)


async def _one_question(session: AsyncSession, talk: Conversation, into: Conversation, now: datetime) -> None:
    """The one asked last is the one that they will answer."""
    both = Prompt.conversation_id.in_((talk.id, into.id)), Prompt.closed_at.is_(None)
    found = (await session.scalars(select(Prompt).where(*both).order_by(Prompt.asked_at, Prompt.id))).all()
    for older in found[:-1]:
        older.closed_at = now
    await session.flush()


async def _one_reason(session: AsyncSession, talk: Conversation, into: Conversation, now: datetime) -> None:
    """Open with both: as early as the earlier was due, about the newer text, awake if either was."""
    wanted = select(Escalation).where(
        Escalation.conversation_id.in_((talk.id, into.id)), Escalation.state != EscalationState.CLOSED
    )
    found = (await session.scalars(wanted.options(lazyload("*")).order_by(Escalation.id))).all()
    kept = {each.reason: each for each in found if each.conversation_id == into.id}
    for gone in [each for each in found if each.conversation_id == talk.id and each.reason in kept]:
        same = kept[gone.reason]
        same.due_at = min(same.due_at, gone.due_at)
        same.message_id = max(filter(None, (same.message_id, gone.message_id)), default=None)
        if same.state is EscalationState.SNOOZED and gone.state is not EscalationState.SNOOZED:
            same.state, same.snoozed_until = check_move(ESCALATION_MOVES, same.state, EscalationState.OPEN), None
        gone.state = check_move(ESCALATION_MOVES, gone.state, EscalationState.CLOSED)
        gone.closed_at, gone.outcome = now, MERGED
    await session.flush()


async def _one_draft(session: AsyncSession, talk: Conversation, into: Conversation, key: Key) -> None:
    """A worker who had begun two answers finds both in one."""
    theirs = select(Draft).where(Draft.conversation_id.in_((talk.id, into.id)))
    found = (await session.scalars(theirs)).all()
    kept = {each.worker_id: each for each in found if each.conversation_id == into.id}
    for gone in [each for each in found if each.conversation_id == talk.id]:
        same = kept.get(gone.worker_id)
        if same:
            words = (key.open(each.body_sealed, "draft") for each in (same, gone))
            same.body_sealed, same.at = key.seal("\n\n".join(words), "draft"), max(same.at, gone.at)
            await session.delete(gone)
    await session.flush()


async def _one_presence(session: AsyncSession, talk: Conversation, into: Conversation) -> None:
    here = select(Presence.worker_id).where(Presence.conversation_id == into.id)
    double = Presence.conversation_id == talk.id, Presence.worker_id.in_(here)
    await session.execute(delete(Presence).where(*double), execution_options=_PLAIN)
