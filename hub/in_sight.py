"""What repeats stands as rows for some weeks ahead. Here: which plans need more of them, some at a time.

Any number of workers share the walk. Knows nothing of what repeats.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from hub.core import Hub
from hub.store.tables import Person
from hub.store.tables.base import Table

AT_ONCE = 100  # plans in one transaction
Plan = TypeVar("Plan", bound=Table)
Column = InstrumentedAttribute[Any]


async def plans_to_extend(
    hub: Hub,
    session: AsyncSession,
    plan: type[Plan],
    sight: timedelta,
    planned_until: Column,
    last_on: Column,
    *running: ColumnElement[bool],
) -> Sequence[Plan]:
    """Those with days in sight that are not rows yet, locked; empty when all have been looked at.

    `planned_until`: the last day that is made already; `last_on`: the plan's own last day, if it has one.
    """
    horizon = (hub.clock.now() + sight).date() - timedelta(days=1)  # whatever the zone: that day is in sight
    wanted = (
        select(plan)
        .join(Person, Person.id == plan.person_id)  # type: ignore[attr-defined]  # all plans are somebody's
        .where(
            Person.erased_at.is_(None),
            planned_until < horizon,
            or_(last_on.is_(None), last_on > planned_until),
            *running,
        )
        .order_by(planned_until)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=plan)
    )
    return (await session.scalars(wanted)).all()
