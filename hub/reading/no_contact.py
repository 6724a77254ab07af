"""The no-contact list of a person for a screen: who, why, until when; and who it has put out, or may mean. No page."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.addresses import as_dialled
from hub.core import Hub
from hub.no_contact import WHY, holds
from hub.reading.cases import row as case_row
from hub.reading.stream import names_of
from hub.reading.supporters import day_and_year, first_name, seen_of
from hub.reading.texts import key_of, shown_name
from hub.store.loading import PERSON_ALONE
from hub.store.tables import Case, NoContact, NoContactAddress, Person, Thread, ThreadMember, Worker
from hub.store.vault import Key
from hub.threads.standing import members_of


@dataclass(frozen=True, slots=True)
class Entry:
    number: int
    name: str
    numbers: tuple[str, ...]
    why: str
    case: str
    by: str
    added: str
    until: str
    holds: bool
    ended: str  # when, and by whom
    same_name: tuple[tuple[str, str], ...]  # (ref, name) of those who stand by them now and are called the same


@dataclass(frozen=True, slots=True)
class Put:
    """Somebody whose part ended because of the list."""

    name: str
    when: str


async def entries(hub: Hub, session: AsyncSession, worker: Worker, person: Person) -> list[Entry]:
    """Those that hold first, each kind with the newest in front."""
    wanted = select(NoContact).where(NoContact.person_id == person.id)
    found = (await session.scalars(wanted.order_by(holds(hub.clock.now()).desc(), NoContact.id.desc()))).all()
    names = await names_of(session, {i for each in found for i in (each.added_by_id, each.ended_by_id) if i})
    beside = _Beside(names, await _numbers(session, found), await _cases(session, person))
    around = [member.supporter for member in await members_of(session, person.id, hub.clock.now())]
    seen = await seen_of(session, worker, [each.id for each in around])
    return [_entry(hub, person, each, beside, [who for who in around if who.id in seen]) for each in found]


@dataclass(frozen=True, slots=True)
class _Beside:
    workers: dict[int, str]
    numbers: dict[int, list[bytes]]
    cases: dict[int, str]


def _entry(hub: Hub, person: Person, row: NoContact, beside: _Beside, around: Sequence[Person]) -> Entry:
    zone, now, key = person.agency.time_zone, hub.clock.now(), key_of(hub, person)
    in_force = row.ended_at is None and (row.ends_at is None or row.ends_at > now)
    over = row.ended_at or (None if in_force else row.ends_at)
    by = f", {beside.workers.get(row.ended_by_id, 'a worker')}" if row.ended_by_id else ""
    alike = [who for who in around if in_force and row.name_index and who.name_index == row.name_index]
    return Entry(
        number=row.id,
        name=key.open(row.name_sealed, "name") if key and row.name_sealed else "",
        numbers=tuple(_dialled(key, sealed) for sealed in beside.numbers.get(row.id, [])),
        why=WHY[row.why],
        case=beside.cases.get(row.case_id or 0, ""),
        by=beside.workers.get(row.added_by_id, "A worker"),
        added=day_and_year(row.added_at, zone),
        until=day_and_year(row.ends_at, zone),
        holds=in_force,
        ended=f"{day_and_year(over, zone)}{by}" if over else "",
        same_name=tuple((who.ref, shown_name(hub, who)) for who in alike),
    )


def _dialled(key: Key | None, sealed: bytes) -> str:
    return as_dialled(key.open(sealed, "address")) if key else ""


async def _numbers(session: AsyncSession, found: Sequence[NoContact]) -> dict[int, list[bytes]]:
    wanted = select(NoContactAddress).where(NoContactAddress.no_contact_id.in_([each.id for each in found]))
    numbers: dict[int, list[bytes]] = {}
    for address in await session.scalars(wanted.order_by(NoContactAddress.id)):
        numbers.setdefault(address.no_contact_id, []).append(address.address_sealed)
    return numbers


async def _cases(session: AsyncSession, person: Person) -> dict[int, str]:
    cases = await session.scalars(select(Case).where(Case.person_id == person.id).order_by(Case.id.desc()))
    return {case.id: f"{case_row(case).kind}, {case.reference}" for case in cases}


async def cases_of(session: AsyncSession, person: Person) -> dict[int, str]:
    """For the choice of a case."""
    return await _cases(session, person)


async def put_out(hub: Hub, session: AsyncSession, person: Person) -> list[Put]:
    """Supporters whose part ended because of the list, the newest first."""
    wanted = (
        select(ThreadMember, Person)
        .join(Thread, Thread.id == ThreadMember.thread_id)
        .join(Person, Person.id == ThreadMember.person_id)
        .where(Thread.person_id == person.id, ThreadMember.ended_for == "no_contact", ThreadMember.left_at.is_not(None))
        .options(*PERSON_ALONE)
        .order_by(ThreadMember.left_at.desc())
    )
    zone = person.agency.time_zone
    rows = (await session.execute(wanted)).unique()
    return [Put(first_name(hub, who), day_and_year(member.left_at, zone)) for member, who in rows]
