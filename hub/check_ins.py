"""Check-ins: how is somebody, what would help? Low answers and needs go to a human; silence does, too.

72 hours to answer, as in MoJ's online check-in. Knows nothing of screens.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.escalations import escalate
from hub.handling import Handling
from hub.nudges.planner import replan
from hub.people import conversation_for
from hub.promises import promise
from hub.states import CHECK_IN_MOVES, CheckInState, check_move
from hub.store.tables import CheckIn, Person
from hub.words import Awaiting, Priority, Purpose

STAYS_OPEN = timedelta(hours=72)
LOW = 4  # this or more is a person who is not well
# In the order of the numbers in check_ins.help.
NEEDS = ("home", "money", "drink_or_drugs", "feelings", "work", "family", "something_else", "nothing")


async def schedule(hub: Hub, session: AsyncSession, person: Person, due_at: datetime) -> CheckIn:
    """A check-in that is asked at `due_at` (aware)."""
    check_in = CheckIn(
        person_id=person.id,
        due_at=due_at,
        closes_at=due_at + STAYS_OPEN,
        state=CheckInState.PLANNED,
        needs=[],
    )
    session.add(check_in)
    await session.flush()
    await replan(hub, session, "check_in", check_in.id)
    return check_in


async def on_asked(handling: Handling, check_in: CheckIn) -> None:
    """Its time has come: ask how they are; the second time is the reminder."""
    first = check_in.state is CheckInState.PLANNED
    if first:
        check_in.state = check_move(CHECK_IN_MOVES, check_in.state, CheckInState.ASKED)
    await _ask(handling, check_in, "check_ins.feeling" if first else "check_ins.feeling_reminder")


async def ask_feeling_again(handling: Handling, check_in: CheckIn) -> None:
    """After CHANGE: the first question once more."""
    await _ask(handling, check_in, "check_ins.feeling_number")


async def take_feeling(handling: Handling, check_in: CheckIn, feeling: int) -> None:
    """1 very well … 5 very bad; a low one is put to a human at once, whatever is answered next."""
    check_in.feeling, check_in.answered_at = feeling, handling.now
    if check_in.state is not CheckInState.ANSWERED:
        check_in.state = check_move(CHECK_IN_MOVES, check_in.state, CheckInState.ANSWERED)
    handling.record("check_in_answered", f"check_in:{check_in.id}", feeling=feeling)
    if feeling >= LOW:
        await handling.escalate("struggling", detail=f"check_in:{check_in.id}")
    await ask_help(handling, check_in, "check_ins.help_low" if feeling >= LOW else "check_ins.help")


async def ask_help(handling: Handling, check_in: CheckIn, text_key: str) -> None:
    await handling.ask(text_key, Awaiting.CHECK_IN_HELP, subject=("check_in", check_in.id))


async def take_needs(handling: Handling, check_in: CheckIn, needs: list[str]) -> None:
    """The end: thanks, and who will be in touch; where to call when it is hard."""
    check_in.needs = [need for need in needs if need != "nothing"]
    await handling.answered()
    handling.record("check_in_needs", f"check_in:{check_in.id}", needs=check_in.needs)
    low = (check_in.feeling or 0) >= LOW
    if not low and not check_in.needs:
        return await handling.say("check_ins.done")
    by = await promise(handling, "struggling", detail=f"check_in:{check_in.id}")
    await handling.say("check_ins.done_low" if low else "check_ins.done_need", answer_by=by)


async def open_check_in(handling: Handling) -> CheckIn | None:
    """The one that the open question is about."""
    if handling.prompt and handling.prompt.subject_kind == "check_in" and handling.prompt.subject_id:
        return await handling.session.get(CheckIn, handling.prompt.subject_id)
    return None


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


async def _ask(handling: Handling, check_in: CheckIn, text_key: str) -> None:
    await handling.ask(
        text_key,
        Awaiting.CHECK_IN_FEELING,
        subject=("check_in", check_in.id),
        lasts=max(check_in.closes_at - handling.now, timedelta(hours=1)),
        priority=Priority.REPLY if handling.purpose is Purpose.REPLY else Priority.REMINDER,
        expires_at=max(check_in.closes_at, handling.now + timedelta(hours=1)),
    )


async def _tell_of_silence(session: AsyncSession, check_in: CheckIn, now: datetime) -> None:
    person = await session.get_one(Person, check_in.person_id)
    conversation = await conversation_for(session, person)
    if conversation:
        await escalate(session, conversation, "check_in_silent", now, detail=f"check_in:{check_in.id}")
