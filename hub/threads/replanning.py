"""What those who stand by a person hear unasked is planned anew when somebody comes, goes, or may see more or less.

What is queued already is asked about once more when it leaves (`hub/threads/going_out.py`). Knows no text.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.handling import STANDING
from hub.nudges.planner import replan_all
from hub.states import NudgeState
from hub.store.tables import Appointment, Nudge, Thread, ThreadMember
from hub.threads import how_going


async def replan(hub: Hub, session: AsyncSession, thread: Thread, supporter_id: int) -> None:
    """What lies ahead of the person, what their supporters are still to hear, and the supporter's own question."""
    await session.flush()
    ids = {"appointment": set(await _appointments(hub, session, thread.person_id))}
    for kind, subject_id in await _heard(hub, session, thread.id):
        ids.setdefault(kind, set()).add(subject_id)
    for kind, some in sorted(ids.items()):
        await replan_all(hub, session, kind, sorted(some))
    await how_going.plan_next(hub, session, supporter_id)


async def _appointments(hub: Hub, session: AsyncSession, person_id: int) -> list[int]:
    ahead = select(Appointment.id).where(
        Appointment.person_id == person_id,
        Appointment.state.in_(STANDING),
        Appointment.starts_at > hub.clock.now(),
    )
    return list(await session.scalars(ahead))


async def _heard(hub: Hub, session: AsyncSession, thread_id: int) -> list[tuple[str, int]]:
    """What is planned to be told to somebody of the circle, of whomever: about others it is planned as it was."""
    rules = [rule.name for rule in hub.flows.nudges.values() if rule.to_supporters]
    members = select(ThreadMember.person_id).where(ThreadMember.thread_id == thread_id)
    wanted = select(Nudge.subject_kind, Nudge.subject_id).where(
        Nudge.person_id.in_(members), Nudge.state == NudgeState.PLANNED, Nudge.rule.in_(rules)
    )
    return [(kind, subject_id) for kind, subject_id in await session.execute(wanted)]
