"""What a transcript's `given:` says of check-ins and of being back."""

from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import check_in_plans, check_ins, return_plans
from hub.check_in_plans import Rhythm
from hub.return_plans import Evenings
from hub.rhythm import WEEKDAYS
from hub.states import CheckInState
from hub.store.tables import CheckIn, Person, Proof, ReturnCheck, SurveyRun
from hub.times import local

if TYPE_CHECKING:
    from tests.transcripts.runner import Replay

ZONE = "Europe/London"
GOOD = 2
DUE: dict[str, Any] = {"check_in": CheckIn, "back": ReturnCheck}


async def give_check_in(replay: "Replay", session: AsyncSession, person: Person, words: dict[str, Any]) -> CheckIn:
    """One that is due now. `questions`: the worker's own; `good_before`: so many went well, a week apart."""
    hub, now = replay.world.hub, replay.world.clock.now()
    actor = f"worker:{replay.world.workers[replay.side]}"
    check_in = await check_ins.schedule(hub, session, person, now)
    if "questions" in words:
        far = Rhythm(8, local(now, ZONE).date() + timedelta(weeks=7), time(11))
        plan = await check_in_plans.set_plan(hub, session, actor, person, far, words["questions"])
        check_in.plan_id = plan.id
    for weeks in range(1, words.get("good_before", 0) + 1):
        session.add(_good_one(person, check_in, timedelta(weeks=weeks)))
    return check_in


async def give_return(replay: "Replay", session: AsyncSession, person: Person, words: dict[str, Any]) -> None:
    """Asked every evening, from today on, `at`."""
    hub, now = replay.world.hub, replay.world.clock.now()
    actor = f"worker:{replay.world.workers[replay.side]}"
    clock = time.fromisoformat(words["at"])
    wish = Evenings(WEEKDAYS, clock, local(now, ZONE).date(), agreed=words.get("agreed", False))
    await return_plans.set_plan(hub, session, actor, person, wish)


async def state_of(replay: "Replay", session: AsyncSession, what: str) -> str:
    """Of the newest; of those that are made ahead, of the last whose time has come."""
    if what not in DUE:
        newest = await replay.last(session, {"proof": Proof, "survey": SurveyRun}[what])
        return str(newest.state.value)
    table = DUE[what]
    come = select(table).where(table.due_at <= replay.world.clock.now()).order_by(table.due_at.desc()).limit(1)
    row = await session.scalar(come)
    assert row is not None, f"there is no {table.__name__} yet"
    return str(row.state.value)


def _good_one(person: Person, after: CheckIn, ago: timedelta) -> CheckIn:
    made = check_ins.new(person, after.due_at - ago)
    made.state, made.feeling, made.answered_at = CheckInState.REVIEWED, GOOD, made.due_at + timedelta(hours=1)
    return made
