"""What goes out in the coming days for the people a worker may see; what is held back; what was stopped.

The whole list is looked at in short and counted; names and words are opened for one page of it. Knows no page's layout.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import may_see
from hub.core import Hub
from hub.nudges import reach, subjects
from hub.nudges.planner import DECIDED_WHEN_PLANNED
from hub.nudges.reach import Reach
from hub.reading.outbox import WAITING
from hub.states import Direction, MessageState, NudgeState
from hub.store.tables import Conversation, Message, Nudge, Person, Worker

AHEAD = timedelta(days=14)
BACK = timedelta(days=14)  # what was stopped is shown for so long
MOST = 5000  # texts that are looked at, the nearest first
SIZE = 25  # of a page


class View(StrEnum):
    GOING = "going"
    HELD = "held"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Filters:
    view: View = View.GOING
    mine: bool = False
    rule: str = ""  # empty: all


@dataclass(frozen=True, slots=True)
class Short:
    """One planned or waiting text, without its words. `why_not`: a key of reasons or of delivery words."""

    kind: str  # "n" a planned nudge, "m" a message that waits in the outbox
    id: int
    person_id: int
    due_at: datetime
    rule: str
    view: View
    why_not: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}{self.id}"


@dataclass(frozen=True, slots=True)
class Listed:
    rows: Sequence[Short]  # of the page
    counts: Mapping[View, int]
    rules: Sequence[str]  # that anything here is of: to filter by
    number: int
    pages: int


def may_change(worker: Worker) -> ColumnElement[bool]:
    """Whose texts a worker may hold, cancel or send: their own people's; a supervisor all that they see."""
    own = true() if worker.role == "supervisor" else Person.worker_id == worker.id
    return may_see(worker) & own


async def listed(hub: Hub, session: AsyncSession, worker: Worker, filters: Filters, number: int) -> Listed:
    everything = await _all(hub, session, may_see(worker) & (_mine(worker) if filters.mine else true()))
    of_rule = [row for row in everything if filters.rule in {"", row.rule}]
    wanted = [row for row in of_rule if row.view is filters.view]
    wanted.sort(key=lambda row: (row.due_at, row.person_id, row.key), reverse=filters.view is View.STOPPED)
    pages = max(1, -(-len(wanted) // SIZE))
    number = min(max(1, number), pages)
    return Listed(
        rows=wanted[(number - 1) * SIZE : number * SIZE],
        counts={view: sum(row.view is view for row in of_rule) for view in View},
        rules=sorted({row.rule for row in everything if row.rule}),
        number=number,
        pages=pages,
    )


async def chosen(hub: Hub, session: AsyncSession, worker: Worker, keys: Sequence[str]) -> list[Short]:
    """Those of these that the worker may change and that have not come to their end; the nearest first."""
    wanted = set(keys)
    found = [row for row in await _all(hub, session, may_change(worker)) if row.key in wanted]
    return sorted((row for row in found if row.view is not View.STOPPED), key=lambda row: (row.due_at, row.key))


def _mine(worker: Worker) -> ColumnElement[bool]:
    return Person.worker_id == worker.id


async def _all(hub: Hub, session: AsyncSession, of: ColumnElement[bool]) -> list[Short]:
    now = hub.clock.now()
    return [*await _nudges(hub, session, of, now), *await _messages(session, of, now)]


async def _nudges(hub: Hub, session: AsyncSession, of: ColumnElement[bool], now: datetime) -> list[Short]:
    stopped = (
        Nudge.state.in_((NudgeState.SKIPPED, NudgeState.MISSED))
        | (Nudge.state == NudgeState.CANCELLED) & (Nudge.reason == "rule_off")
    ) & (Nudge.state_at > now - BACK)
    columns = (Nudge.id, Nudge.person_id, Nudge.due_at, Nudge.rule, Nudge.state, Nudge.reason, Nudge.held_at)
    wanted = (
        select(*columns)
        .join(Person, Person.id == Nudge.person_id)
        .where(of, Nudge.due_at <= now + AHEAD, (Nudge.state == NudgeState.PLANNED) | stopped)
        .where(Nudge.reason.not_in((*DECIDED_WHEN_PLANNED, "merged")))
        .order_by(Nudge.due_at)
        .limit(MOST)
    )
    rows = (await session.execute(wanted)).all()
    ids = {row.person_id for row in rows if row.state is NudgeState.PLANNED}
    people, ways = await subjects.people(session, ids), await reach.load(session, ids)
    return [_nudge(hub, row, people.get(row.person_id), ways) for row in rows]


def _nudge(hub: Hub, row: Any, person: Person | None, ways: Reach) -> Short:
    view, why_not = View.STOPPED, row.reason
    if row.state is NudgeState.PLANNED and person:
        rule = hub.flows.nudges.get(row.rule)
        obstacle = ways.obstacle(person, rule.purpose) if rule else "no_rule"
        obstacle = obstacle or ("held_by_worker" if row.held_at else "")
        view, why_not = View.HELD if obstacle else View.GOING, obstacle or row.reason
    return Short("n", row.id, row.person_id, row.due_at, row.rule, view, why_not)


async def _messages(session: AsyncSession, of: ColumnElement[bool], now: datetime) -> list[Short]:
    ended = (MessageState.CANCELLED, MessageState.BLOCKED, MessageState.EXPIRED)
    waits = Message.state.in_(WAITING) & (Message.due_at <= now + AHEAD)
    stopped = Message.state.in_(ended) & (Message.state_at > now - BACK)
    columns = (Message.id, Conversation.person_id, Message.due_at, Message.created_at, Message.state, Message.reason)
    wanted = (
        select(*columns, Nudge.rule)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Person, Person.id == Conversation.person_id)
        .outerjoin(Nudge, Nudge.message_id == Message.id)
        .where(of, Message.direction == Direction.OUT, waits | stopped)
        .order_by(Message.due_at, Message.id, Nudge.id)
        .limit(MOST)
    )
    views = {MessageState.QUEUED: View.GOING, MessageState.HELD: View.HELD}
    found: dict[int, Short] = {}
    for row in await session.execute(wanted):
        view = views.get(row.state, View.STOPPED)
        due_at = row.due_at or row.created_at
        why_not = row.reason or ("cancelled_by_worker" if row.state is MessageState.CANCELLED else "")
        found.setdefault(row.id, Short("m", row.id, row.person_id, due_at, row.rule or "", view, why_not))
    return list(found.values())
