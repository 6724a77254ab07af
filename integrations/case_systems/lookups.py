"""What the cells of a file refer to, found with one query a kind; and the one transaction of an import.

Knows no column.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotFound
from hub.records import STANDS_FOR, Record
from hub.store.audit import record
from hub.store.tables import Agency, Person, Team, Worker
from hub.words import Side
from integrations.case_systems.report import Tally

_IMPORT_LOCK = 0x494D50  # any fixed number: one import at a time, so that two of the same file cannot race


@dataclass(frozen=True, slots=True)
class Into:
    """Where an import goes, and on whose behalf."""

    hub: Hub
    session: AsyncSession
    agency: Agency
    side: Side
    actor: str

    def audit(self, what: str, subject: str, person_id: int, **details: Any) -> None:
        now = self.hub.clock.now()
        record(self.session, now, self.actor, what, subject, person_id=person_id, **details)

    async def people(self, refs: Iterable[str], *, ours: bool = False) -> dict[str, Person]:
        """Those people of the case system who are known here, by their reference there; `ours`: or by ours."""
        refs = set(refs)
        here = await self._by_our_ref(refs) if ours else {}
        return here | await self._by_their_ref(refs)

    async def _by_our_ref(self, refs: set[str]) -> dict[str, Person]:
        return dict(await self._of_house(Record.ref, Record.ref.in_(refs)))

    async def _by_their_ref(self, refs: set[str]) -> dict[str, Person]:
        """Also those that the case system has twice and we once: the empty record has kept its reference there."""
        by_index = {self.hub.vault.index(self.side, "external", ref): ref for ref in refs}
        found = await self._of_house(Record.external_index, Record.external_index.in_(by_index))
        return {by_index[index]: person for index, person in found}

    async def _of_house(self, by: Any, wanted: ColumnElement[bool]) -> Sequence[tuple[Any, Person]]:
        """Those whom such records stand for, each with that by which it was found."""
        of_house = Record.agency_id == self.agency.id, Record.side == self.side, Person.erased_at.is_(None)
        found = await self.session.execute(select(by, Person).join(Person, STANDS_FOR).where(wanted, *of_house))
        return [(value, person) for value, person in found]

    async def workers(self, emails: Iterable[str]) -> dict[str, Worker]:
        """Workers of this agency and side who can sign in, by e-mail."""
        found = await self.session.scalars(
            select(Worker)
            .join(Team, Team.id == Worker.team_id)
            .where(
                Team.agency_id == self.agency.id,
                Team.side == self.side,
                func.lower(Worker.email).in_(set(emails)),
                Worker.disabled_at.is_(None),
            )
        )
        return {worker.email.lower(): worker for worker in found}


@asynccontextmanager
async def all_or_nothing(
    hub: Hub, tally: Tally, *, agency_id: int, side: Side, actor: str, dry_run: bool, what: str
) -> AsyncIterator[Into]:
    """One transaction for a whole file; undone when the tally has a problem at the end, or in a dry run.

    Raises `NotFound` for an agency that does not exist.
    """
    async with hub.store.transaction() as session:
        await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _IMPORT_LOCK})
        agency = await session.get(Agency, agency_id)
        if agency is None:
            raise NotFound(f"(agency {agency_id})")
        yield Into(hub, session, agency, side, actor)
        counts = {"created": tally.created, "changed": tally.changed, "unchanged": tally.unchanged}
        record(session, hub.clock.now(), actor, what, f"agency:{agency_id}", side=side, **counts)
        if tally.problems or dry_run:
            await session.rollback()


def check_worker(tally: Tally, row: int, email: str, workers: dict[str, Worker]) -> None:
    if email and email not in workers:
        tally.problem(row, "worker_email", f"No worker of this agency and side has the address {email}.")


def check_known(tally: Tally, row: int, ref: str, people: dict[str, Person]) -> None:
    if ref and ref not in people:
        tally.problem(row, "person_ref", f"Nobody here has the reference {ref}. Import the people first.")


def check_twice(tally: Tally, column: str, keys: Iterable[tuple[int, str]], said: str) -> None:
    """A value that may stand in one row only; empty ones may repeat."""
    first: dict[str, int] = {}
    for row, key in keys:
        if key and first.setdefault(key, row) != row:
            tally.problem(row, column, f"{said} in row {first[key]}.")
