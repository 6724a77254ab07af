"""With whom a person may not be in contact: entered by workers, from a condition, an order, or for somebody's safety.

    barred()   as a condition of a query: a supporter with a number of somebody on the list
    add()      a worker enters somebody, with a name, numbers or both
    end()      it holds no longer

Compared by blind index, number by number, on one side only: what the other side knows is never asked. A name alone
bars nobody, since two people can share one: it puts a human in front (`hub/threads/checks.py`).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from hub.core import Hub
from hub.errors import NotAllowed
from hub.people import index_of_name
from hub.store import audit
from hub.store.tables import ContactPoint, NoContact, NoContactAddress, Person
from hub.words import ChannelKind

WHY = {
    "condition": "A condition of the disposal or licence",
    "order": "A court order or bail condition",
    "co_accused": "Accused in the same case",
    "safety": "For somebody’s safety",
}
Number = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


def holds(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Of `NoContact`."""
    return NoContact.ended_at.is_(None) & or_(NoContact.ends_at.is_(None), NoContact.ends_at > now)


def barred(
    person_id: Number | int, other_id: Number | int, now: datetime | BindParameter[datetime]
) -> ColumnElement[bool]:
    """Whether any number of the other is on the person's list."""
    same = (ContactPoint.channel == NoContactAddress.channel) & (
        ContactPoint.address_index == NoContactAddress.address_index
    )
    return (
        exists()
        .where(NoContactAddress.no_contact_id == NoContact.id, same)
        .where(NoContact.person_id == person_id, ContactPoint.person_id == other_id, holds(now))
        .correlate_except(NoContact, NoContactAddress, ContactPoint)
    )


async def is_barred(session: AsyncSession, person_id: int, other_id: int, now: datetime) -> bool:
    return bool(await session.scalar(select(barred(person_id, other_id, now))))


async def add(
    hub: Hub,
    session: AsyncSession,
    worker_id: int,
    person: Person,
    *,
    name: str,
    numbers: Sequence[str],
    why: str,
    ends_at: datetime | None = None,
    case_id: int | None = None,
) -> NoContact:
    """`numbers` are E.164. Raises `NotAllowed` with neither a name nor a number, or a reason that there is not."""
    if (not name.strip() and not numbers) or why not in WHY:
        raise NotAllowed("Enter a name or a phone number, and select why.")
    key = hub.vault.open_person_key(person.wrapped_key or b"")
    entry = NoContact(
        person_id=person.id,
        side=person.side,
        case_id=case_id,
        name_sealed=key.seal(name.strip(), "name") if name.strip() else None,
        name_index=index_of_name(hub, person.side, name),
        why=why,
        added_by_id=worker_id,
        added_at=hub.clock.now(),
        ends_at=ends_at,
    )
    session.add(entry)
    await session.flush()
    for number in dict.fromkeys(numbers):
        session.add(
            NoContactAddress(
                no_contact_id=entry.id,
                channel=ChannelKind.SMS,
                address_index=hub.vault.index(person.side, ChannelKind.SMS, number),
                address_sealed=key.seal(number, "address"),
            )
        )
    await session.flush()
    _record(hub, session, worker_id, entry, "no_contact_added")
    return entry


async def end(hub: Hub, session: AsyncSession, worker_id: int, entry: NoContact) -> None:
    """It holds no longer; the entry stays for the record."""
    entry.ended_at, entry.ended_by_id = hub.clock.now(), worker_id
    _record(hub, session, worker_id, entry, "no_contact_ended")


def _record(hub: Hub, session: AsyncSession, worker_id: int, entry: NoContact, what: str) -> None:
    about = f"no_contact:{entry.id}"
    audit.record(session, hub.clock.now(), f"worker:{worker_id}", what, about, person_id=entry.person_id, why=entry.why)
