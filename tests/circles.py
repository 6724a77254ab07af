"""Somebody stands by a person, as if the code had been given; and codes that are out. For tests."""

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.store.tables import Person, ThreadMember
from hub.threads import invitations, members
from hub.threads.standing import thread_for
from hub.words import Relation, Sees
from tests.world import World


async def stand_by(
    hub: Hub,
    session: AsyncSession,
    person: Person,
    supporter: Person,
    *,
    sees: Sees = Sees.DATES,
    relation: Relation = Relation.FRIEND,
) -> ThreadMember:
    thread = await thread_for(session, person, hub.clock.now())
    return await members.join(hub, session, thread, supporter, sees=sees, relation=relation)


async def wished(world: World, session: AsyncSession, person: Person, **known: object) -> invitations.Wished:
    """By the person, or (`worker_id`) by their worker."""
    by = f"worker:{known['worker_id']}" if "worker_id" in known else f"person:{person.id}"
    words = {
        "name": "Jo Hart", "relation": Relation.FRIEND, "sees": Sees.DATES, "months": 3,
        "agreed_how": "spoken" if "worker_id" in known else "text",
    } | known  # fmt: skip
    return await invitations.wish(world.hub, session, person, by, **words)  # type: ignore[arg-type]


async def code_for(world: World, number: int = 0) -> tuple[int, str]:
    """Somebody of their own with a code. Returns the person's id and the code."""
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, name="Alex Reed", address=f"+447700900{500 + number}")
        found = await wished(world, session, person)
        assert found.code
        return person.id, found.code
