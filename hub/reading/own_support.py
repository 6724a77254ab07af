"""What a person sees of the people around them in what we hold: who, what each may see, who allowed it and when.

First names alone. The no-contact list is not among it: an entry can be there for somebody else's safety.
"""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.reading.support_history import wished_names
from hub.reading.supporters import first_name
from hub.store.loading import PERSON_ALONE
from hub.store.tables import Person, SupportConsent, Thread
from hub.threads.naming import first_name as first_of
from hub.threads.standing import members_of, stands_by
from hub.times import say_day
from hub.words import Sees


@dataclass(frozen=True, slots=True)
class OwnSupport:
    around: list[tuple[str, Sees]]
    for_whom: list[str]  # whom they stand by themselves
    history: list[tuple[str, str, str]]  # when, a key of hub/threads/consents.py WHAT, about whom


async def own_support(hub: Hub, session: AsyncSession, person: Person) -> OwnSupport:
    now = hub.clock.now()
    return OwnSupport(
        around=[(first_name(hub, each.supporter), each.sees) for each in await members_of(session, person.id, now)],
        for_whom=[first_name(hub, other) for _, other in await stands_by(session, person.id, now)],
        history=await _history(hub, session, person),
    )


async def _history(hub: Hub, session: AsyncSession, person: Person) -> list[tuple[str, str, str]]:
    wanted = (
        select(SupportConsent, Thread.person_id)
        .join(Thread, Thread.id == SupportConsent.thread_id)
        .where(or_(Thread.person_id == person.id, SupportConsent.supporter_id == person.id))
        .order_by(SupportConsent.id.desc())
    )
    rows = (await session.execute(wanted)).all()
    mine = [row for row, owner in rows if owner == person.id]
    wished = await wished_names(hub, session, person, mine)
    people = await _first_names(hub, session, {i for row, owner in rows for i in (row.supporter_id, owner) if i})
    named = {row.invitation_id: first_of(wished.get(row.invitation_id or 0, "")) for row in mine}

    def about(row: SupportConsent, owner: int) -> str:
        if owner != person.id:
            return people.get(owner, "")
        return people.get(row.supporter_id or 0) or named[row.invitation_id]

    return [(_day(row, person), row.what, about(row, owner)) for row, owner in rows]


def _day(row: SupportConsent, person: Person) -> str:
    return f"{say_day(row.at, person.agency.time_zone, person.language)} {row.at.year}"


async def _first_names(hub: Hub, session: AsyncSession, ids: set[int]) -> dict[int, str]:
    found = await session.scalars(select(Person).where(Person.id.in_(ids)).options(*PERSON_ALONE))
    return {each.id: first_name(hub, each) for each in found.unique()}
