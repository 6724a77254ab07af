"""The list of conversations under its five headings. One row a conversation, the most urgent reason first."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import contains_eager

from hub.access import may_see
from hub.core import Hub
from hub.escalations import SAFETY_REASONS, in_words
from hub.reading.texts import key_of, listed_name, words_of
from hub.reading.wording import CHANNELS, ESCALATIONS, Due, due_in_words
from hub.states import Direction, EscalationState
from hub.store.tables import Conversation, Escalation, Message, Person, Prompt, Worker

PAGE = 25  # rows; sixty cases are three pages, and one screen holds about twenty
LINE = 120  # characters of the last message
_PEOPLE = Conversation.__table__.join(Person.__table__, Person.id == Conversation.person_id)


class View(StrEnum):
    ATTENTION = "attention"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Row:
    ref: str
    name: str
    reason: str
    safety: bool
    last: str
    last_from_us: bool
    due: Due | None
    channel: str
    worker: str
    status: str
    unread: bool


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    number: int
    pages: int
    total: int


async def counts(session: AsyncSession, worker: Worker, now: datetime) -> dict[View, int]:
    """How many conversations lie under each heading."""
    columns = [func.count().filter(_under(view, worker, now)) for view in View]
    row = (await session.execute(select(*columns).select_from(_PEOPLE).where(_visible(worker)))).one()
    return dict(zip(View, row, strict=True))


async def count_new(session: AsyncSession, worker: Worker, view: View, since: datetime, now: datetime) -> int:
    """Conversations under the heading with news from the person or a new reason since then."""
    news = or_(
        Conversation.last_in_at > since,
        _escalation(Escalation.opened_at > since, Escalation.state != EscalationState.CLOSED),
    )
    return await _count(session, worker, _under(view, worker, now), news)


async def page(hub: Hub, session: AsyncSession, worker: Worker, view: View, number: int) -> Page:
    """One page of rows. `number` starts at 1; one past the end shows the last."""
    now = hub.clock.now()
    total = await _count(session, worker, _under(view, worker, now))
    pages = max(1, -(-total // PAGE))
    number = min(max(1, number), pages)
    order: list[ColumnElement[Any]] = [_danger().desc(), _first_due().nulls_last()] if view is not View.DONE else []
    wanted = (
        select(Conversation)
        .join(Conversation.person)
        .options(contains_eager(Conversation.person))
        .where(_visible(worker), _under(view, worker, now))
        .order_by(*order, Conversation.last_at.desc().nulls_last(), Conversation.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    conversations = (await session.scalars(wanted)).all()
    beside = await _beside(session, [conversation.id for conversation in conversations], now)
    return Page([_row(hub, conversation, beside, now) for conversation in conversations], number, pages, total)


async def _count(session: AsyncSession, worker: Worker, *conditions: ColumnElement[bool]) -> int:
    wanted = select(func.count()).select_from(_PEOPLE).where(_visible(worker), *conditions)
    return int(await session.scalar(wanted) or 0)


def _visible(worker: Worker) -> ColumnElement[bool]:
    return and_(Conversation.side == worker.team.side, may_see(worker))


def _under(view: View, worker: Worker, now: datetime) -> ColumnElement[bool]:
    needs = _escalation(Escalation.state.in_((EscalationState.OPEN, EscalationState.TAKEN)))
    conditions: dict[View, ColumnElement[bool]] = {
        View.ATTENTION: needs,
        View.MINE: or_(Person.worker_id == worker.id, Conversation.holder_id == worker.id),
        View.UNASSIGNED: Person.worker_id.is_(None),
        View.WAITING: and_(~needs, Conversation.holder_id.is_(None), _asked(now)),
        View.DONE: and_(
            _escalation(Escalation.state == EscalationState.CLOSED),
            ~_escalation(Escalation.state != EscalationState.CLOSED),
        ),
    }
    return conditions[view]


def _escalation(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(Escalation.id).where(Escalation.conversation_id == Conversation.id, *conditions))


def _danger() -> ColumnElement[bool]:
    """Whether somebody may come to harm: above everything else, however late that is."""
    pressing = Escalation.state.in_((EscalationState.OPEN, EscalationState.TAKEN))
    return _escalation(pressing, Escalation.reason.in_(SAFETY_REASONS))


def _first_due() -> ScalarSelect[datetime]:
    """When the most urgent reason is due; what is snoozed does not press."""
    return (
        select(func.min(Escalation.due_at))
        .where(
            Escalation.conversation_id == Conversation.id,
            Escalation.state.in_((EscalationState.OPEN, EscalationState.TAKEN)),
        )
        .correlate(Conversation)
        .scalar_subquery()
    )


def _asked(now: datetime) -> ColumnElement[bool]:
    """We have asked a question that is still open."""
    return exists(select(Prompt.id).where(Prompt.conversation_id == Conversation.id, *_open(now)))


def _open(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Prompt.closed_at.is_(None), or_(Prompt.expires_at.is_(None), Prompt.expires_at > now)


# --- what stands beside a conversation in its row -------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Beside:
    """By conversation id, for one page of rows."""

    reasons: dict[int, Escalation]
    last: dict[int, Message]
    asked: set[int]
    workers: dict[int, str]


async def _beside(session: AsyncSession, ids: list[int], now: datetime) -> _Beside:
    reasons = await session.scalars(
        select(Escalation)
        .where(Escalation.conversation_id.in_(ids), Escalation.state != EscalationState.CLOSED)
        .order_by(
            Escalation.state != EscalationState.SNOOZED,
            Escalation.reason.in_(SAFETY_REASONS),
            Escalation.due_at.desc(),
        )
    )
    # What somebody said tells more than the bot's polite answer to it.
    spoken = or_(Message.direction == Direction.IN, Message.author_id.is_not(None))
    newest = (
        select(func.coalesce(func.max(Message.id).filter(spoken), func.max(Message.id)))
        .where(Message.conversation_id.in_(ids))
        .group_by(Message.conversation_id)
    )
    last = await session.scalars(select(Message).where(Message.id.in_(newest)))
    asked = await session.scalars(select(Prompt.conversation_id).where(Prompt.conversation_id.in_(ids), *_open(now)))
    holders = select(Worker.id, Worker.name).join(Conversation, Conversation.holder_id == Worker.id)
    workers = (await session.execute(holders.where(Conversation.id.in_(ids)))).all()
    return _Beside(
        reasons={escalation.conversation_id: escalation for escalation in reasons},  # the most urgent stays
        last={message.conversation_id: message for message in last},
        asked=set(asked),
        workers=dict(workers),
    )


def _row(hub: Hub, conversation: Conversation, beside: _Beside, now: datetime) -> Row:
    person, message = conversation.person, beside.last.get(conversation.id)
    escalation = beside.reasons.get(conversation.id)
    holder = beside.workers.get(conversation.holder_id or 0)
    pressing = escalation if escalation and escalation.state is not EscalationState.SNOOZED else None
    return Row(
        ref=person.ref,
        name=listed_name(hub, person),
        reason=in_words(escalation) if escalation else "",
        safety=escalation is not None and escalation.reason in SAFETY_REASONS,
        last=_one_line(hub, conversation, message),
        last_from_us=message is not None and message.direction is Direction.OUT,
        due=due_in_words(pressing.due_at, now, person.agency.time_zone) if pressing else None,
        channel=CHANNELS[conversation.line.channel],
        worker=holder or (person.worker.name if person.worker else ""),
        status=_status(escalation, holder, asked=conversation.id in beside.asked),
        unread=conversation.unread,
    )


def _one_line(hub: Hub, conversation: Conversation, message: Message | None) -> str:
    if message is None:
        return ""
    person = conversation.person
    discreet = conversation.contact_point.discreet
    words = words_of(hub, key_of(hub, person), message, person.language, discreet=discreet)
    return " ".join(words.split())[:LINE] or "Sent a photo or file"  # a text without words has nothing else


def _status(escalation: Escalation | None, holder: str | None, *, asked: bool) -> str:
    if escalation:
        return ESCALATIONS[escalation.state]
    if holder:
        return ESCALATIONS[EscalationState.TAKEN]
    return "Waiting for reply" if asked else ESCALATIONS[EscalationState.CLOSED]
