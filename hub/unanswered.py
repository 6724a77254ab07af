"""Questions that nobody answers: after three days each is looked at, once, and a worker is told of those that matter.

Those are what a worker can do something about: an appointment that still lies ahead, a time to find, whether talking
is safe. Check-ins, proofs and surveys have their own ends. Knows no text.
"""

from datetime import timedelta

from sqlalchemy import exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.escalations import escalate
from hub.missed import ASKS as ASKS_WHY
from hub.states import EscalationState
from hub.store.tables import Appointment, Conversation, Escalation, Prompt
from hub.words import Awaiting

SILENT_FOR = timedelta(days=3)
CHASED = frozenset({Awaiting.RESCHEDULE_TIME, Awaiting.SAFE_TO_TALK, Awaiting.IDENTITY_CHECK})
_LOOKED_AT_NOT_YET = text("prompts.closed_at IS NULL AND prompts.chased_at IS NULL")  # as its index says


async def tell_workers(hub: Hub, session: AsyncSession, limit: int = 500) -> int:
    """Look at what has been open for three days. Returns how many workers were told of."""
    now, told = hub.clock.now(), 0
    silent = (
        select(Prompt, Conversation)
        .join(Conversation, Conversation.id == Prompt.conversation_id)
        .where(_LOOKED_AT_NOT_YET, Prompt.asked_at <= now - SILENT_FOR)
        .order_by(Prompt.asked_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Prompt)
    )
    for prompt, conversation in (await session.execute(silent)).all():
        prompt.chased_at = now
        if not _waits(prompt, conversation) or await _seen(session, conversation):
            continue
        if await _matters(hub, session, prompt):
            await escalate(session, conversation, "no_answer", now, detail=prompt.awaiting)
            told += 1
    return told


def _waits(prompt: Prompt, conversation: Conversation) -> bool:
    """Nothing came since, nobody else talks with them, and they want texts."""
    silent = conversation.last_in_at is None or conversation.last_in_at < prompt.asked_at
    return silent and conversation.holder_id is None and conversation.contact_point.stopped_at is None


async def _seen(session: AsyncSession, conversation: Conversation) -> bool:
    """A worker has something of theirs to look at already: a second line about the same person is noise."""
    standing = (Escalation.conversation_id == conversation.id, Escalation.state != EscalationState.CLOSED)
    return await session.scalar(select(exists().where(*standing))) or False


async def _matters(hub: Hub, session: AsyncSession, prompt: Prompt) -> bool:
    if prompt.awaiting in CHASED or prompt.text_key == ASKS_WHY:
        return True
    if prompt.awaiting is not Awaiting.APPOINTMENT_CONFIRMATION or prompt.subject_kind != "appointment":
        return False
    appointment = await session.get(Appointment, prompt.subject_id)
    return appointment is not None and appointment.starts_at > hub.clock.now()
