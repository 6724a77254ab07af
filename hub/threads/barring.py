"""What an entry on the no-contact list does to who stands by whom now: their part ends at once, both ways round.

The entry itself is `hub/no_contact.py`; that nothing leaves afterwards is `going_out.py`. Knows no screen.
"""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from hub import no_contact
from hub.core import Hub
from hub.store.tables import Person
from hub.threads import members
from hub.threads.standing import members_of, stands_by


async def end_barred(hub: Hub, session: AsyncSession, actor: str, person: Person) -> Sequence[Person]:
    """Whose part ended: supporters of this person, and whom this person stood by."""
    now, ended = hub.clock.now(), list[Person]()
    for member in await members_of(session, person.id, now):
        if await no_contact.is_barred(session, person.id, member.person_id, now):
            ended.append(member.supporter)
            await members.end(hub, session, actor, member, "no_contact")
    for member, other in await stands_by(session, person.id, now):
        if await no_contact.is_barred(session, person.id, other.id, now):
            await members.end(hub, session, actor, member, "no_contact")
            ended.append(other)
    return ended
