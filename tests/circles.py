"""Somebody stands by a person, as if the code had been given: for tests that are about something else."""

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.store.tables import Person, ThreadMember
from hub.threads import members
from hub.threads.standing import thread_for
from hub.words import Relation, Sees


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
