"""Names that the hub knows around one person, to take them out of texts. Knows no text."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.people import name_of
from hub.store.tables import (
    Appointment,
    Invitation,
    NoContact,
    Nomination,
    Person,
    Team,
    Thread,
    ThreadMember,
    Worker,
)


async def names_around(hub: Hub, session: AsyncSession, person: Person) -> list[str]:
    """The person, who stands by them and by whom they stand, whom they see, and every worker of their side."""
    found = [name for each in (person, *await _supporters(session, person)) for name in _names_of(hub, each)]
    workers = (
        select(Worker.name, Worker.first_name)
        .join(Team, Team.id == Worker.team_id)
        .where(Team.agency_id == person.agency_id, Team.side == person.side)
    )
    found += [name for both in (await session.execute(workers)).all() for name in both]
    seen = select(Appointment.with_whom).where(Appointment.person_id == person.id).distinct()
    return [*found, *await session.scalars(seen), *await _written_down(hub, session, person)]


async def _supporters(session: AsyncSession, person: Person) -> list[Person]:
    """Not only those in force: whoever has left can be spoken of still."""
    threads = (await session.execute(select(Thread.id, Thread.person_id).where(_in_their_circle(person)))).all()
    members = select(ThreadMember.person_id).where(ThreadMember.thread_id.in_([thread for thread, _ in threads]))
    ids = {owner for _, owner in threads} | set(await session.scalars(members)) | await _named(session, person)
    return list(await session.scalars(select(Person).where(Person.id.in_(ids - {person.id}))))


def _in_their_circle(person: Person) -> ColumnElement[bool]:
    """Of `Thread`: their own, and those that they are or were in."""
    among = select(ThreadMember.thread_id).where(ThreadMember.person_id == person.id)
    return or_(Thread.person_id == person.id, Thread.id.in_(among))


async def _written_down(hub: Hub, session: AsyncSession, person: Person) -> list[str]:
    """Names of whom no record need be known: for whom somebody wished, and with whom they may not be in contact."""
    owners = select(Thread.person_id).where(_in_their_circle(person))
    wished = select(Person.wrapped_key, Invitation.who_sealed).join(Thread, Thread.person_id == Person.id)
    wished = wished.join(Invitation, Invitation.thread_id == Thread.id).where(Person.id.in_(owners))
    barred = select(Person.wrapped_key, NoContact.name_sealed).join(NoContact, NoContact.person_id == Person.id)
    barred = barred.where(or_(Person.id == person.id, Person.id.in_(owners)))
    rows = [row for query in (wished, barred) for row in await session.execute(query)]
    return [hub.vault.open_person_key(key).open(sealed, "name") for key, sealed in rows if key and sealed]


async def _named(session: AsyncSession, person: Person) -> set[int]:
    """Whom they have named to hear of their case, and who has named them."""
    both = Nomination.person_id, Nomination.contact_id
    pairs = await session.execute(select(*both).where(or_(*(column == person.id for column in both))))
    return {number for pair in pairs for number in pair}


def _names_of(hub: Hub, person: Person) -> list[str]:
    if person.wrapped_key is None or person.preferred_name_sealed is None:
        return [name_of(hub, person)]
    preferred = hub.vault.open_person_key(person.wrapped_key).open(person.preferred_name_sealed, "name")
    return [name_of(hub, person), preferred]
