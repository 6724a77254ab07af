"""What is known of one "are you back?": when it was asked, did it arrive, what came back. Times, never a judgement.

For whoever works with it; no word of this goes to the person. Knows no screen.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.nudges.reasons import REASONS
from hub.states import Direction, MessageState, NudgeState, ReturnState
from hub.store.tables import Conversation, Escalation, Message, Nudge, ReturnCheck
from hub.times import say_time

_DID_NOT_ARRIVE = frozenset(
    {MessageState.UNDELIVERED, MessageState.FAILED, MessageState.BLOCKED, MessageState.EXPIRED, MessageState.CANCELLED}
)
ABOUT_RETURNS = ("return_silent", "not_back_yet")
_TOLD = (ReturnState.SILENT, ReturnState.NOT_BACK)


async def facts_of(session: AsyncSession, check: ReturnCheck, zone: str) -> str:
    """ "asked at 7pm, delivered at 7pm, no answer by 7:30pm"."""
    if check.asked_at is None:
        return await _not_asked(session, check)
    parts = [f"asked at {say_time(check.asked_at, zone)}", await _delivery(session, check, zone)]
    match check.state:
        case ReturnState.SILENT:
            parts.append(await _silence(session, check, zone))
        case ReturnState.BACK if check.answered_at:
            parts.append(f"said yes at {say_time(check.answered_at, zone)}")
        case ReturnState.NOT_BACK if check.answered_at:
            parts.append(f"said “not yet” again at {say_time(check.answered_at, zone)}")
        case ReturnState.NOT_YET if check.again_at:
            parts.append(f"said “not yet”, is asked again at {say_time(check.again_at, zone)}")
    return ", ".join(part for part in parts if part)


async def facts_behind(session: AsyncSession, escalations: Sequence[Escalation]) -> Mapping[int, str]:
    """By the escalation's id, of those that are about being back: the newest evening of the person."""
    found = {}
    for escalation in escalations:
        if escalation.reason in ABOUT_RETURNS:
            person = escalation.conversation.person
            newest = select(ReturnCheck).where(ReturnCheck.person_id == person.id, ReturnCheck.state.in_(_TOLD))
            check = await session.scalar(newest.order_by(ReturnCheck.due_at.desc()).limit(1))
            found[escalation.id] = await facts_of(session, check, person.agency.time_zone) if check else ""
    return found


async def _delivery(session: AsyncSession, check: ReturnCheck, zone: str) -> str:
    """Of the last time that it was asked."""
    newest = (
        select(Message)
        .join(Nudge, Nudge.message_id == Message.id)
        .where(Nudge.subject_kind == "return_check", Nudge.subject_id == check.id)
        .order_by(Message.id.desc())
        .limit(1)
    )
    message = await session.scalar(newest)
    return delivery_of(message, zone) if message else ""


def delivery_of(message: Message, zone: str) -> str:
    """Whether a question arrived, as far as anybody can tell."""
    if message.state is MessageState.DELIVERED:
        return f"delivered at {say_time(message.state_at, zone)}"
    return "not delivered" if message.state in _DID_NOT_ARRIVE else "not known whether it was delivered"


async def _silence(session: AsyncSession, check: ReturnCheck, zone: str) -> str:
    """Whoever wrote something else, or to a worker who had the conversation, was not silent."""
    wrote = select(func.min(Message.created_at)).join(Conversation, Conversation.id == Message.conversation_id)
    theirs = (Conversation.person_id == check.person_id, Message.direction == Direction.IN)
    at = await session.scalar(wrote.where(*theirs, Message.created_at.between(check.asked_at, check.closes_at)))
    by = say_time(check.closes_at, zone)
    return f"wrote at {say_time(at, zone)}, but no yes or no by {by}: read it" if at else f"no answer by {by}"


async def _not_asked(session: AsyncSession, check: ReturnCheck) -> str:
    if check.state is ReturnState.PLANNED:
        return ""
    ended = (NudgeState.SKIPPED, NudgeState.MISSED, NudgeState.CANCELLED)
    wanted = select(Nudge.reason).where(
        Nudge.subject_kind == "return_check", Nudge.subject_id == check.id, Nudge.state.in_(ended)
    )
    reason = await session.scalar(wanted.limit(1))
    why = REASONS.get(reason or "", "")
    return f"could not be asked: {why}" if why else "could not be asked"
