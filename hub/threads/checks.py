"""Why a human looks before somebody can stand by a person. Reads, changes nothing; tells nobody.

`WHY` are the words for workers. Neither the person nor whoever gives a code is told which of them it was.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.ages import is_minor
from hub.anonymise import form
from hub.core import Hub
from hub.no_contact import holds, is_barred
from hub.people import name_of
from hub.store.tables import Invitation, NoContact, Person, Team, Worker
from hub.words import Relation, Role

WHY = {
    "person_under_18": "The person is under 18",
    "supporter_under_18": "Whom they want is under 18",
    "same_name": "Somebody on the no-contact list has this name",
    "colleague": "Somebody who works here has this name",
    "supervised": "Whoever gave the code is under supervision here",
}


async def of_wish(
    hub: Hub, session: AsyncSession, person: Person, name: str, relation: Relation, *, under_18: bool
) -> list[str]:
    """Known before anybody has given the code."""
    found = {
        "person_under_18": is_minor(person, hub.clock.now()),
        "supporter_under_18": under_18,
        "same_name": await _is_on_the_list(hub, session, person, name),
        "colleague": relation is Relation.MENTOR and await _works_here(session, person, name),
    }
    return [why for why, so in found.items() if so]


async def of_sender(
    hub: Hub, session: AsyncSession, person: Person, sender: Person, invitation: Invitation
) -> list[str]:
    """Known from who gives it; what a human has looked at already is not asked again."""
    if not sender.known:
        return []
    now = hub.clock.now()
    young = is_minor(sender, now) and not invitation.under_18
    found = {
        "supervised": sender.role is Role.SUPERVISED,
        "supporter_under_18": young,
        "same_name": await _is_on_the_list(hub, session, person, name_of(hub, sender)),
    }
    looked_at = set(invitation.checks) if invitation.checked_by_id and invitation.supporter_id == sender.id else set()
    return [why for why, so in found.items() if so and why not in looked_at]


async def is_refused(session: AsyncSession, person: Person, sender: Person, now: datetime) -> bool:
    """On either one's no-contact list, by number."""
    return await is_barred(session, person.id, sender.id, now) or await is_barred(session, sender.id, person.id, now)


async def _is_on_the_list(hub: Hub, session: AsyncSession, person: Person, name: str) -> bool:
    """All of the name, or the first name where only that is known of one of the two."""
    listed = select(NoContact.name_sealed).where(
        NoContact.person_id == person.id, NoContact.name_sealed.is_not(None), holds(hub.clock.now())
    )
    key = hub.vault.open_person_key(person.wrapped_key or b"")
    names = [key.open(sealed, "name") for sealed in await session.scalars(listed) if sealed]
    return any(_same(name, other) for other in names)


def _same(one: str, other: str) -> bool:
    ours, theirs = (_words(each) for each in (one, other))
    if not ours or not theirs:
        return False
    alone = len(ours) == 1 or len(theirs) == 1
    return ours[0] == theirs[0] if alone else sorted(ours) == sorted(theirs)


async def _works_here(session: AsyncSession, person: Person, name: str) -> bool:
    staff = (
        select(Worker.name)
        .join(Team, Team.id == Worker.team_id)
        .where(Team.agency_id == person.agency_id, Team.side == person.side, Worker.disabled_at.is_(None))
    )
    return any(_same(name, other) for other in await session.scalars(staff))


def _words(name: str) -> list[str]:
    return [word for each in name.replace(",", " ").split() if (word := form(each))]
