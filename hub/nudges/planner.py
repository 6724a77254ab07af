"""Keeps the planned rows of a subject in step with its rules and its time. Called when one is made, moves or ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.nudges import subjects
from hub.nudges.plan import Calendar, Slot, plan
from hub.states import NUDGE_MOVES, NudgeState, check_move
from hub.store.tables import Agency, Nudge

Key = tuple[str, int, datetime]  # rule, person, occurrence


@dataclass(frozen=True, slots=True)
class Change:
    """What a replanning does: shown before a worker saves."""

    planned: int
    cancelled: int


async def replan(hub: Hub, session: AsyncSession, kind: str, subject_id: int) -> Change:
    """Plan what the rules now ask for, cancel what they no longer do."""
    await session.flush()
    wanted = await _wanted(hub, session, kind, subject_id)
    existing = await _existing(session, kind, subject_id)
    now = hub.clock.now()
    cancelled = 0
    for key, nudge in existing.items():
        if key not in wanted and nudge.state is NudgeState.PLANNED:
            _set(nudge, NudgeState.CANCELLED, now, "no_longer_true")
            cancelled += 1
    planned = sum(_keep(session, kind, subject_id, key, slot, existing.get(key), now) for key, slot in wanted.items())
    return Change(planned, cancelled)


async def preview(hub: Hub, session: AsyncSession, kind: str, subject_id: int, at: datetime) -> Change:
    """What `replan` would do if the subject stood at `at`: nothing is changed."""
    wanted = await _wanted(hub, session, kind, subject_id, at=at)
    existing = await _existing(session, kind, subject_id)
    now = hub.clock.now()
    cancelled = sum(n.state is NudgeState.PLANNED and key not in wanted for key, n in existing.items())
    return Change(sum(key not in existing and slot.expires_at > now for key, slot in wanted.items()), cancelled)


def calendar_of(agency: Agency) -> Calendar:
    return Calendar(agency.time_zone, agency.holidays, agency.contact_from, agency.contact_until)


async def _wanted(
    hub: Hub, session: AsyncSession, kind: str, subject_id: int, at: datetime | None = None
) -> Mapping[Key, Slot]:
    subject = await subjects.load(session, kind, subject_id)
    if subject is None:
        return {}
    wanted: dict[Key, Slot] = {}
    for rule in hub.flows.nudges.values():
        since = subject.since.get(rule.given) if rule.subject == kind else None
        if since is None:
            continue
        since = at or since
        for person in await subjects.audience(session, subject, rule.to):
            wanted[rule.name, person.id, since] = plan(rule, since, calendar_of(person.agency))
    return wanted


async def _existing(session: AsyncSession, kind: str, subject_id: int) -> dict[Key, Nudge]:
    rows = await session.scalars(select(Nudge).where(Nudge.subject_kind == kind, Nudge.subject_id == subject_id))
    return {(nudge.rule, nudge.person_id, nudge.occurrence): nudge for nudge in rows}


def _keep(
    session: AsyncSession,
    kind: str,
    subject_id: int,
    key: Key,
    slot: Slot,
    nudge: Nudge | None,
    now: datetime,
) -> int:
    """Make or mend one row. Returns 1 when a planned one came of it."""
    rule, person_id, occurrence = key
    if nudge is None:
        nudge = Nudge(rule=rule, subject_kind=kind, subject_id=subject_id, person_id=person_id, occurrence=occurrence)
        nudge.state, nudge.state_at = NudgeState.PLANNED, now
        session.add(nudge)
    elif nudge.state is NudgeState.CANCELLED:
        _set(nudge, NudgeState.PLANNED, now, "")
    elif nudge.state is not NudgeState.PLANNED:
        return 0
    nudge.due_at, nudge.expires_at = slot.due_at, slot.expires_at
    if not slot.possible or slot.expires_at <= now:
        # Not missed: nobody was late, the appointment was made too near for this one.
        _set(nudge, NudgeState.SKIPPED, now, "no_permitted_hour" if not slot.possible else "made_too_late")
    return int(nudge.state is NudgeState.PLANNED)


def _set(nudge: Nudge, state: NudgeState, now: datetime, reason: str) -> None:
    nudge.state = check_move(NUDGE_MOVES, nudge.state, state)
    nudge.state_at, nudge.reason = now, reason
