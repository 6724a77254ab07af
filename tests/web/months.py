"""Months that somebody else lived through, as plain rows: what the figures are counted from, small enough to count."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from hub.states import Direction, EscalationState, MessageState, NudgeState, SurveyState
from hub.store.refs import new_ref
from hub.store.tables import Answer, Appointment, Conversation, Escalation, Message, Nudge, Person, SurveyRun
from hub.words import AppointmentState, ChannelKind, Purpose, Role
from tests.world import World


async def somebody(
    world: World,
    session: AsyncSession,
    number: int,
    *,
    role: Role = Role.SUPERVISED,
    channel: ChannelKind = ChannelKind.SMS,
) -> tuple[Person, Conversation]:
    address = f"+447700900{number:03}" if channel is ChannelKind.SMS else f"address-{number}"
    return await world.person(session, role=role, name=f"Person {number}", address=address, channel=channel)


async def met(
    world: World,
    session: AsyncSession,
    who: tuple[Person, Conversation],
    state: AppointmentState,
    *,
    reminded: bool,
    with_whom: str = "the driving course",
    days_ago: int = 7,
) -> None:
    """An appointment that is over, with a reminder a day before or without."""
    person, conversation = who
    at = world.clock.now() - timedelta(days=days_ago)
    appointment = Appointment(
        ref=new_ref(), agency_id=person.agency_id, person_id=person.id, side=person.side, starts_at=at,
        with_whom=with_whom, place="1 High St", state=state, state_at=at,
    )  # fmt: skip
    session.add(appointment)
    await session.flush()
    if reminded:
        message = await wrote(world, session, conversation, at - timedelta(days=1))
        session.add(
            Nudge(
                rule="reminder_1_day", subject_kind="appointment", subject_id=appointment.id, person_id=person.id,
                occurrence=at, due_at=at, expires_at=at, state=NudgeState.QUEUED, state_at=at, message_id=message.id,
            )
        )  # fmt: skip


async def wrote(
    world: World,
    session: AsyncSession,
    conversation: Conversation,
    at: datetime,
    *,
    state: MessageState = MessageState.DELIVERED,
    author: int | None = None,
    purpose: Purpose = Purpose.REMINDER,
) -> Message:
    """We did, at that time."""
    return await _message(
        session, conversation, at, direction=Direction.OUT, state=state, author_id=author, purpose=purpose, left_at=at
    )


async def answered(session: AsyncSession, conversation: Conversation, at: datetime) -> None:
    await _message(session, conversation, at, direction=Direction.IN, state=MessageState.HANDLED)


async def _message(session: AsyncSession, conversation: Conversation, at: datetime, **parts: object) -> Message:
    message = Message(
        conversation_id=conversation.id, line_id=conversation.line_id, state_at=at, created_at=at, **parts
    )  # fmt: skip
    session.add(message)
    await session.flush()
    return message


async def needed(
    session: AsyncSession, conversation: Conversation, reason: str, at: datetime, *, taken: datetime | None = None
) -> None:
    """A human was."""
    session.add(
        Escalation(
            ref=new_ref(), conversation_id=conversation.id, side=conversation.side, reason=reason, opened_at=at,
            due_at=at, taken_at=taken, closed_at=taken, outcome="answered" if taken else "",
            state=EscalationState.CLOSED if taken else EscalationState.OPEN,
        )
    )  # fmt: skip
    await session.flush()


async def said(
    world: World, session: AsyncSession, person: Person, answers: dict[str, str], *,
    survey: str = "session_feedback", state: SurveyState = SurveyState.COMPLETED, words: str = "", days_ago: int = 3,
) -> None:  # fmt: skip
    """What somebody answered in a survey."""
    at = world.clock.now() - timedelta(days=days_ago)
    run = SurveyRun(survey=survey, person_id=person.id, state=state, invited_at=at, state_at=at, expires_at=at)
    session.add(run)
    await session.flush()
    for question, code in answers.items():
        session.add(Answer(run_id=run.id, question=question, code=code, answered_at=at))
    if words:
        key = world.hub.vault.open_person_key(person.wrapped_key or b"")
        session.add(Answer(run_id=run.id, question="own_words", words_sealed=key.seal(words, "answer"), answered_at=at))
    await session.flush()
