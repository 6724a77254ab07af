"""A person's cases for a screen: which, since when, what closing one would do. Knows no page."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import case_closing
from hub.case_closing import CLOSED_FOR
from hub.core import Hub
from hub.states import ConditionState
from hub.store.tables import Case, Condition, Person
from hub.times import local

UNFINISHED = (ConditionState.OPEN, ConditionState.SAID_DONE)


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    reference: str
    kind: str
    opened: str
    closed: str  # when and why; empty while it is open


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing a case would do."""

    row: Row
    unfinished: int  # conditions that nobody has checked
    appointments: int  # called off


async def rows(session: AsyncSession, person: Person) -> list[Row]:
    """The newest first."""
    found = await session.scalars(select(Case).where(Case.person_id == person.id).order_by(Case.id.desc()))
    return [row(case) for case in found]


def row(case: Case) -> Row:
    closed = f"{_day(case, closed=True)}. {CLOSED_FOR.get(case.closed_for, '')}".strip() if case.closed_at else ""
    return Row(
        number=case.id,
        reference=case.reference,
        kind=case.kind.replace("_", " ").capitalize(),
        opened=_day(case, closed=False),
        closed=closed,
    )


async def closing(hub: Hub, session: AsyncSession, case: Case) -> Closing:
    open_ones = select(func.count()).where(Condition.case_id == case.id, Condition.state.in_(UNFINISHED))
    return Closing(
        row=row(case),
        unfinished=int(await session.scalar(open_ones) or 0),
        appointments=len(await case_closing.ahead(hub, session, case)),
    )


def _day(case: Case, *, closed: bool) -> str:
    moment = case.closed_at if closed and case.closed_at else case.opened_at
    day = local(moment, case.person.agency.time_zone)
    return f"{day.day} {day:%B %Y}"
