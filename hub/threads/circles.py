"""Whose circles somebody may talk in, and which of them a text names. Under first names. Reads, changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.store.tables import Person, Thread
from hub.threads.naming import told_apart
from hub.threads.plain import simple
from hub.threads.standing import stands_by, thread_of
from hub.words import Role, Sees, Side


@dataclass(frozen=True, slots=True)
class Circle:
    """`name`: of whom it is around, told apart from the others of the same reader."""

    thread_id: int
    name: str
    own: bool = False


async def circles_of(hub: Hub, session: AsyncSession, person: Person) -> Sequence[Circle]:
    """Their own first, then those in which they may chat. None on the victims' side."""
    if person.side is not Side.SUPERVISION:
        return []
    own = await thread_of(session, person.id)
    around = [other for member, other in await stands_by(session, person.id, hub.clock.now())
              if member.sees.allows(Sees.CHAT)]  # fmt: skip
    names = told_apart(hub, around)
    threads = await _threads(session, [other.id for other in around])
    first = [Circle(own.id, "", own=True)] if own else []
    return first + [Circle(threads[other.id], names[other.id]) for other in around]


def named(circles: Sequence[Circle], to: str) -> Circle | None:
    """“@sam”, “Sam (2)”, “sam2”."""
    wanted = simple(to)
    return next((each for each in circles if wanted and simple(each.name) == wanted), None)


def the_only(circles: Sequence[Circle], role: Role) -> Circle | None:
    """Where there is nothing to ask: a supporter's plain text is never for a circle of their own."""
    theirs = [each for each in circles if not each.own] if role is Role.SUPPORTER else circles
    return theirs[0] if len(theirs) == 1 else None


async def _threads(session: AsyncSession, person_ids: Sequence[int]) -> Mapping[int, int]:
    wanted = select(Thread.person_id, Thread.id).where(Thread.person_id.in_(person_ids))
    return {row.person_id: row.id for row in await session.execute(wanted)}
