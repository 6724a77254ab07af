"""The list of conversations under its five headings. One row a conversation, the most urgent reason first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, any_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import may_see
from hub.core import Hub
from hub.reading.inbox_filters import PRESSING, Filters, escalation
from hub.reading.inbox_rows import Row, open_question, rows_of
from hub.states import EscalationState
from hub.store.tables import Conversation, Escalation, Person, Prompt, Worker
from hub.words import WorkerRole

PAGE = 25  # rows; sixty cases are three pages, and one screen holds about twenty
FAR = 500  # how far down a list "next" looks for where one stands
EVERYTHING = Filters()
_PEOPLE = Conversation.__table__.join(Person.__table__, Person.id == Conversation.person_id)


class View(StrEnum):
    ATTENTION = "attention"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    number: int
    pages: int
    total: int


async def counts(session: AsyncSession, worker: Worker, now: datetime) -> dict[View, int]:
    """How many conversations lie under each heading, in one query."""
    columns = [func.count().filter(_under(view, worker, now)) for view in View]
    row = (await session.execute(select(*columns).select_from(_PEOPLE).where(_visible(worker)))).one()
    return dict(zip(View, row, strict=True))


async def count_new(
    session: AsyncSession, worker: Worker, view: View, since: datetime, now: datetime, filters: Filters = EVERYTHING
) -> int:
    """Conversations in the list with news from the person, or a reason that is new or waits for a supervisor."""
    since_then = [Escalation.opened_at > since]
    if _supervises(worker):
        since_then.append(Escalation.escalated_at > since)
    news = or_(
        Conversation.last_in_at > since,
        escalation(or_(*since_then), Escalation.state != EscalationState.CLOSED),
    )
    return await _count(session, worker, *_in_list(worker, view, filters, now), news)


async def page(
    hub: Hub, session: AsyncSession, worker: Worker, view: View, number: int, filters: Filters = EVERYTHING
) -> Page:
    """One page of rows. `number` starts at 1; one past the end shows the last."""
    now = hub.clock.now()
    total = await _count(session, worker, *_in_list(worker, view, filters, now))
    pages = max(1, -(-total // PAGE))
    number = min(max(1, number), pages)
    # Ids alone are put in order; what stands in a row is read for one page of them.
    wanted = select(Conversation.id).select_from(_PEOPLE).limit(PAGE).offset((number - 1) * PAGE)
    ids = (await session.scalars(_listed(wanted, worker, view, filters, now))).all()
    return Page(await chosen(hub, session, worker, ids), number, pages, total)


async def chosen(hub: Hub, session: AsyncSession, worker: Worker, ids: Sequence[int]) -> list[Row]:
    """The rows of these conversations, in this order, as far as the worker may see them."""
    wanted = select(Conversation).where(_visible(worker), Conversation.id.in_(ids))
    found = {each.id: each for each in (await session.scalars(wanted)).all()}
    return await rows_of(hub, session, [found[number] for number in ids if number in found], hub.clock.now())


async def following(
    hub: Hub, session: AsyncSession, worker: Worker, view: View, filters: Filters, after: str
) -> str | None:
    """The person's reference in the row below `after`; in the first one when that stands there no more."""
    wanted = select(Person.ref).select_from(_PEOPLE).limit(FAR)
    refs = (await session.scalars(_listed(wanted, worker, view, filters, hub.clock.now()))).all()
    place = refs.index(after) + 1 if after in refs else 0
    return refs[place] if place < len(refs) else None


async def _count(session: AsyncSession, worker: Worker, *conditions: ColumnElement[bool]) -> int:
    wanted = select(func.count()).select_from(_PEOPLE).where(_visible(worker), *conditions)
    return int(await session.scalar(wanted) or 0)


def _listed(wanted: Select[Any], worker: Worker, view: View, filters: Filters, now: datetime) -> Select[Any]:
    """The rows of the list, in its order."""
    order = filters.ordering(done=view is View.DONE, supervisor=_supervises(worker))
    return wanted.where(_visible(worker), *_in_list(worker, view, filters, now)).order_by(*order)


def _in_list(worker: Worker, view: View, filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    return [_under(view, worker, now), *filters.conditions(now, done=view is View.DONE)]


def _visible(worker: Worker) -> ColumnElement[bool]:
    """The people first, as an array: their conversations are then found by index, however many others there are."""
    people = select(Person.id).where(may_see(worker)).correlate(None).scalar_subquery()
    return and_(Conversation.side == worker.team.side, Conversation.person_id == any_(func.array(people)))


def _supervises(worker: Worker) -> bool:
    return worker.role is WorkerRole.SUPERVISOR


def _under(view: View, worker: Worker, now: datetime) -> ColumnElement[bool]:
    needs = escalation(Escalation.state.in_(PRESSING))
    took = escalation(Escalation.state != EscalationState.CLOSED, Escalation.taken_by_id == worker.id)
    conditions: dict[View, ColumnElement[bool]] = {
        View.ATTENTION: needs if _supervises(worker) else _for(worker),
        View.MINE: or_(Person.worker_id == worker.id, Conversation.holder_id == worker.id, took),
        View.UNASSIGNED: Person.worker_id.is_(None),
        View.WAITING: and_(~needs, Conversation.holder_id.is_(None), _asked(now)),
        View.DONE: and_(
            escalation(Escalation.state == EscalationState.CLOSED),
            ~escalation(Escalation.state != EscalationState.CLOSED),
        ),
    }
    return conditions[view]


def _for(worker: Worker) -> ColumnElement[bool]:
    """Nobody has it, or this worker: what a colleague has taken is off everybody else's list but the supervisor's."""
    return escalation(
        Escalation.state.in_(PRESSING),
        or_(Escalation.state == EscalationState.OPEN, Escalation.taken_by_id == worker.id),
    )


def _asked(now: datetime) -> ColumnElement[bool]:
    """We have asked a question that is still open."""
    return exists(select(Prompt.id).where(Prompt.conversation_id == Conversation.id, *open_question(now)))
