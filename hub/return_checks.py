"""Are you back? Asked at the time that was agreed; "not yet" is asked once more; silence goes to a human with facts.

The facts are times: when it was asked, when it was delivered, that no answer came by then. What they mean, a human
decides. An answer that comes later still counts: there are places without signal. Knows no screen.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import escalations
from hub.handling import Handling
from hub.nudges.planner import replan
from hub.people import conversation_for
from hub.return_facts import ABOUT_RETURNS, facts_of
from hub.states import RETURN_MOVES, ReturnState, check_move
from hub.store import audit
from hub.store.tables import Person, ReturnCheck
from hub.times import say_time
from hub.words import Awaiting, Priority

AGAIN_AFTER = timedelta(minutes=30)
HEARD_LATE = timedelta(hours=12)
JUST_NOW = timedelta(hours=1)
ASKED = (ReturnState.ASKED, ReturnState.ASKED_AGAIN)
UNANSWERED = (ReturnState.PLANNED, ReturnState.NOT_YET, *ASKED)


async def on_asked(handling: Handling, check: ReturnCheck, text_key: str, expires_at: datetime) -> None:
    """Its time has come, for the first time or once more."""
    again = check.state is ReturnState.NOT_YET
    _move(check, ReturnState.ASKED_AGAIN if again else ReturnState.ASKED)
    check.asked_at = handling.now
    check.closes_at = handling.now + _patience(handling)
    await _ask(handling, check, text_key, expires_at)


async def open_one(handling: Handling) -> ReturnCheck | None:
    """The one that the open question is about."""
    prompt = handling.prompt
    if prompt is None or prompt.subject_kind != "return_check" or prompt.subject_id is None:
        return None
    return await handling.session.get(ReturnCheck, prompt.subject_id)


async def just_answered(handling: Handling) -> ReturnCheck | None:
    """One that was answered with yes a moment ago."""
    answered = (ReturnCheck.person_id == handling.person.id, ReturnCheck.state == ReturnState.BACK)
    wanted = select(ReturnCheck).where(*answered, ReturnCheck.answered_at > handling.now - JUST_NOW)
    found: ReturnCheck | None = await handling.session.scalar(wanted.order_by(ReturnCheck.id.desc()).limit(1))
    return found


async def say_back(handling: Handling, check: ReturnCheck) -> None:
    """Yes. What a human was told of it and nobody has taken on is withdrawn."""
    late = check.state in {ReturnState.SILENT, ReturnState.NOT_BACK}
    if check.state is not ReturnState.BACK:
        _move(check, ReturnState.BACK)
    check.answered_at = handling.now
    _record(handling, check, "return_said_late" if late else "return_said")
    if late:
        await _take_back(handling, check)
    await handling.answered()
    await handling.say("check_ins.back_yes")


async def say_not_yet(handling: Handling, check: ReturnCheck) -> None:
    """Not yet: once more in half an hour; the second time a human reads it."""
    _record(handling, check, "return_not_yet")
    await handling.answered()
    if check.state is ReturnState.ASKED:
        return await _ask_later(handling, check)
    if check.state is not ReturnState.NOT_BACK:
        _move(check, ReturnState.NOT_BACK)
    check.answered_at = handling.now
    await handling.escalate("not_back_yet", detail=f"return_check:{check.id}")
    await handling.say("check_ins.back_still_not")


async def ask_once_more(handling: Handling, check: ReturnCheck) -> None:
    """CHANGE: pressed the wrong number."""
    await _ask(handling, check, "check_ins.back_again", handling.now + timedelta(hours=1))


async def expire_due(session: AsyncSession, now: datetime) -> int:
    """No answer in time: a human is told, with the times. Returns how many."""
    late = select(ReturnCheck).where(ReturnCheck.state.in_(UNANSWERED), ReturnCheck.closes_at <= now)
    found = (await session.scalars(late.order_by(ReturnCheck.id).with_for_update(skip_locked=True))).all()
    for check in found:
        _move(check, ReturnState.SILENT)
        person = await session.get_one(Person, check.person_id)
        conversation = await conversation_for(session, person)
        if conversation and not _is_let_be(person, check):
            await escalations.escalate(session, conversation, "return_silent", now, detail=f"return_check:{check.id}")
            facts = await facts_of(session, check, person.agency.time_zone)
            audit.record(
                session, now, "hub", "return_silent", f"return_check:{check.id}", person_id=person.id, facts=facts
            )
    return len(found)


def _is_let_be(person: Person, check: ReturnCheck) -> bool:
    """Nobody was to be asked anything then."""
    paused = person.paused_until is not None and person.paused_until > check.due_at
    return paused or person.ended_at is not None


async def _ask(handling: Handling, check: ReturnCheck, text_key: str, expires_at: datetime) -> None:
    await handling.ask(
        text_key,
        Awaiting.SURVEY_YES_NO,
        subject=("return_check", check.id),
        lasts=HEARD_LATE,
        priority=Priority.REPLY,
        expires_at=expires_at,
    )


async def _ask_later(handling: Handling, check: ReturnCheck) -> None:
    _move(check, ReturnState.NOT_YET)
    check.again_at = handling.now + AGAIN_AFTER
    check.closes_at = check.again_at + _patience(handling)
    await replan(handling.hub, handling.session, "return_check", check.id)
    at = say_time(check.again_at, handling.agency.time_zone, handling.language)
    await handling.say("check_ins.back_not_yet", at=at)


async def _take_back(handling: Handling, check: ReturnCheck) -> None:
    for reason in ABOUT_RETURNS:
        found = await escalations.find_open(handling.session, handling.conversation.id, reason)
        if found and found.taken_at is None and found.detail == f"return_check:{check.id}":
            await escalations.withdraw(handling.session, found, "answered_late", handling.now)


def _patience(handling: Handling) -> timedelta:
    return timedelta(minutes=handling.agency.back_within)


def _move(check: ReturnCheck, to: ReturnState) -> None:
    check.state = check_move(RETURN_MOVES, check.state, to)


def _record(handling: Handling, check: ReturnCheck, what: str) -> None:
    handling.record(what, f"return_check:{check.id}")
