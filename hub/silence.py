"""Nobody answers: no answer to the texts of two appointments in a row is put to a human, who decides what to do.

The first step, no answer for three days, is in hub/unanswered.py; a text that could not be delivered tells a worker
by itself. Nothing follows from silence but a human's decision, and that is recorded. Knows no screen.
"""

from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import conversations, escalations
from hub.core import Hub
from hub.people import conversation_for
from hub.store import audit
from hub.store.tables import Appointment, Conversation, Person, Prompt, Worker
from hub.words import AppointmentState

IN_A_ROW = 2  # appointments
REASONS = ("silent", "no_answer", "not_delivered")  # what a decision about the silence settles


class Choice(StrEnum):
    RING = "ring"
    WRITE = "write"
    ANOTHER_WAY = "another_way"
    PAUSE = "pause"
    WAIT = "wait"


CHOICES = {
    Choice.RING: "I ring them",
    Choice.WRITE: "I write to them myself",
    Choice.ANOTHER_WAY: "I reach them another way: another number, a letter, a visit",
    Choice.PAUSE: "I pause messages for now",
    Choice.WAIT: "I wait for now, and I have a reason",
}


async def look(hub: Hub, session: AsyncSession, appointment: Appointment) -> bool:
    """They did not come, or nobody knows: was this the second in a row without a word? Whether a worker is told."""
    await session.flush()
    last = (
        select(Appointment.id, Appointment.state)
        .where(
            Appointment.person_id == appointment.person_id,
            Appointment.starts_at <= appointment.starts_at,
            Appointment.state != AppointmentState.CANCELLED,
        )
        .order_by(Appointment.starts_at.desc(), Appointment.id.desc())
        .limit(IN_A_ROW)
    )
    both = (await session.execute(last)).all()
    if len(both) < IN_A_ROW or any(state is AppointmentState.ATTENDED for _, state in both):
        return False
    if not await _unanswered(session, appointment.person_id, [number for number, _ in both]):
        return False
    conversation = await conversation_for(session, appointment.person)
    if conversation is None or conversation.contact_point.stopped_at:
        return False
    now = hub.clock.now()
    await escalations.escalate(session, conversation, "silent", now, detail=appointment.ref)
    smaller = await escalations.find_open(session, conversation.id, "no_answer")
    if smaller:
        await escalations.fold(session, smaller, "silent", now)
    return True


async def decide(
    hub: Hub, session: AsyncSession, worker: Worker, person: Person, choice: Choice, note: str = ""
) -> None:
    """A human's decision about the silence. What they then do is theirs to do: nothing is sent by itself."""
    now = hub.clock.now()
    audit.record(
        session, now, f"worker:{worker.id}", "silence_decided", f"person:{person.id}", person_id=person.id,
        reason=choice.value,
    )  # fmt: skip
    await escalations.settle(session, person.id, REASONS, worker.id, f"silence_{choice}", now)
    conversation = await conversation_for(session, person)
    if note.strip() and conversation:
        await conversations.add_note(hub, session, worker, conversation, note.strip())


async def _unanswered(session: AsyncSession, person_id: int, appointment_ids: list[int]) -> bool:
    """Each was asked about, and nothing came on any line since the first of these questions."""
    asked = (
        select(Prompt.subject_id, func.min(Prompt.asked_at))
        .join(Conversation, Conversation.id == Prompt.conversation_id)
        .where(
            Conversation.person_id == person_id,
            Prompt.subject_kind == "appointment",
            Prompt.subject_id.in_(appointment_ids),
        )
        .group_by(Prompt.subject_id)
    )
    first = [asked_at for _, asked_at in await session.execute(asked)]
    if len(first) < len(appointment_ids):
        return False
    heard = await session.scalar(select(func.max(Conversation.last_in_at)).where(Conversation.person_id == person_id))
    return heard is None or heard < min(first)
