"""The side of every row, found by following every foreign key of every table, also of tables that are made later.

A row is of the sides of all that it names: its own column, its team, its person, its line, and what those name in turn.
A row of two sides is a hole in the wall.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ForeignKeyConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.schema import Table as Columns

from hub.store.tables import Table
from hub.words import Side

TABLES = Table.metadata.sorted_tables
# What stands beside the rows and names them without a foreign key: "worker:7", "person:12", "key:3".
_ACTORS = {"worker": "workers", "person": "people", "key": "api_keys"}
Key = tuple[Any, ...]


@dataclass
class Row:
    values: Mapping[str, Any]
    sides: set[Side] = field(default_factory=set)
    people: set[int] = field(default_factory=set)


@dataclass
class Rows:
    """All rows of a database, by table and primary key."""

    tables: dict[str, dict[Key, Row]] = field(default_factory=dict)

    def of(self, table: str, side: Side, person: int | None = None) -> list[Row]:
        return [
            row
            for row in self.tables.get(table, {}).values()
            if row.sides == {side} and (person is None or person in row.people)
        ]

    def of_two_sides(self) -> list[str]:
        return [f"{name} {key}" for name, key, row in self._all() if len(row.sides) > 1]

    def of_side(self, side: Side) -> dict[tuple[str, Key], Mapping[str, Any]]:
        """Every value of every row of a side: what nothing on the other side may change."""
        return {(name, key): row.values for name, key, row in self._all() if side in row.sides}

    def _all(self) -> Iterator[tuple[str, Key, Row]]:
        return ((name, key, row) for name, rows in self.tables.items() for key, row in rows.items())

    def refs(self) -> dict[str, Side]:
        """Of which side each reference is."""
        found = (row for _, _, row in self._all() if "ref" in row.values)
        return {row.values["ref"]: next(iter(row.sides)) for row in found if len(row.sides) == 1}


async def read_rows(session: AsyncSession) -> Rows:
    rows = Rows()
    for table in TABLES:
        found = (await session.execute(select(table))).mappings().all()
        names = [column.name for column in table.primary_key]
        rows.tables[table.name] = {tuple(row[name] for name in names): Row(dict(row)) for row in found}
        for row in rows.tables[table.name].values():
            _own(table, row)
            _named(rows, table, row)
    for table in TABLES:  # once more, for a row that names another of its own table
        for row in rows.tables[table.name].values():
            _named(rows, table, row)
    for row in rows.tables["audit_events"].values():
        _told(rows, row)
    return rows


def _own(table: Columns, row: Row) -> None:
    if row.values.get("side"):
        row.sides.add(Side(row.values["side"]))
    if table.name == "people":
        row.people.add(row.values["id"])


def _named(rows: Rows, table: Columns, row: Row) -> None:
    for constraint in table.foreign_key_constraints:
        found = _meant(rows, constraint, row)
        if found is not None:
            row.sides |= found.sides
            row.people |= found.people


def _meant(rows: Rows, constraint: ForeignKeyConstraint, row: Row) -> Row | None:
    """The row that a foreign key names. Those of ours lead to the `id` of a table, some with its side beside it."""
    named = {element.column.name: row.values[element.parent.name] for element in constraint.elements}
    table = constraint.referred_table
    key = tuple(named.get(column.name) for column in table.primary_key)
    return rows.tables[table.name].get(key)


def _told(rows: Rows, row: Row) -> None:
    """Who did it, and whom it is about: an audit event has no foreign keys, as it outlives what it tells of."""
    about = rows.tables["people"].get((row.values["person_id"],))
    kind, _, number = row.values["actor"].partition(":")
    actor = rows.tables[_ACTORS[kind]].get((int(number),)) if kind in _ACTORS and number.isdigit() else None
    for found in filter(None, (about, actor)):
        row.sides |= found.sides
        row.people |= found.people
