"""People from a case system's file: read, compared with who is known, made or brought up to date.

Knows nothing of appointments. An empty cell never takes away what is known already.
"""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from sqlalchemy import select

from hub import safe_contact_record
from hub.core import Hub
from hub.people import add_contact, create_person, index_of_name, use_first
from hub.safe_contact import FORBIDDEN, is_recorded
from hub.store.tables import ContactPoint, Person, Worker
from hub.words import ROLES_OF, ChannelKind, Role, Side
from integrations.case_systems.cells import (
    CellReader,
    one_of,
    read_email,
    read_language,
    read_mobile,
    read_rows,
    read_time,
    read_yes_no,
)
from integrations.case_systems.lookups import Into, all_or_nothing, check_twice, check_worker
from integrations.case_systems.report import ImportResult, Report, Tally
from integrations.case_systems.table import Column

COLUMNS = (
    Column("person_ref", needed=True),
    Column("name", needed=True),
    Column("preferred_name"),
    Column("role", needed=True),
    Column("mobile"),
    Column("language"),
    Column("worker_email"),
    Column("discreet"),
    Column("preferred_channel"),
    Column("safe_contact"),
    Column("safe_from"),
    Column("safe_until"),
)


class ByNumber(StrEnum):
    """Channels that a mobile number is an address on. On the others a person has to write to us first."""

    SMS = ChannelKind.SMS
    SIMULATOR = ChannelKind.SIMULATOR


@dataclass(frozen=True, slots=True)
class PersonRow:
    row: int
    ref: str
    name: str
    preferred_name: str
    role: Role
    mobile: str  # E.164, or ""
    channel: ChannelKind
    language: str  # "" where the file does not say
    worker_email: str
    discreet: bool | None  # None where the file does not say
    safe: bool | None  # of victims: whether they have said that the number is safe; None where the file does not say
    safe_from: time | None
    safe_until: time | None


def read_people(content: bytes, *, fictional: bool = False) -> Report[PersonRow]:
    """The people of a CSV file; `fictional` allows 07700 900000 to 900999, for the demo and tests."""
    return read_rows(content, COLUMNS, lambda cells: _person_row(cells, fictional=fictional))


def _person_row(cells: CellReader, *, fictional: bool) -> PersonRow:
    return PersonRow(
        row=cells.row.number,
        ref=cells.needed("person_ref", str, ""),
        name=cells.needed("name", str, ""),
        preferred_name=cells.optional("preferred_name", str, ""),
        role=cells.needed("role", one_of(Role), Role.SUPPORTER),
        mobile=cells.optional("mobile", read_mobile(fictional=fictional), ""),
        channel=ChannelKind(cells.optional("preferred_channel", one_of(ByNumber), ByNumber.SMS)),
        language=cells.optional("language", read_language, ""),
        worker_email=cells.optional("worker_email", read_email, ""),
        discreet=cells.optional("discreet", read_yes_no, None),
        safe=cells.optional("safe_contact", read_yes_no, None),
        safe_from=cells.optional("safe_from", read_time, None),
        safe_until=cells.optional("safe_until", read_time, None),
    )


async def import_people(
    hub: Hub, report: Report[PersonRow], *, agency_id: int, side: Side, actor: str, dry_run: bool = False
) -> ImportResult:
    """Make or update the people of a file: all or none. Raises `NotFound` for no such agency."""
    tally = Tally(problems=list(report.problems))
    where = all_or_nothing(
        hub, tally, agency_id=agency_id, side=side, actor=actor, dry_run=dry_run, what="people_imported"
    )
    async with where as into:
        known = await into.people(row.ref for row in report.rows)
        workers = await into.workers(row.worker_email for row in report.rows)
        _check(tally, report, side, known, workers)
        contacts = await _contacts(into, known)
        await _check_numbers(tally, report, into, known)
        if not tally.problems:
            for row in report.rows:
                worker = workers.get(row.worker_email)
                if row.ref in known:
                    await _update(into, tally, known[row.ref], contacts, row, worker)
                else:
                    await _create(into, row, worker)
                    tally.created += 1
    return ImportResult.of(tally, dry_run=dry_run)


def _check(
    tally: Tally, report: Report[PersonRow], side: Side, known: dict[str, Person], workers: dict[str, Worker]
) -> None:
    check_twice(tally, "person_ref", ((r.row, r.ref) for r in report.rows), "The same person is")
    check_twice(tally, "mobile", ((r.row, r.mobile) for r in report.rows), "The same number is another person's")
    for row in report.rows:
        _check_safety(tally, row, side)
        check_worker(tally, row.row, row.worker_email, workers)
        if row.role not in ROLES_OF[side]:
            tally.problem(row.row, "role", f"A {row.role} person cannot be on the side of {side}.")
        elif row.ref in known and known[row.ref].role is not row.role:
            tally.problem(row.row, "role", f"This person is known as {known[row.ref].role}. Make a new person.")


def _check_safety(tally: Tally, row: PersonRow, side: Side) -> None:
    """What only a victim's number has, and what it needs."""
    if (row.safe is not None or row.safe_from or row.safe_until) and side is not Side.VICTIMS:
        tally.problem(row.row, "safe_contact", "Safe contact is asked of victims only. Leave these columns empty.")
    elif row.safe is not None and not row.mobile:
        tally.problem(row.row, "safe_contact", "There is no mobile number that could be safe. Leave it empty.")
    elif (row.safe_from is None) != (row.safe_until is None):
        tally.problem(row.row, "safe_from", "Give both hours, safe_from and safe_until, or neither.")
    elif row.safe_from and row.safe_from == row.safe_until:
        tally.problem(row.row, "safe_from", "The hours end when they begin. Give two different times.")


async def _contacts(into: Into, known: dict[str, Person]) -> dict[int, list[ContactPoint]]:
    ids = [person.id for person in known.values()]
    found = await into.session.scalars(select(ContactPoint).where(ContactPoint.person_id.in_(ids)))
    by_person: dict[int, list[ContactPoint]] = {}
    for contact in found:
        by_person.setdefault(contact.person_id, []).append(contact)
    return by_person


async def _check_numbers(tally: Tally, report: Report[PersonRow], into: Into, known: dict[str, Person]) -> None:
    """A number that is already another person's: one of the two would read the other's texts."""
    rows = {into.hub.vault.index(into.side, row.channel, row.mobile): row for row in report.rows if row.mobile}
    found = await into.session.scalars(
        select(ContactPoint).where(ContactPoint.side == into.side, ContactPoint.address_index.in_(rows))
    )
    for contact in found:
        row = rows[contact.address_index]
        if row.ref not in known or known[row.ref].id != contact.person_id:
            tally.problem(row.row, "mobile", "This number is another person's here. Check with both.")


async def _create(into: Into, row: PersonRow, worker: Worker | None) -> None:
    person = await create_person(
        into.hub,
        into.session,
        agency_id=into.agency.id,
        side=into.side,
        role=row.role,
        name=row.name,
        preferred_name=row.preferred_name or None,
        language=row.language or "en",
        worker_id=worker.id if worker else None,
        external_ref=row.ref,
    )
    if row.mobile:
        discreet = bool(row.discreet)
        contact = await add_contact(into.hub, into.session, person, row.channel, row.mobile, discreet=discreet)
        await _say_safe(into, contact, row)
    into.audit("person_created", f"person:{person.id}", person.id)


async def _update(
    into: Into,
    tally: Tally,
    person: Person,
    contacts: dict[int, list[ContactPoint]],
    row: PersonRow,
    worker: Worker | None,
) -> None:
    changed = _renamed(into.hub, person, row)
    if row.language and row.language != person.language:
        person.language = row.language
        changed.append("language")
    if worker and worker.id != person.worker_id:
        person.worker_id = worker.id
        changed.append("worker")
    if row.mobile:
        changed += await _reached_by(into, person, contacts.get(person.id, []), row)
    if not changed:
        tally.unchanged += 1
        return
    tally.changed += 1
    into.audit("person_changed", f"person:{person.id}", person.id, fields=changed)


def _renamed(hub: Hub, person: Person, row: PersonRow) -> list[str]:
    key, changed = hub.vault.open_person_key(person.wrapped_key or b""), []
    if row.name != (key.open(person.name_sealed, "name") if person.name_sealed else ""):
        person.name_sealed = key.seal(row.name, "name")
        person.name_index = index_of_name(hub, person.side, row.name)
        changed.append("name")
    preferred = key.open(person.preferred_name_sealed, "name") if person.preferred_name_sealed else ""
    if row.preferred_name and row.preferred_name != preferred:
        person.preferred_name_sealed = key.seal(row.preferred_name, "name")
        changed.append("preferred_name")
    return changed


async def _reached_by(into: Into, person: Person, contacts: list[ContactPoint], row: PersonRow) -> list[str]:
    """Prefer the file's number. The old one is kept: texts from it are still that person's."""
    index = into.hub.vault.index(into.side, row.channel, row.mobile)
    contact = next((c for c in contacts if c.channel is row.channel and c.address_index == index), None)
    if contact is None:
        careful = row.discreet if row.discreet is not None else any(c.discreet for c in contacts)
        contact = await add_contact(into.hub, into.session, person, row.channel, row.mobile, discreet=careful)
        await use_first(into.session, person, contact)
        return ["mobile", *await _say_safe(into, contact, row)]
    changed = []
    if row.discreet is not None and row.discreet != contact.discreet:
        contact.discreet = row.discreet
        changed.append("discreet")
    return [*changed, *await _say_safe(into, contact, row)]


async def _say_safe(into: Into, contact: ContactPoint, row: PersonRow) -> list[str]:
    """As the case system knows it. Of an address to which nothing goes it changes nothing: somebody has to speak with
    them first."""
    if row.safe is None or contact.safe_state in FORBIDDEN or (row.safe and is_recorded(contact)):
        return []
    if row.safe and row.discreet is not None:
        contact.discreet = row.discreet
    if row.safe and row.safe_from:
        contact.safe_from, contact.safe_until = row.safe_from, row.safe_until
    await safe_contact_record.record(into.hub, into.session, into.actor, contact, "import", safe=row.safe)
    return ["safe_contact"]
