"""What cannot be wished for at all, with a sentence that says what to do instead. Changes nothing."""

from sqlalchemy.ext.asyncio import AsyncSession

from hub.ages import is_minor
from hub.core import Hub
from hub.errors import NotAllowed, SidesMeet
from hub.store.tables import Person, Worker
from hub.threads.reading import name_in
from hub.words import Relation, Role, Sees, Side

MOST_MONTHS = 24


def refuse_what_cannot_be(
    hub: Hub, person: Person, name: str, relation: Relation, sees: Sees, months: int | None, *, under_18: bool
) -> None:
    if person.side is not Side.SUPERVISION or person.role is not Role.SUPERVISED or not person.known:
        raise NotAllowed("Only somebody under supervision can ask for a supporter here.")
    if person.wrapped_key is None:
        raise NotAllowed("This person has been erased.")
    if not name_in(name):
        raise NotAllowed("Enter a first name, or a first name and a surname.")
    if relation is Relation.GUARDIAN and not is_minor(person, hub.clock.now()):
        raise NotAllowed("Only somebody under 18 has a guardian. Choose family, friend or mentor.")
    if under_18 and sees is not Sees.DATES:
        raise NotAllowed("A supporter who is under 18 sees days and times only.")
    if months is not None and not 1 <= months <= MOST_MONTHS:
        raise NotAllowed(f"Choose from 1 to {MOST_MONTHS} months, or until somebody ends it.")


async def refuse_colleague(session: AsyncSession, person: Person, staff_id: int) -> None:
    """Never who works with them; never somebody of the other side."""
    staff = await session.get(Worker, staff_id)
    if staff is None or staff.team.agency_id != person.agency_id:
        raise NotAllowed("There is no such worker here.")
    if staff.team.side is not person.side:
        raise SidesMeet
    if staff.id == person.worker_id:
        raise NotAllowed("This is the person’s own worker. Somebody else can be their mentor.")


def needs_guardian(hub: Hub, person: Person, relation: Relation) -> bool:
    return relation is not Relation.GUARDIAN and is_minor(person, hub.clock.now())
