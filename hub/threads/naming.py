"""First names in a thread, told apart without surnames: the second Jo who came is “Jo (2)”, for ever.

Counted among all who were ever in it, so that nobody takes over the name of somebody who has left. Knows no text.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from hub.core import Hub
from hub.people import name_of
from hub.store.loading import PERSON_ALONE
from hub.store.tables import Person, Thread, ThreadMember

NOBODY = "?"  # somebody whose data has been erased


def first_name(name: str) -> str:
    """ "Smith, Sam" is Sam."""
    before, comma, after = name.partition(",")
    words = (after if comma and after.strip() else before).split()
    return words[0] if words else ""


async def names_in(hub: Hub, session: AsyncSession, thread: Thread) -> Mapping[int, str]:
    """Of the person and of everybody who was ever asked in, by id; the person is the first of their name."""
    supporters = (
        select(ThreadMember)
        .where(ThreadMember.thread_id == thread.id)
        .options(joinedload(ThreadMember.supporter).options(*PERSON_ALONE))
        .order_by(ThreadMember.invited_at, ThreadMember.person_id)
    )
    members = (await session.scalars(supporters)).unique().all()
    owner = await session.get_one(Person, thread.person_id, options=PERSON_ALONE)
    return told_apart(hub, [owner, *(member.supporter for member in members)])


def told_apart(hub: Hub, people: Iterable[Person]) -> Mapping[int, str]:
    """In the order given."""
    seen = Counter[str]()
    found: dict[int, str] = {}
    for each in people:
        name = first_name(name_of(hub, each)) or NOBODY
        seen[name.casefold()] += 1
        count = seen[name.casefold()]
        found[each.id] = name if count == 1 else f"{name} ({count})"
    return found
