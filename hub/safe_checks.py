"""Are you safe? Asked at the time that the person set; anything but a yes goes to a human, and so does silence.

    ask_due()      the time has come: the question goes out, and their patience runs
    tell_silent()  no answer by `closes_at`: a human and the contacts of their choice are told
    say_safe() … say_later()   what they answer

`closes_at` never moves because something stood still: what fell due while everything was down is found at the first
tick, and then told. Each check has a transaction of its own, so that one that cannot be worked on keeps no other back;
two clocks at once do each once, for the row is locked. Knows no screen.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import structlog
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import safe_alarm, safe_wishes
from hub.core import Hub
from hub.cries import cry
from hub.handling import Handling
from hub.safe_check_words import MORE_TIME
from hub.speaking import speak_to
from hub.states import SAFE_MOVES, SafeState, check_move
from hub.store.tables import Conversation, SafeCheck
from hub.times import say_time
from hub.words import Awaiting, Priority, Purpose

log = structlog.get_logger()

WAITING = (SafeState.PLANNED, SafeState.ASKED, SafeState.LATER)
TO_ASK = (SafeState.PLANNED, SafeState.LATER)
MOST_POSTPONED = 2
MOST_UNCLEAR = 1  # the second is read by a human; the time runs on all the same
HEARD_LATE = timedelta(hours=12)
JUST_NOW = timedelta(hours=1)
KIND = "safe_check"  # of the open question's subject
Work = Callable[[Hub, AsyncSession, SafeCheck], Awaitable[None]]


async def ask_due(hub: Hub) -> int:
    """Ask everybody whose time has come. Returns how many."""
    now = hub.clock.now()
    return await _each(hub, _ask, SafeCheck.state.in_(TO_ASK), SafeCheck.due_at <= now, SafeCheck.closes_at > now)


async def tell_silent(hub: Hub) -> int:
    """Tell of everybody who has not answered in time. Returns how many."""
    return await _each(hub, _tell, SafeCheck.state.in_(WAITING), SafeCheck.closes_at <= hub.clock.now())


async def open_one(handling: Handling) -> SafeCheck | None:
    """The one that the open question is about, else the newest that waits or fell silent a while ago."""
    prompt = handling.prompt
    if prompt and prompt.subject_kind == KIND and prompt.subject_id:
        return await _newest(handling, SafeCheck.id == prompt.subject_id)
    waits = SafeCheck.state.in_((SafeState.ASKED, SafeState.LATER, SafeState.SILENT))
    return await _newest(handling, waits, SafeCheck.closes_at > handling.now - HEARD_LATE)


async def say_safe(handling: Handling, check: SafeCheck) -> None:
    """Yes. What a human was told of it and nobody has taken on is withdrawn; the contacts hear that all is well."""
    for each in await _all_asked(handling, check):
        late = each.state is SafeState.SILENT
        _answer(handling, each, SafeState.SAFE, "safe_check_late" if late else "safe_check_safe")
        if late:
            await safe_alarm.all_is_well(handling, each)
    await _thank(handling)


async def say_under_duress(handling: Handling, check: SafeCheck) -> None:
    """The word that reads like a yes: the same answer, and a human hears of it at once."""
    for each in await _all_asked(handling, check):
        _answer(handling, each, SafeState.DURESS, "safe_check_duress")
        await safe_alarm.under_duress(handling, each)
    await _thank(handling)


async def say_not_safe(handling: Handling, check: SafeCheck) -> None:
    """No: what a cry for help does, and the contacts are told."""
    await handling.answered()
    for each in await _all_asked(handling, check):
        _answer(handling, each, SafeState.NOT_SAFE, "safe_check_not_safe")
        each.told_at = handling.now
        await safe_alarm.tell_contacts(handling.hub, handling.session, each)
    await cry(handling, "danger_now", "said_not_safe")


async def say_later(handling: Handling, check: SafeCheck, more: timedelta | None) -> None:
    """More time, twice at the most. Whoever was told of silence already stays told."""
    if check.state is not SafeState.ASKED or check.postponed >= MOST_POSTPONED:
        return await ask_once_more(handling, check, "are_you_safe.no_more_time")
    _move(check, SafeState.LATER)
    patience = check.closes_at - check.due_at
    check.postponed += 1
    check.due_at = handling.now + (more or MORE_TIME)
    check.closes_at = check.due_at + patience
    _record(handling, check, "safe_check_later")
    await handling.answered()
    zone = safe_wishes.zone_of(handling.person)
    await handling.say("are_you_safe.later", time=say_time(check.due_at, zone, handling.language))


async def say_unclear(handling: Handling, check: SafeCheck) -> None:
    """Neither yes nor no: asked once more. It never counts as safe, and the time runs on."""
    check.unclear += 1
    _record(handling, check, "safe_check_unclear")
    await handling.hand_over("safe_check_unclear", detail=safe_alarm.detail_of(check))
    if check.unclear <= MOST_UNCLEAR:
        await ask_once_more(handling, check, "are_you_safe.again")


async def ask_once_more(handling: Handling, check: SafeCheck, text_key: str) -> None:
    await handling.ask(
        text_key, Awaiting.SURVEY_CHOICE, subject=(KIND, check.id), lasts=HEARD_LATE, priority=Priority.URGENT
    )


async def change_just_answered(handling: Handling) -> bool:
    """CHANGE a moment after a yes: pressed the wrong number. False when there is none."""
    said_yes = SafeCheck.state.in_((SafeState.SAFE, SafeState.DURESS))  # nobody can tell the two apart
    check = await _newest(handling, said_yes, SafeCheck.answered_at > handling.now - JUST_NOW)
    if check:
        await ask_once_more(handling, check, "are_you_safe.again")
    return check is not None


async def _ask(hub: Hub, session: AsyncSession, check: SafeCheck) -> None:
    """Where nobody can be asked, the time runs all the same: that is silence, too."""
    _move(check, SafeState.ASKED)
    if check.person.wrapped_key is None:
        _move(check, SafeState.ENDED)
        return
    handling = await speak_to(hub, session, check.person, Purpose.SAFETY)
    if handling is None:
        return
    check.asked_at = handling.now
    question = await safe_wishes.question_of(hub, session, check.person)
    await handling.ask(
        "are_you_safe.own" if question else "are_you_safe.asked",
        Awaiting.SURVEY_CHOICE,
        subject=(KIND, check.id),
        lasts=HEARD_LATE,
        priority=Priority.URGENT,
        expires_at=check.closes_at,
        question=question,
    )
    check.message_id = handling.said[-1].id
    _record(handling, check, "safe_check_asked")


async def _tell(hub: Hub, session: AsyncSession, check: SafeCheck) -> None:
    if check.person.wrapped_key is None:
        _move(check, SafeState.ENDED)
        return
    _move(check, SafeState.SILENT)
    check.told_at = hub.clock.now()
    await safe_alarm.silent(hub, session, check)


async def _each(hub: Hub, work: Work, *due: ColumnElement[bool]) -> int:
    """One after the other, each in a transaction of its own: whoever else looks at one leaves it to us."""
    async with hub.store.transaction() as session:
        ids = (await session.scalars(select(SafeCheck.id).where(*due).order_by(SafeCheck.closes_at))).all()
    done = 0
    for number in ids:
        try:
            done += await _one(hub, work, number, *due)
        except Exception:
            log.exception("safe_check_failed", check=number)
    return done


async def _one(hub: Hub, work: Work, number: int, *due: ColumnElement[bool]) -> bool:
    """Their conversations are locked first, as whoever handles an answer does: else the two could wait for ever."""
    async with hub.store.transaction() as session:
        whose = select(SafeCheck.person_id).where(SafeCheck.id == number).scalar_subquery()
        theirs = select(Conversation.id).where(Conversation.person_id == whose).order_by(Conversation.id)
        await session.execute(theirs.with_for_update(of=Conversation))
        wanted = select(SafeCheck).where(SafeCheck.id == number, *due)
        check = await session.scalar(wanted.with_for_update(skip_locked=True, of=SafeCheck))
        if check is None:
            return False
        await work(hub, session, check)
        return True


async def _all_asked(handling: Handling, check: SafeCheck) -> Sequence[SafeCheck]:
    """This one, and those that were asked beside it: two times can come together, and one answer is meant for both."""
    asked = SafeCheck.state.in_((SafeState.ASKED, SafeState.SILENT)) & (SafeCheck.id != check.id)
    lately = SafeCheck.closes_at > handling.now - HEARD_LATE
    theirs = select(SafeCheck).where(SafeCheck.person_id == check.person_id, asked, lately)
    beside = (await handling.session.scalars(theirs.order_by(SafeCheck.id).with_for_update(of=SafeCheck))).all()
    return [check, *beside]


async def _newest(handling: Handling, *those: ColumnElement[bool]) -> SafeCheck | None:
    theirs = select(SafeCheck).where(SafeCheck.person_id == handling.person.id, *those)
    newest = theirs.order_by(SafeCheck.due_at.desc()).limit(1).with_for_update(of=SafeCheck)
    found: SafeCheck | None = await handling.session.scalar(newest)
    return found


async def _thank(handling: Handling) -> None:
    """One answer to every yes, whichever yes it is."""
    await handling.answered()
    await handling.say("are_you_safe.thanks", priority=Priority.URGENT)


def _answer(handling: Handling, check: SafeCheck, to: SafeState, what: str) -> None:
    """The word that means no is never taken back by a yes, and a yes said twice is one."""
    if check.state is to or (check.state is SafeState.DURESS and to is SafeState.SAFE):
        return
    _move(check, to)
    check.answered_at = handling.now
    _record(handling, check, what)


def _move(check: SafeCheck, to: SafeState) -> None:
    check.state = check_move(SAFE_MOVES, check.state, to)


def _record(handling: Handling, check: SafeCheck, what: str) -> None:
    handling.record(what, f"{KIND}:{check.id}")
