"""Records of people. One that was the same human as another is an empty row that stands for the other.

Whoever asks for a person by a reference, or for what was done about a person, asks through here. Knows no rule.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from hub.store.tables import Person

Record = aliased(Person)
STANDS_FOR: ColumnElement[bool] = Person.id == func.coalesce(Record.merged_into_id, Record.id)


def leads_to(ref: str) -> ColumnElement[bool]:
    """Whom a reference means, as a condition on `Person`."""
    return stood_for_by(Record.ref == ref)


def stood_for_by(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whom such records mean; the conditions are on `Record`."""
    return Person.id.in_(select(func.coalesce(Record.merged_into_id, Record.id)).where(*conditions))


def records_of(people: Select[Any]) -> Select[Any]:
    """The ids under which the audit knows them: their own, and those of what became them. `people`: their ids."""
    return select(Record.id).where(or_(Record.id.in_(people), Record.merged_into_id.in_(people)))


async def ids_of(session: AsyncSession, person_id: int) -> Sequence[int]:
    """The same of one person, asked first: an index then finds the facts, however many there are."""
    wanted = select(Record.id).where(or_(Record.id == person_id, Record.merged_into_id == person_id))
    return (await session.scalars(wanted)).all()
