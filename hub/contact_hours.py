"""When people may be texted: an agency's hours, zone and bank holidays, a person's own zone and safe window.

Whatever changes here moves what is planned already. Knows no screen.
"""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import BadHours
from hub.nudges.planner import DECIDED_WHEN_PLANNED, Change, replan_all
from hub.states import NudgeState
from hub.store import audit
from hub.store.tables import Agency, ContactPoint, Nudge, Person
from hub.words import Side

NATIONS = ("ENG", "WLS", "SCT", "NIR")  # of the `holidays` library


async def set_for_agency(hub: Hub, session: AsyncSession, actor: str, agency: Agency, **calendar: Any) -> Change:
    """`time_zone`, `holidays` (one of `NATIONS`), `contact_…` and `open_from`, `…_until`. Raises `BadHours`."""
    _check(calendar.get("time_zone"), calendar.get("holidays", agency.holidays))
    for name, value in calendar.items():
        setattr(agency, name, value)
    _check_window(agency.contact_from, agency.contact_until)
    _check_window(agency.open_from, agency.open_until)
    audit.record(session, hub.clock.now(), actor, "agency_hours_set", f"agency:{agency.id}", fields=sorted(calendar))
    return await _replan(hub, session, Person.agency_id == agency.id)


@dataclass(frozen=True, slots=True)
class Effect:
    """What other hours would do to what is planned: shown before they are saved."""

    moved: int  # go out at another time
    fewer: int  # would not go out any more: no permitted hour is left for them
    more: int  # find an hour that they did not have


async def preview_for_agency(hub: Hub, session: AsyncSession, agency: Agency, side: Side, **calendar: Any) -> Effect:
    """What `set_for_agency` would do to the people of a side: whoever asks learns nothing of the other one's.

    It is done and taken back: nobody else sees it. Raises `BadHours`.
    """
    before = await _planned(session, agency.id, side)
    trial = await session.begin_nested()
    try:
        await set_for_agency(hub, session, "hub", agency, **calendar)
        after = await _planned(session, agency.id, side)
    finally:
        await trial.rollback()
        await session.refresh(agency)
    moved = sum(before[each] != after[each] for each in before.keys() & after.keys())
    return Effect(moved, len(before.keys() - after.keys()), len(after.keys() - before.keys()))


async def _planned(session: AsyncSession, agency_id: int, side: Side) -> dict[int, datetime]:
    wanted = select(Nudge.id, Nudge.due_at).join(Person, Person.id == Nudge.person_id)
    theirs = wanted.where(Person.agency_id == agency_id, Person.side == side, Nudge.state == NudgeState.PLANNED)
    return dict((await session.execute(theirs)).all())


async def set_time_zone(hub: Hub, session: AsyncSession, actor: str, person: Person, zone: str | None) -> Change:
    """Where the person lives; None: where the agency is. Raises `BadHours`."""
    _check(zone)
    person.time_zone = zone
    _record(hub, session, actor, "time_zone_set", person.id)
    return await _replan(hub, session, Person.id == person.id)


async def set_safe_window(
    hub: Hub, session: AsyncSession, actor: str, contact: ContactPoint, start: time | None, end: time | None
) -> Change:
    """The hours in which this address is safe; None: the agency's. Raises `BadHours`."""
    if (start is None) != (end is None):
        raise BadHours("(give both, or neither)")
    if start and end:
        _check_window(start, end)
    contact.safe_from, contact.safe_until = start, end
    _record(hub, session, actor, "safe_window_set", contact.person_id)
    return await _replan(hub, session, Person.id == contact.person_id)


async def _replan(hub: Hub, session: AsyncSession, of: ColumnElement[bool]) -> Change:
    """What is planned, and what found no permitted hour before."""
    await session.flush()
    undecided = (Nudge.state == NudgeState.PLANNED) | (
        (Nudge.state == NudgeState.SKIPPED)
        & Nudge.reason.in_(DECIDED_WHEN_PLANNED)
        & (Nudge.occurrence > hub.clock.now())
    )
    wanted = select(Nudge.subject_kind, Nudge.subject_id).join(Person, Person.id == Nudge.person_id)
    ids: dict[str, set[int]] = {}
    for kind, subject_id in await session.execute(wanted.where(of, undecided)):
        ids.setdefault(kind, set()).add(subject_id)
    change = Change(0, 0)
    for kind, some in sorted(ids.items()):
        change += await replan_all(hub, session, kind, sorted(some))
    return change


def _check(zone: str | None, nation: str = "ENG") -> None:
    if zone is not None and zone not in available_timezones():
        raise BadHours(f"({zone} is no time zone)")
    if nation not in NATIONS:
        raise BadHours(f"(bank holidays are those of {', '.join(NATIONS)})")


def _check_window(start: time, end: time) -> None:
    if start == end:
        raise BadHours("(the hours end when they begin)")


def _record(hub: Hub, session: AsyncSession, actor: str, what: str, person_id: int) -> None:
    audit.record(session, hub.clock.now(), actor, what, f"person:{person_id}", person_id=person_id)
