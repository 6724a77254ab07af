"""Whom a person wants told when they do not say that they are safe. Nobody is, who has not said yes to it.

Only who is close to them already can be asked: who stands by them (`hub/threads/`), or whom a victim has named to hear
of their case (`hub/nominations.py`). Whoever leaves or is unnamed is told no more. Knows no screen.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import when_safe
from hub.core import Hub
from hub.errors import NotAllowed, NotFound, SidesMeet
from hub.handling import Handling
from hub.people import name_of
from hub.speaking import speak_to
from hub.states import NominationState
from hub.store import audit
from hub.store.tables import ChosenContact, Nomination, Person, Thread, ThreadMember
from hub.threads.standing import in_force
from hub.when_safe import told_when_safe
from hub.words import Awaiting, Purpose

KIND = "chosen_contact"  # of the open question's subject: the number is that of whom it is about


async def contacts_of(session: AsyncSession, person: Person, now: datetime) -> Sequence[Person]:
    """Those who are told."""
    agreed = (ChosenContact.agreed_at.is_not(None), ChosenContact.ended_at.is_(None))
    wanted = _close(person, now).join(ChosenContact, ChosenContact.supporter_id == Person.id)
    return (await session.scalars(wanted.where(*agreed, ChosenContact.person_id == person.id))).all()


async def supporters_of(session: AsyncSession, person: Person, now: datetime) -> Sequence[Person]:
    """Those who could be asked."""
    return (await session.scalars(_close(person, now))).all()


async def standing(session: AsyncSession, person: Person) -> dict[int, ChosenContact]:
    """What was asked of whom, by the supporter's id."""
    found = await session.scalars(select(ChosenContact).where(ChosenContact.person_id == person.id))
    return {each.supporter_id: each for each in found}


async def ask(hub: Hub, session: AsyncSession, actor: str, person: Person, supporter: Person) -> None:
    """Ask a supporter whether we may text them. Raises `NotAllowed` for whoever is not close to this person."""
    if person.side is not supporter.side:
        raise SidesMeet
    if supporter.id not in {each.id for each in await supporters_of(session, person, hub.clock.now())}:
        raise NotAllowed("Only somebody whom they have named, or who stands by them, can be asked.")
    found = await session.get(ChosenContact, (person.id, supporter.id))
    if found is None:
        found = ChosenContact(person_id=person.id, supporter_id=supporter.id)
        session.add(found)
    found.asked_at, found.agreed_at, found.ended_at = hub.clock.now(), None, None
    await session.flush()
    _record(hub, session, actor, "chosen_contact_asked", person, supporter)
    handling = await speak_to(hub, session, supporter, Purpose.UPDATE)
    if handling:
        await when_safe.tell(handling, KIND, person.id)


async def end(hub: Hub, session: AsyncSession, actor: str, person: Person, supporter_id: int) -> None:
    """This one is told no more. Raises `NotFound`."""
    found = await session.get(ChosenContact, (person.id, supporter_id))
    if found is None:
        raise NotFound
    found.ended_at = hub.clock.now()
    _record(hub, session, actor, "chosen_contact_ended", person, await session.get_one(Person, supporter_id))


async def answer(handling: Handling, *, agrees: bool) -> None:
    """A supporter's own yes or no."""
    person_id = handling.prompt.subject_id if handling.prompt else None
    found = await handling.session.get(ChosenContact, (person_id, handling.person.id)) if person_id else None
    await handling.answered()
    if found is None or found.ended_at:
        return await handling.say("are_you_safe.contact_no")
    person = await handling.session.get_one(Person, found.person_id)
    if agrees:
        found.agreed_at = handling.now
    else:
        found.ended_at = handling.now
    handling.record("chosen_contact_agreed" if agrees else "chosen_contact_declined", f"person:{person.id}")
    await handling.say("are_you_safe.contact_yes" if agrees else "are_you_safe.contact_no")


@told_when_safe(KIND)
async def _ask_them(handling: Handling, number: int | None) -> None:
    person = await handling.session.get(Person, number)
    if person is None or person.side is not handling.person.side:
        return
    await handling.ask(
        "are_you_safe.contact_ask",
        Awaiting.SURVEY_YES_NO,
        subject=(KIND, person.id),
        lasts=None,
        their_name=name_of(handling.hub, person).split(" ")[0],
    )


def _close(person: Person, now: datetime) -> Select[Person]:
    stand_by = select(ThreadMember.person_id).join(Thread, Thread.id == ThreadMember.thread_id)
    named = select(Nomination.contact_id).where(
        Nomination.person_id == person.id, Nomination.state == NominationState.AGREED
    )
    either = Person.id.in_(stand_by.where(Thread.person_id == person.id, in_force(now))) | Person.id.in_(named)
    return select(Person).where(either, Person.side == person.side, Person.erased_at.is_(None)).order_by(Person.id)


def _record(hub: Hub, session: AsyncSession, actor: str, what: str, person: Person, supporter: Person) -> None:
    about = f"person:{supporter.id}"
    audit.record(session, hub.clock.now(), actor, what, about, person_id=person.id, supporter=supporter.id)
