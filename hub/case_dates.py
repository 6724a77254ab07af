"""Days of a case that lie ahead: entered, moved, called off; what is said about them is planned at once.

Conditions too: the day by which something is to be done is a day of the case. Knows no screen.
"""

from datetime import date, time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotFound
from hub.nudges.planner import Change, replan
from hub.store import audit
from hub.store.tables import Case, CaseDate, Condition

KINDS = ("bail_return", "hearing", "service_end", "release")


async def set_date(
    hub: Hub,
    session: AsyncSession,
    actor: str,
    case: Case,
    kind: str,
    on: date,
    clock: time | None = None,
    place: str = "",
) -> CaseDate:
    """Enter a day; the same kind and day again changes its time and place, and counts again if it was called off.

    Raises
    ------
    NotFound
        for a kind that is none of `KINDS`.
    """
    if kind not in KINDS:
        raise NotFound(f"({kind}: it can be {', '.join(KINDS)})")
    found: CaseDate | None = await session.scalar(
        select(CaseDate).where(CaseDate.case_id == case.id, CaseDate.kind == kind, CaseDate.on == on)
    )
    day = found or CaseDate(case_id=case.id, kind=kind, on=on, case=case)
    day.clock, day.place, day.called_off_at = clock, place, None
    session.add(day)
    await session.flush()
    _record(hub, session, actor, "case_date_set", case, kind)
    await replan(hub, session, "case_date", day.id)
    return day


async def call_off(hub: Hub, session: AsyncSession, actor: str, day: CaseDate) -> Change:
    """It does not happen, or not then: nothing more is said about it."""
    day.called_off_at = hub.clock.now()
    _record(hub, session, actor, "case_date_called_off", day.case, day.kind)
    return await replan(hub, session, "case_date", day.id)


async def add_condition(
    hub: Hub, session: AsyncSession, actor: str, case: Case, words: str, due_on: date | None
) -> Condition:
    """Something that was agreed to be done, in the worker's plain words; sealed under the person's key."""
    key = hub.vault.open_person_key(case.person.wrapped_key or b"")
    condition = Condition(case_id=case.id, words_sealed=key.seal(words, "condition"), due_on=due_on, case=case)
    session.add(condition)
    await session.flush()
    day = {"due_on": due_on.isoformat()} if due_on else {}
    audit.record(
        session,
        hub.clock.now(),
        actor,
        "condition_added",
        f"condition:{condition.id}",
        person_id=case.person_id,
        **day,
    )
    await replan(hub, session, "condition", condition.id)
    return condition


def _record(hub: Hub, session: AsyncSession, actor: str, what: str, case: Case, kind: str) -> None:
    audit.record(session, hub.clock.now(), actor, what, f"case:{case.id}", person_id=case.person_id, kind=kind)
