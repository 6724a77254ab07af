"""What is known of one “are you safe?”: when it was asked, did it arrive, when was anything heard last. Times only.

For whoever works with it; no word of this goes to the person. Knows no screen.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.return_facts import delivery_of
from hub.states import Direction, SafeState
from hub.store.tables import Conversation, Escalation, Message, SafeCheck
from hub.times import say_time, say_when

ABOUT_SAFETY = ("safe_check_silent", "safe_check_duress", "safe_check_unclear")


async def facts_of(session: AsyncSession, check: SafeCheck, zone: str) -> str:
    """ "asked at 10:30pm, delivered at 10:30pm, no answer by 10:45pm, last heard Mon 2 March at 6pm"."""
    if check.state is SafeState.PLANNED:
        return ""
    parts = [await _asked(session, check, zone)]
    match check.state:
        case SafeState.SILENT:
            parts += [await _silence(session, check, zone), await _last_heard(session, check, zone)]
        case SafeState.SAFE if check.answered_at:
            parts.append(f"said yes at {say_time(check.answered_at, zone)}")
        case SafeState.DURESS if check.answered_at:
            parts.append(f"said the word that means no at {say_time(check.answered_at, zone)}")
        case SafeState.NOT_SAFE if check.answered_at:
            parts.append(f"said no at {say_time(check.answered_at, zone)}")
        case SafeState.LATER:
            parts.append(f"wanted more time, is asked again at {say_time(check.due_at, zone)}")
    if check.contacts_told_at:
        parts.append(f"their contacts were told at {say_time(check.contacts_told_at, zone)}")
    return ", ".join(part for part in parts if part)


async def facts_behind(session: AsyncSession, escalations: Sequence[Escalation]) -> Mapping[int, str]:
    """By the escalation's id, of those that are about a check."""
    found = {}
    for escalation in escalations:
        kind, _, number = escalation.detail.partition(":")
        if escalation.reason in ABOUT_SAFETY and kind == "safe_check":
            check = await session.get(SafeCheck, int(number))
            person = escalation.conversation.person
            zone = person.time_zone or person.agency.time_zone
            found[escalation.id] = await facts_of(session, check, zone) if check else ""
    return found


async def _asked(session: AsyncSession, check: SafeCheck, zone: str) -> str:
    if check.asked_at is None:
        return "" if check.state is SafeState.ENDED else "could not be asked"
    message = await session.get(Message, check.message_id) if check.message_id else None
    asked = f"asked at {say_time(check.asked_at, zone)}"
    return f"{asked}, {delivery_of(message, zone)}" if message else asked


async def _silence(session: AsyncSession, check: SafeCheck, zone: str) -> str:
    """Whoever wrote something that was no answer was not silent."""
    since = Message.created_at.between(check.asked_at or check.due_at, check.closes_at)
    wrote = await session.scalar(_heard(check).where(since).order_by(Message.created_at).limit(1))
    by = say_time(check.closes_at, zone)
    return f"wrote at {say_time(wrote, zone)}, but no yes or no by {by}: read it" if wrote else f"no answer by {by}"


async def _last_heard(session: AsyncSession, check: SafeCheck, zone: str) -> str:
    last = await session.scalar(_heard(check).order_by(Message.created_at.desc()).limit(1))
    return f"last heard {say_when(last, zone)}" if last else "never heard from"


def _heard(check: SafeCheck) -> Select[datetime]:
    wrote = select(Message.created_at).join(Conversation, Conversation.id == Message.conversation_id)
    return wrote.where(Conversation.person_id == check.person_id, Message.direction == Direction.IN)
