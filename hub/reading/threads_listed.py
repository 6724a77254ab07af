"""The threads of a worker's people for a list, and what a row of the inbox says of one. Knows no page.

What was written to the worker alone ("@worker") counts as new until somebody has opened the thread.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, lazyload

from hub.access import may_see
from hub.core import Hub
from hub.reading.supporters import first_name
from hub.reading.texts import listed_name
from hub.store.loading import PERSON_ALONE
from hub.store.tables import Person, Thread, ThreadMember, ThreadPost, Worker
from hub.threads.standing import in_force
from hub.times import say_when
from hub.words import PostTo

PAGE = 50
NEW = and_(ThreadPost.sent_to == PostTo.WORKER, ThreadPost.seen_at.is_(None))


@dataclass(frozen=True, slots=True)
class Row:
    ref: str
    name: str
    around: str  # first names
    last: str
    paused: bool
    new: int  # texts to the worker alone that nobody has seen


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    number: int
    pages: int
    total: int


async def listed(hub: Hub, session: AsyncSession, worker: Worker, number: int) -> Page:
    """What is new for the worker first, then the newest word. `number` starts at 1."""
    now, said = hub.clock.now(), _said()
    alive = or_(said.c.at.is_not(None), Thread.paused_at.is_not(None), _has_members(now))
    threads = select(Thread, Person, said.c.at, said.c.new).join(Person, Person.id == Thread.person_id)
    threads = threads.outerjoin(said, said.c.thread_id == Thread.id)
    threads = threads.where(may_see(worker), Person.erased_at.is_(None), alive)
    total = int(await session.scalar(threads.with_only_columns(func.count())) or 0)
    pages = max(1, -(-total // PAGE))
    number = min(max(1, number), pages)
    first = (func.coalesce(said.c.new, 0) > 0).desc()
    newest = threads.order_by(first, said.c.at.desc().nulls_last(), Thread.id.desc())
    shown = newest.options(*PERSON_ALONE, lazyload(Thread.person)).limit(PAGE).offset((number - 1) * PAGE)
    found = (await session.execute(shown)).unique().all()
    around = await _around(hub, session, [thread.id for thread, *_ in found], now)
    return Page([_row(hub, *each, around=around) for each in found], number, pages, total)


def _row(
    hub: Hub, thread: Thread, person: Person, at: datetime | None, new: int | None, *, around: Mapping[int, list[str]]
) -> Row:
    return Row(
        ref=person.ref,
        name=listed_name(hub, person),
        around=", ".join(around.get(thread.id, [])),
        last=say_when(at, person.agency.time_zone) if at else "",
        paused=thread.paused_at is not None,
        new=new or 0,
    )


def _said() -> Subquery:
    newest = select(ThreadPost.thread_id, func.max(ThreadPost.at).label("at"), func.count().filter(NEW).label("new"))
    return newest.group_by(ThreadPost.thread_id).subquery()


def _has_members(now: datetime) -> ColumnElement[bool]:
    return exists().where(ThreadMember.thread_id == Thread.id, in_force(now))


async def _around(hub: Hub, session: AsyncSession, ids: Sequence[int], now: datetime) -> dict[int, list[str]]:
    wanted = (
        select(ThreadMember)
        .where(ThreadMember.thread_id.in_(ids), in_force(now))
        .options(joinedload(ThreadMember.supporter).options(*PERSON_ALONE))
        .order_by(ThreadMember.accepted_at, ThreadMember.person_id)
    )
    around: dict[int, list[str]] = {}
    for member in (await session.scalars(wanted)).unique():
        around.setdefault(member.thread_id, []).append(first_name(hub, member.supporter))
    return around


async def marks(session: AsyncSession, person_ids: Collection[int]) -> dict[int, str]:
    """What a row of the inbox says of these people's threads; of most nothing."""
    new = select(ThreadPost.thread_id).where(NEW).group_by(ThreadPost.thread_id).subquery()
    wanted = (
        select(Thread.person_id, new.c.thread_id.is_not(None))
        .outerjoin(new, new.c.thread_id == Thread.id)
        .where(Thread.person_id.in_(person_ids), or_(Thread.paused_at.is_not(None), new.c.thread_id.is_not(None)))
    )
    return {
        person_id: "Supporters wrote to you" if is_new else "Supporters’ talk is paused"
        for person_id, is_new in await session.execute(wanted)
    }
