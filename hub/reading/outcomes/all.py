"""Every figure of the outcomes page, in its order. To add one, add a function here. Knows no query."""

from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotFound
from hub.reading.outcomes import (
    attendance,
    both_ways,
    check_ins,
    humans,
    messages,
    opt_outs,
    supporters,
    surveys,
    updates,
)
from hub.reading.outcomes.figure import Figure
from hub.reading.outcomes.scope import Scope

FIGURES: Sequence[Callable[[Hub, AsyncSession, Scope], Awaitable[Figure]]] = (
    attendance.figure,
    attendance.by_lot,
    messages.delivery,
    messages.replies,
    humans.time_to_a_human,
    humans.by_reason,
    opt_outs.figure,
    updates.figure,
    check_ins.figure,
    check_ins.feelings,
    check_ins.needs,
    supporters.people,
    supporters.sees,
    supporters.invitations,
    supporters.passed,
    supporters.ended,
    supporters.came,
    surveys.figure,
    both_ways.figure,
)


async def figures(hub: Hub, session: AsyncSession, scope: Scope) -> list[Figure]:
    found = [await read(hub, session, scope) for read in FIGURES]
    return [*found, *await surveys.by_provider(hub, session, scope)]


async def figure(hub: Hub, session: AsyncSession, scope: Scope, key: str) -> Figure:
    """Raises `NotFound`."""
    found = next((figure for figure in await figures(hub, session, scope) if figure.key == key), None)
    if found is None:
        raise NotFound
    return found
