"""One row of the list: what stands beside a conversation, read for a whole page at once, and said in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import lazyload

from hub import return_facts, safe_check_facts
from hub.core import Hub
from hub.reading import threads_listed
from hub.reading.stream import names_of
from hub.reading.texts import key_of, listed_name, words_of
from hub.reading.wording import CHANNELS, ESCALATIONS, Due, due_in_words
from hub.reasons import INTERRUPTING, in_words
from hub.states import Direction, EscalationState
from hub.store.tables import Conversation, Escalation, Message, Prompt

LINE = 120  # characters of the last message


@dataclass(frozen=True, slots=True)
class Row:
    id: int  # of the conversation
    ref: str
    name: str
    reason: str
    more: int  # further reasons, beside the most urgent
    seen: tuple[str, ...]  # the refs of all reasons that are not closed
    safety: bool
    untaken: bool  # overdue, and the supervisor was told
    last: str
    last_from_us: bool
    due: Due | None
    channel: str
    worker: str
    status: str
    unread: bool
    thread: str  # what is new for the worker, or stopped, in the talk of their supporters


@dataclass(frozen=True, slots=True)
class _Beside:
    """By conversation id, for one page of rows."""

    reasons: dict[int, list[Escalation]]  # the most urgent last
    last: dict[int, Message]
    asked: set[int]
    workers: dict[int, str]
    facts: Mapping[int, str]  # by the reason's id: what is known about it beside its words
    threads: Mapping[int, str]  # by person


async def rows_of(hub: Hub, session: AsyncSession, conversations: Sequence[Conversation], now: datetime) -> list[Row]:
    beside = await _beside(session, conversations, now)
    return [_row(hub, conversation, beside, now) for conversation in conversations]


def open_question(now: datetime | ColumnElement[datetime]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Prompt.closed_at.is_(None), or_(Prompt.expires_at.is_(None), Prompt.expires_at > now)


async def _beside(session: AsyncSession, conversations: Sequence[Conversation], now: datetime) -> _Beside:
    ids = [conversation.id for conversation in conversations]
    reasons: dict[int, list[Escalation]] = {}
    for escalation in await _reasons(session, ids):
        reasons.setdefault(escalation.conversation_id, []).append(escalation)
    asked = await session.scalars(
        select(Prompt.conversation_id).where(Prompt.conversation_id.in_(ids), *open_question(now))
    )
    takers = {each.taken_by_id for found in reasons.values() for each in found}
    holders = {conversation.holder_id for conversation in conversations}
    return _Beside(
        reasons=reasons,
        last={message.conversation_id: message for message in await _last(session, ids)},
        asked=set(asked),
        workers=await names_of(session, {number for number in takers | holders if number}),
        threads=await threads_listed.marks(session, {conversation.person_id for conversation in conversations}),
        facts={
            **await return_facts.facts_behind(session, [found[-1] for found in reasons.values()]),
            **await safe_check_facts.facts_behind(session, [found[-1] for found in reasons.values()]),
        },
    )


async def _reasons(session: AsyncSession, ids: list[int]) -> Sequence[Escalation]:
    wanted = (
        select(Escalation)
        .where(Escalation.conversation_id.in_(ids), Escalation.state != EscalationState.CLOSED)
        .options(lazyload(Escalation.conversation))  # they are there
        .order_by(
            Escalation.state != EscalationState.SNOOZED,
            Escalation.reason.in_(INTERRUPTING),
            Escalation.due_at.desc(),
        )
    )
    return (await session.scalars(wanted)).all()


async def _last(session: AsyncSession, ids: list[int]) -> Sequence[Message]:
    """What somebody said tells more than the bot's polite answer to it."""
    spoken = or_(Message.direction == Direction.IN, Message.author_id.is_not(None))
    newest = (
        select(func.coalesce(func.max(Message.id).filter(spoken), func.max(Message.id)))
        .where(Message.conversation_id.in_(ids))
        .group_by(Message.conversation_id)
    )
    return (await session.scalars(select(Message).where(Message.id.in_(newest)))).all()


def _reason(escalation: Escalation, facts: Mapping[int, str]) -> str:
    words, known = in_words(escalation), facts.get(escalation.id)
    return f"{words}: {known}" if known else words


def _row(hub: Hub, conversation: Conversation, beside: _Beside, now: datetime) -> Row:
    person, message = conversation.person, beside.last.get(conversation.id)
    reasons = beside.reasons.get(conversation.id, [])
    first = reasons[-1] if reasons else None
    holder = beside.workers.get(conversation.holder_id or 0)
    taker = beside.workers.get(first.taken_by_id or 0) if first and first.state is EscalationState.TAKEN else None
    pressing = first if first and first.state is not EscalationState.SNOOZED else None
    return Row(
        id=conversation.id,
        ref=person.ref,
        name=listed_name(hub, person),
        reason=_reason(first, beside.facts) if first else "",
        more=max(0, len(reasons) - 1),
        seen=tuple(reason.ref for reason in reasons),
        safety=first is not None and first.reason in INTERRUPTING,
        untaken=any(r.escalated_at is not None and r.state is EscalationState.OPEN for r in reasons),
        last=_one_line(hub, conversation, message),
        last_from_us=message is not None and message.direction is Direction.OUT,
        due=due_in_words(pressing.due_at, now, person.agency.time_zone) if pressing else None,
        channel=CHANNELS[conversation.line.channel],
        worker=holder or taker or (person.worker.name if person.worker else ""),
        status=_status(first, holder, asked=conversation.id in beside.asked),
        unread=conversation.unread,
        thread=beside.threads.get(person.id, ""),
    )


def _one_line(hub: Hub, conversation: Conversation, message: Message | None) -> str:
    if message is None:
        return ""
    person = conversation.person
    to = conversation.contact_point
    words = words_of(hub, key_of(hub, person), message, person, to=to)
    return " ".join(words.split())[:LINE] or "Sent a photo or file"  # a text without words has nothing else


def _status(escalation: Escalation | None, holder: str | None, *, asked: bool) -> str:
    if escalation:
        return ESCALATIONS[escalation.state]
    if holder:
        return ESCALATIONS[EscalationState.TAKEN]
    return "Waiting for reply" if asked else ESCALATIONS[EscalationState.CLOSED]
