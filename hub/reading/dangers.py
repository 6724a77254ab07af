"""Cries for help that nobody has taken: what interrupts a worker wherever they are. Reasons and dues, never a name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import may_see
from hub.core import Hub
from hub.reading.stream import names_of
from hub.reading.wording import Due, due_in_words
from hub.reasons import INTERRUPTING, in_words
from hub.states import EscalationState
from hub.store.tables import Conversation, Escalation, Person, Worker
from hub.words import WorkerRole

ANSWER = frozenset({WorkerRole.WORKER, WorkerRole.SUPERVISOR})
MOST = 5  # banners; the list has all
_UNTAKEN: ColumnElement[bool] = literal_column(
    "escalations.state = 'open'"
)  # a literal: the index of what nobody has taken is a partial one


@dataclass(frozen=True, slots=True)
class Danger:
    ref: str
    person: str  # reference, for the address
    words: str
    due: Due
    mine: bool
    by: str  # who has taken or closed it; empty while nobody has
    closed: bool


async def dangers(hub: Hub, session: AsyncSession, worker: Worker, seen: Iterable[str] = ()) -> list[Danger]:
    """Those that nobody has taken, first due first, and what became of those that the page shows (`seen`: refs)."""
    if worker.role not in ANSWER:
        return []
    crying = _UNTAKEN, Escalation.reason.in_(INTERRUPTING)
    found = await _found(session, worker, *crying) if await _any(session, worker, *crying) else []
    shown = frozenset(seen) - {escalation.ref for escalation, _ in found}
    if shown:
        found = [*await _found(session, worker, Escalation.ref.in_(shown)), *found]
    names = await names_of(session, {number for escalation, _ in found if (number := _who(escalation))})
    return [_danger(escalation, person, names, worker, hub.clock.now()) for escalation, person in found]


async def concerns_danger(session: AsyncSession, worker: Worker, conversations: Iterable[int]) -> bool:
    """Whether there was ever a cry for help in one of these: then the banners may have changed.

    Asked of all conversations that changed: of one that was closed the worker may see nothing any more.
    """
    if worker.role not in ANSWER:
        return False
    wanted = select(Escalation.id).where(
        Escalation.side == worker.team.side,
        Escalation.conversation_id.in_(conversations),
        Escalation.reason.in_(INTERRUPTING),
    )
    return await session.scalar(wanted.limit(1)) is not None


async def _any(session: AsyncSession, worker: Worker, *conditions: ColumnElement[bool]) -> bool:
    """On this side at all: mostly there is none, and on every page that is the shorter question."""
    wanted = select(Escalation.id).where(Escalation.side == worker.team.side, *conditions).limit(1)
    return await session.scalar(wanted) is not None


async def _found(
    session: AsyncSession, worker: Worker, *conditions: ColumnElement[bool]
) -> list[tuple[Escalation, Person]]:
    wanted = (
        select(Escalation, Person)
        .join(Conversation, Conversation.id == Escalation.conversation_id)
        .join(Person, Person.id == Conversation.person_id)
        .where(Escalation.side == worker.team.side, *conditions, may_see(worker))
        .order_by(Escalation.due_at, Escalation.id)
        .limit(MOST)
    )
    return [(escalation, person) for escalation, person in (await session.execute(wanted)).all()]


def _who(escalation: Escalation) -> int | None:
    return escalation.closed_by_id if escalation.state is EscalationState.CLOSED else escalation.taken_by_id


def _danger(escalation: Escalation, person: Person, names: dict[int, str], worker: Worker, now: datetime) -> Danger:
    free = escalation.state is EscalationState.OPEN
    who = 0 if free else _who(escalation) or 0
    return Danger(
        ref=escalation.ref,
        person=person.ref,
        words=in_words(escalation),
        due=due_in_words(escalation.due_at, now, person.agency.time_zone),
        mine=who == worker.id,
        by="" if free else names.get(who, "a colleague"),
        closed=escalation.state is EscalationState.CLOSED,
    )
