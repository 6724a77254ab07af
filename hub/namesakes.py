"""Who may be here twice: people of one agency and side with the same whole name, found by a blind index.

Who has been told apart by a worker is not suggested again. Knows no screen.
"""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import may_see
from hub.core import Hub
from hub.errors import NotFound
from hub.people import index_of_name, name_of
from hub.store import audit
from hub.store.tables import Person, TwoPeople, Worker

MOST = 5
AT_ONCE = 500


async def namesakes(session: AsyncSession, worker: Worker, person: Person) -> Sequence[Person]:
    """Those whom this worker may see."""
    apart = exists(select(1).where(TwoPeople.person_id == person.id, TwoPeople.other_id == Person.id))
    wanted = select(Person).where(
        Person.agency_id == person.agency_id,
        Person.side == person.side,
        Person.name_index == person.name_index,
        Person.id != person.id,
        Person.erased_at.is_(None),
        may_see(worker),
        ~apart,
    )
    return (await session.scalars(wanted.order_by(Person.id).limit(MOST))).all() if person.name_index else ()


async def tell_apart(hub: Hub, session: AsyncSession, worker: Worker, one: Person, two: Person) -> None:
    """A worker says that they are two people. Raises `NotFound` when there is only one."""
    if one.id == two.id:
        raise NotFound("(one record)")
    now = hub.clock.now()
    for person, other in ((one, two), (two, one)):
        row = TwoPeople(person_id=person.id, other_id=other.id, side=person.side, by_id=worker.id, at=now)
        await session.merge(row)
        subject = f"person:{person.id}"
        audit.record(session, now, f"worker:{worker.id}", "told_apart", subject, person_id=person.id, other=other.id)


async def index_names(hub: Hub) -> int:
    """Of people who were here before there was an index. Returns how many."""
    async with hub.store.transaction() as session:
        wanted = select(Person).where(Person.name_index.is_(None), Person.name_sealed.is_not(None))
        found = (await session.scalars(wanted.order_by(Person.id).limit(AT_ONCE))).all()
        for person in found:
            person.name_index = index_of_name(hub, person.side, name_of(hub, person))
        return len(found)
