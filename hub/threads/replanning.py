"""What those who stand by a person hear unasked is planned anew when somebody comes, goes, or may see more or less.

Appointments ahead are planned by `hub/threads/members.py`; what is queued already is asked about once more when it
leaves (`hub/threads/going_out.py`). Knows no text.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.nudges.planner import replan_all
from hub.states import NudgeState
from hub.store.tables import Nudge, Thread, ThreadMember
from hub.threads import how_going


async def replan_heard(hub: Hub, session: AsyncSession, person_id: int) -> None:
    """What the person's supporters are still to hear, and the question that each of them is asked."""
    around = select(ThreadMember.person_id).join(Thread).where(Thread.person_id == person_id)
    supporters = (await session.scalars(around.order_by(ThreadMember.person_id))).all()
    ids: dict[str, set[int]] = {}
    for kind, subject_id in await _planned(hub, session, supporters):
        ids.setdefault(kind, set()).add(subject_id)
    for kind, some in sorted(ids.items()):
        await replan_all(hub, session, kind, sorted(some))
    for supporter_id in supporters:
        await how_going.plan_next(hub, session, supporter_id)


async def _planned(hub: Hub, session: AsyncSession, supporters: Sequence[int]) -> list[tuple[str, int]]:
    """Of whomever it tells: what is about others is planned as it was."""
    rules = [rule.name for rule in hub.flows.nudges.values() if rule.to_supporters]
    wanted = select(Nudge.subject_kind, Nudge.subject_id).where(
        Nudge.person_id.in_(supporters), Nudge.state == NudgeState.PLANNED, Nudge.rule.in_(rules)
    )
    return [(kind, subject_id) for kind, subject_id in await session.execute(wanted)]
