"""What a worker does with conversations straight from the list, one or many: take, assign, put aside, close.

Each conversation is its own small decision with its own result, so that what a colleague did meanwhile is told and
never overwritten. Knows nothing of screens.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import escalations
from hub.access import may_see
from hub.core import Hub
from hub.errors import NotFound
from hub.reasons import INTERRUPTING
from hub.states import EscalationState
from hub.store import audit
from hub.store.notify import CHANGED, notify
from hub.store.tables import Conversation, Escalation, Person, Worker
from hub.words import WorkerRole

MOST = 100  # conversations at once: four pages of the list


class Outcome(StrEnum):
    DONE = "done"
    CLOSED_BY = "closed_by"  # by a colleague, meanwhile
    TAKEN_BY = "taken_by"  # a colleague has it
    DANGER = "danger"  # somebody may come to harm: only one at a time, with the conversation open
    NOTHING = "nothing"  # there was nothing to do
    GONE = "gone"  # not there, or no longer this worker's to see


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one conversation; `by` is the colleague who was first."""

    outcome: Outcome
    by: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """A conversation with the reasons that the worker has seen on it, locked; `now` is the moment of doing."""

    hub: Hub
    session: AsyncSession
    worker: Worker
    conversation: Conversation
    reasons: list[Escalation]
    now: datetime

    def in_state(self, *states: EscalationState) -> list[Escalation]:
        return [reason for reason in self.reasons if reason.state in states]

    @property
    def danger(self) -> bool:
        return any(r.reason in INTERRUPTING and r.state is not EscalationState.CLOSED for r in self.reasons)


Act = Callable[[Item], Awaitable[Result]]


async def do(
    hub: Hub, session: AsyncSession, worker: Worker, act: Act, ids: Iterable[int], seen: frozenset[str]
) -> list[Result]:
    """Carry `act` out on each conversation. `seen`: the refs of the reasons that the worker was shown."""
    results = []
    for conversation_id in sorted(set(ids))[:MOST]:  # in order: two workers at once never wait for each other
        item = await _item(hub, session, worker, conversation_id, seen)
        results.append(await act(item) if item else Result(Outcome.GONE))
    return results


async def take(item: Item) -> Result:
    """The worker has it from now on; who had no worker becomes theirs."""
    free = item.in_state(EscalationState.OPEN, EscalationState.SNOOZED)
    for reason in free:
        await escalations.take(item.session, reason, item.worker.id, item.now)
    adopted = _adopt(item, item.worker.id)
    return Result(Outcome.DONE) if free or adopted else _first(item)


def assign(to: Worker) -> Act:
    """To a colleague, whoever has it now."""

    async def act(item: Item) -> Result:
        open_ones = [reason for reason in item.reasons if reason.state is not EscalationState.CLOSED]
        for reason in open_ones:
            await escalations.assign(item.session, reason, item.worker.id, to.id, item.now)
        adopted = _adopt(item, to.id)
        return Result(Outcome.DONE) if open_ones or adopted else _first(item)

    return act


def put_aside(until: datetime | None) -> Act:
    """Until a time, or (None) until they write."""

    async def act(item: Item) -> Result:
        if item.danger:
            return Result(Outcome.DANGER)
        mine = _not_a_colleagues(item)
        for reason in mine:
            await escalations.snooze(item.session, reason, item.worker.id, until, item.now)
        return Result(Outcome.DONE) if mine else _first(item)

    return act


def close(outcome: str) -> Act:
    async def act(item: Item) -> Result:
        if item.danger:
            return Result(Outcome.DANGER)
        mine = [*_not_a_colleagues(item), *item.in_state(EscalationState.SNOOZED)]
        for reason in mine:
            await escalations.close(item.session, reason, item.worker.id, outcome, item.now)
        return Result(Outcome.DONE) if mine else _first(item)

    return act


async def colleagues(session: AsyncSession, worker: Worker) -> dict[int, Worker]:
    """To whom work may be given: those of the team who talk with people, by name."""
    roles = (WorkerRole.WORKER, WorkerRole.SUPERVISOR)
    wanted = select(Worker).where(
        Worker.team_id == worker.team_id, Worker.role.in_(roles), Worker.disabled_at.is_(None)
    )
    return {each.id: each for each in (await session.scalars(wanted.order_by(Worker.name))).all()}


async def colleague(session: AsyncSession, worker: Worker, number: int) -> Worker:
    """Raises `NotFound`."""
    found = (await colleagues(session, worker)).get(number)
    if found is None:
        raise NotFound
    return found


async def _item(
    hub: Hub, session: AsyncSession, worker: Worker, conversation_id: int, seen: frozenset[str]
) -> Item | None:
    wanted = (
        select(Conversation)
        .join(Person, Person.id == Conversation.person_id)
        .where(Conversation.id == conversation_id, may_see(worker))
    )
    conversation = await session.scalar(wanted.with_for_update(of=Conversation))
    if conversation is None:
        return None
    reasons = select(Escalation).where(Escalation.conversation_id == conversation.id, Escalation.ref.in_(seen))
    locked = reasons.order_by(Escalation.id).with_for_update(of=Escalation)
    found = (await session.scalars(locked.execution_options(populate_existing=True))).all()
    return Item(hub, session, worker, conversation, list(found), hub.clock.now())


def _not_a_colleagues(item: Item) -> list[Escalation]:
    pressing = item.in_state(EscalationState.OPEN, EscalationState.TAKEN)
    return [r for r in pressing if r.state is EscalationState.OPEN or r.taken_by_id == item.worker.id]


def _adopt(item: Item, worker_id: int) -> bool:
    """Somebody without a worker gets one."""
    person = item.conversation.person
    if person.worker_id is not None:
        return False
    person.worker_id = worker_id
    actor, subject = f"worker:{item.worker.id}", f"person:{person.id}"
    audit.record(item.session, item.now, actor, "person_assigned", subject, person_id=person.id, to=worker_id)
    notify(item.session, CHANGED, str(item.conversation.id))
    return True


def _first(item: Item) -> Result:
    """Why nothing was done: who was first."""
    for reason in item.in_state(EscalationState.TAKEN):
        if reason.taken_by_id != item.worker.id:
            return Result(Outcome.TAKEN_BY, reason.taken_by_id or 0)
    for reason in item.in_state(EscalationState.CLOSED):
        return Result(Outcome.CLOSED_BY, reason.closed_by_id or 0)
    return Result(Outcome.NOTHING)
