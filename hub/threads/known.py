"""What is known of everybody who was ever in a thread, and must not pass to the others. Knows not how it is found."""

from collections.abc import Iterable, Sequence
from itertools import chain

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.people import address_of, name_of
from hub.store.loading import PERSON_ALONE
from hub.store.tables import Appointment, Case, Condition, ContactPoint, Person, Thread, ThreadMember, Worker
from hub.threads.masking import Hidden
from hub.threads.naming import first_name
from hub.threads.plain import simple

UK = "44"
TWO_WORDS = 2  # one alone (“Home”, “Apologise”) is a word that anybody may use


async def hidden_in(hub: Hub, session: AsyncSession, thread: Thread) -> Hidden:
    people = await _people(session, thread)
    names = [name for person in people for name in _names_of(hub, person)]
    names += [worker.name for worker in await _workers(session, thread, people)]
    first_names = frozenset(simple(first_name(name)) for name in names) - {""}
    surnames = {(simple(first_name(name)), surname) for name in names for surname in _surnames(name)}
    return Hidden(
        surnames=frozenset(surname for _, surname in surnames if simple(surname) not in first_names),
        first_names=first_names,
        full_names=frozenset(both for both in surnames if both[0] and simple(both[1]) in first_names),
        numbers=frozenset(await _numbers(hub, session, people)),
        references=frozenset(await _references(hub, session, people)),
        phrases=frozenset(phrase for phrase in await _phrases(hub, session, people) if _is_long(phrase)),
    )


async def _people(session: AsyncSession, thread: Thread) -> Sequence[Person]:
    """Also those who have left: what the others know of them stays theirs."""
    members = select(ThreadMember.person_id).where(ThreadMember.thread_id == thread.id)
    both = or_(Person.id == thread.person_id, Person.id.in_(members))
    wanted = select(Person).where(both, Person.wrapped_key.is_not(None)).options(*PERSON_ALONE)
    return (await session.scalars(wanted)).unique().all()


async def _workers(session: AsyncSession, thread: Thread, people: Sequence[Person]) -> Sequence[Worker]:
    mentors = select(ThreadMember.staff_id).where(
        ThreadMember.thread_id == thread.id, ThreadMember.staff_id.is_not(None)
    )
    theirs = {person.worker_id for person in people if person.worker_id}
    return (await session.scalars(select(Worker).where(or_(Worker.id.in_(theirs), Worker.id.in_(mentors))))).all()


def _names_of(hub: Hub, person: Person) -> Iterable[str]:
    yield name_of(hub, person)
    if person.preferred_name_sealed and person.wrapped_key:
        yield hub.vault.open_person_key(person.wrapped_key).open(person.preferred_name_sealed, "name")


def _surnames(name: str) -> Iterable[str]:
    """All but the first name; of a double one each half too. A letter alone is no name."""
    words = name.replace(",", " ").split()
    if first_name(name) in words:
        words.remove(first_name(name))
    parts = chain.from_iterable((word, *word.split("-")) for word in words)
    return {part for part in parts if len(simple(part)) > 1}


async def _numbers(hub: Hub, session: AsyncSession, people: Sequence[Person]) -> set[str]:
    by_id = {person.id: person for person in people}
    ways = await session.scalars(select(ContactPoint).where(ContactPoint.person_id.in_(by_id)))
    found = {simple(address_of(hub, by_id[way.person_id], way)) for way in ways}
    return found | {"0" + number.removeprefix(UK) for number in found if number.startswith(UK)}


async def _references(hub: Hub, session: AsyncSession, people: Sequence[Person]) -> set[str]:
    """Of their cases, and of themselves in the agency's own system."""
    theirs = select(Case.reference).where(Case.person_id.in_([person.id for person in people]))
    found = set(await session.scalars(theirs))
    for person in people:
        if person.external_sealed and person.wrapped_key:
            found.add(hub.vault.open_person_key(person.wrapped_key).open(person.external_sealed, "external"))
    return {reference for reference in found if len(simple(reference)) > 1}


async def _phrases(hub: Hub, session: AsyncSession, people: Sequence[Person]) -> set[str]:
    """Conditions, and where and with whom they meet, as our own texts would say it."""
    ids = [person.id for person in people]
    seen = select(Appointment.place, Appointment.with_whom).where(Appointment.person_id.in_(ids)).distinct()
    found = {phrase for both in await session.execute(seen) for phrase in both if phrase}
    agreed = select(Condition).join(Case, Case.id == Condition.case_id).where(Case.person_id.in_(ids))
    for condition in (await session.scalars(agreed)).unique():
        key = condition.case.person.wrapped_key
        if key:
            found.add(hub.vault.open_person_key(key).open(condition.words_sealed, "condition").rstrip(" ."))
    return found


def _is_long(phrase: str) -> bool:
    return len(phrase.split()) >= TWO_WORDS
