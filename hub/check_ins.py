"""Check-ins: made, asked when due, closed when nobody answered. What is said in one is in `hub/check_in_talk.py`.

72 hours to answer, as in MoJ's online check-in. Knows no screen.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.escalations import escalate
from hub.handling import Handling
from hub.nudges.planner import replan
from hub.people import conversation_for
from hub.states import CHECK_IN_MOVES, CheckInState, check_move
from hub.store.tables import CheckIn, CheckInPlan, Person
from hub.words import Awaiting, Priority, Purpose

STAYS_OPEN = timedelta(hours=72)
# Somebody without signal answers when it is back: the question is still known then, and late is not never.
HEARD_LATE = timedelta(days=4)
LOW = 4  # this or more is a person who is not well
FEELING, HELP = "feeling", "help"


async def schedule(
    hub: Hub, session: AsyncSession, person: Person, due_at: datetime, plan: CheckInPlan | None = None
) -> CheckIn:
    """A check-in that is asked at `due_at` (aware), with the own questions of `plan`."""
    check_in = new(person, due_at, plan)
    session.add(check_in)
    await session.flush()
    await replan(hub, session, "check_in", check_in.id)
    return check_in


def new(person: Person, due_at: datetime, plan: CheckInPlan | None = None, on: date | None = None) -> CheckIn:
    """Not stored yet. `on`: the day of its plan that it stands for."""
    return CheckIn(
        person_id=person.id,
        due_at=due_at,
        closes_at=due_at + STAYS_OPEN,
        state=CheckInState.PLANNED,
        needs=[],
        plan_id=plan.id if plan else None,
        occurrence_on=on,
    )


async def on_asked(handling: Handling, check_in: CheckIn) -> None:
    """Its time has come: ask how they are; the second time is the reminder."""
    first = check_in.state is CheckInState.PLANNED
    if first:
        check_in.state = check_move(CHECK_IN_MOVES, check_in.state, CheckInState.ASKED)
    await ask_feeling(handling, check_in, "check_ins.feeling" if first else "check_ins.feeling_reminder")


async def ask_feeling(handling: Handling, check_in: CheckIn, text_key: str) -> None:
    check_in.step = FEELING
    await handling.ask(
        text_key,
        Awaiting.CHECK_IN_FEELING,
        subject=("check_in", check_in.id),
        lasts=answerable_for(handling, check_in),
        priority=Priority.REPLY if handling.purpose is Purpose.REPLY else Priority.REMINDER,
        expires_at=max(check_in.closes_at, handling.now + timedelta(hours=1)),
    )


def answerable_for(handling: Handling, check_in: CheckIn) -> timedelta:
    """How long an answer is understood, counted from now."""
    return max(check_in.closes_at + HEARD_LATE - handling.now, timedelta(hours=1))


async def expire_due(session: AsyncSession, now: datetime) -> int:
    """Close what was open too long; silence after a question is put to a human. Returns how many."""
    late = select(CheckIn).where(
        CheckIn.state.in_((CheckInState.PLANNED, CheckInState.ASKED)), CheckIn.closes_at <= now
    )
    found = (await session.scalars(late.order_by(CheckIn.id).with_for_update(skip_locked=True))).all()
    for check_in in found:
        asked = check_in.state is CheckInState.ASKED
        check_in.state = check_move(CHECK_IN_MOVES, check_in.state, CheckInState.EXPIRED)
        if asked:
            await _tell_of_silence(session, check_in, now)
    return len(found)


async def _tell_of_silence(session: AsyncSession, check_in: CheckIn, now: datetime) -> None:
    person = await session.get_one(Person, check_in.person_id)
    conversation = await conversation_for(session, person)
    if conversation:
        await escalate(session, conversation, "check_in_silent", now, detail=f"check_in:{check_in.id}")
