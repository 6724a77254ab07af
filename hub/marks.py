"""What a worker notes about a person so that nobody is asked for an opinion at a bad time: codes, never words.

Set and taken out by a human, each time audited. Nothing is read out of what people write. Knows no page and no survey.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotFound
from hub.store import audit
from hub.store.tables import Person, PersonMark

DOMESTIC_ABUSE, UNDER_18, BEREAVED, NO_SURVEYS = "domestic_abuse", "under_18", "bereaved", "no_surveys"


@dataclass(frozen=True, slots=True)
class Mark:
    """`words` as a page says it; `day` says what its day is, empty where it has none."""

    words: str
    day: str = ""


MARKS: Mapping[str, Mark] = {
    DOMESTIC_ABUSE: Mark("Domestic abuse"),
    UNDER_18: Mark("Under 18", "Turns 18 on, if known"),
    BEREAVED: Mark("Bereaved", "Since"),
    NO_SURVEYS: Mark("Do not ask them for their opinion"),
}


async def marks_of(session: AsyncSession, person_id: int) -> dict[str, PersonMark]:
    """By code."""
    found = await session.scalars(select(PersonMark).where(PersonMark.person_id == person_id))
    return {row.mark: row for row in found}


async def set_marks(
    hub: Hub, session: AsyncSession, actor: str, person: Person, wanted: Mapping[str, date | None]
) -> None:
    """From now on these and no others hold, each with its day. What stays as it was is not recorded again.

    Raises
    ------
    NotFound
        for a mark that is none of `MARKS`.
    """
    if unknown := set(wanted) - set(MARKS):
        raise NotFound(f"({', '.join(sorted(unknown))}: it can be {', '.join(MARKS)})")
    now, before = hub.clock.now(), await marks_of(session, person.id)
    for mark, row in before.items():
        if mark not in wanted:
            await session.delete(row)
            audit.record(session, now, actor, "mark_taken_out", f"person:{person.id}", person_id=person.id, mark=mark)
    for mark, day in wanted.items():
        if mark not in before or before[mark].day != day:
            await session.merge(PersonMark(person_id=person.id, mark=mark, day=day, set_at=now, set_by=actor))
            audit.record(session, now, actor, "mark_set", f"person:{person.id}", person_id=person.id, mark=mark)
    await session.flush()
