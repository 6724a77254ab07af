"""The list of conversations under its five headings. One row a conversation, the most urgent reason first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, DateTime, Select, and_, any_, bindparam, exists, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import whom_may_see
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
_WORKER, _NOW = bindparam("worker", type_=BigInteger), bindparam("now", type_=DateTime(timezone=True))
_SIDE, _SEEN = bindparam("of_side", type_=Conversation.side.type), bindparam("seen", type_=ARRAY(BigInteger))


class View(StrEnum):
    ATTENTION = "attention"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Page:
    """`counts`: how many conversations lie under each heading, whatever the filters."""

    rows: list[Row]
    number: int
    pages: int
    total: int
    counts: dict[View, int]


async def page(
    hub: Hub, session: AsyncSession, worker: Worker, view: View, number: int, filters: Filters = EVERYTHING
) -> Page:
    """One page of rows. `number` starts at 1; one past the end shows the last."""
    now, facts = hub.clock.now(), await _facts(hub, session, worker)
    counts = await _counts(session, worker, facts)
    in_list = filters.conditions(now, done=view is View.DONE)
    total = await _count(session, worker, view, in_list, facts) if in_list else counts[view]
    pages = max(1, -(-total // PAGE))
    number = min(max(1, number), pages)
    # Ids alone are put in order; what stands in a row is read for one page of them.
    wanted = select(Conversation.id).select_from(_PEOPLE).limit(PAGE).offset((number - 1) * PAGE)
    ids = (await session.scalars(_listed(wanted, worker, view, filters, now), facts)).all()
    return Page(await _rows(hub, session, ids), number, pages, total, counts)


async def count_new(
    hub: Hub, session: AsyncSession, worker: Worker, view: View, since: datetime, filters: Filters = EVERYTHING
) -> int:
    """Conversations in the list with news from the person, or a reason that is new or waits for a supervisor."""
    since_then = [Escalation.opened_at > since]
    if _supervises(worker):
        since_then.append(Escalation.escalated_at > since)
    news = or_(
        Conversation.last_in_at > since,
        escalation(or_(*since_then), Escalation.state != EscalationState.CLOSED),
    )
    in_list = [*filters.conditions(hub.clock.now(), done=view is View.DONE), news]
    return await _count(session, worker, view, in_list, await _facts(hub, session, worker))


async def chosen(hub: Hub, session: AsyncSession, worker: Worker, ids: Sequence[int]) -> list[Row]:
    """The rows of these conversations, in this order, as far as the worker may see them."""
    seen = select(Conversation.id).where(_VISIBLE, Conversation.id.in_(ids))
    allowed = set(await session.scalars(seen, await _facts(hub, session, worker)))
    return await _rows(hub, session, [number for number in ids if number in allowed])


async def following(
    hub: Hub, session: AsyncSession, worker: Worker, view: View, filters: Filters, after: str
) -> str | None:
    """The person's reference in the row below `after`; in the first one when that stands there no more."""
    wanted = _listed(select(Person.ref).select_from(_PEOPLE).limit(FAR), worker, view, filters, hub.clock.now())
    refs = (await session.scalars(wanted, await _facts(hub, session, worker))).all()
    place = refs.index(after) + 1 if after in refs else 0
    return refs[place] if place < len(refs) else None


async def _facts(hub: Hub, session: AsyncSession, worker: Worker) -> dict[str, Any]:
    """What every question about the list is asked with. Whom the worker may see is asked once, for all of them."""
    people = await whom_may_see(session, worker)
    return {"worker": worker.id, "now": hub.clock.now(), "of_side": worker.team.side, "seen": people}


async def _counts(session: AsyncSession, worker: Worker, facts: dict[str, Any]) -> dict[View, int]:
    row = (await session.execute(_counting(supervises=_supervises(worker)), facts)).one()
    return dict(zip(View, row, strict=True))


@cache
def _counting(*, supervises: bool) -> Select[*tuple[Any, ...]]:
    """All headings in one query. Building it takes as long as asking it, so it is built once."""
    columns = [func.count().filter(_under(view, supervises=supervises)) for view in View]
    return select(*columns).select_from(_PEOPLE).where(_VISIBLE)


async def _count(
    session: AsyncSession, worker: Worker, view: View, in_list: list[ColumnElement[bool]], facts: dict[str, Any]
) -> int:
    under = _under(view, supervises=_supervises(worker))
    wanted = select(func.count()).select_from(_PEOPLE).where(_VISIBLE, under, *in_list)
    return int(await session.scalar(wanted, facts) or 0)


async def _rows(hub: Hub, session: AsyncSession, ids: Sequence[int]) -> list[Row]:
    found = {each.id: each for each in await session.scalars(select(Conversation).where(Conversation.id.in_(ids)))}
    return await rows_of(hub, session, [found[number] for number in ids], hub.clock.now())


def _listed(wanted: Select[Any], worker: Worker, view: View, filters: Filters, now: datetime) -> Select[Any]:
    """The rows of the list, in its order."""
    done, supervises = view is View.DONE, _supervises(worker)
    order = filters.ordering(done=done, supervisor=supervises)
    return wanted.where(_VISIBLE, _under(view, supervises=supervises), *filters.conditions(now, done=done)).order_by(
        *order
    )


def _supervises(worker: Worker) -> bool:
    return worker.role is WorkerRole.SUPERVISOR


# The people as an array: their conversations are then found by index, however many others there are.
_VISIBLE = and_(Conversation.side == _SIDE, Conversation.person_id == any_(_SEEN))


@cache
def _under(view: View, *, supervises: bool) -> ColumnElement[bool]:
    needs = escalation(Escalation.state.in_(PRESSING))
    match view:
        case View.ATTENTION:
            return needs if supervises else _FOR_WORKER
        case View.MINE:
            took = escalation(Escalation.state != EscalationState.CLOSED, Escalation.taken_by_id == _WORKER)
            return or_(Person.worker_id == _WORKER, Conversation.holder_id == _WORKER, took)
        case View.UNASSIGNED:
            return Person.worker_id.is_(None)
        case View.WAITING:
            return and_(~needs, Conversation.holder_id.is_(None), _ASKED)
        case View.DONE:
            closed = escalation(Escalation.state == EscalationState.CLOSED)
            return and_(closed, ~escalation(Escalation.state != EscalationState.CLOSED))


# Nobody has it, or this worker: what a colleague has taken is off everybody else's list but the supervisor's.
_FOR_WORKER = escalation(
    Escalation.state.in_(PRESSING), or_(Escalation.state == EscalationState.OPEN, Escalation.taken_by_id == _WORKER)
)

# We have asked a question that is still open.
_ASKED = exists(select(Prompt.id).where(Prompt.conversation_id == Conversation.id, *open_question(_NOW)))
