"""What a change would do, seen before it is made: it is made in a transaction that is always taken back.

So what is shown is what the same code then does: which reminders go, which come, what the person is told. Knows no
screen.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.consent import Never, Wait, may_send
from hub.core import Hub
from hub.delivery import MEANINGS
from hub.send import render
from hub.states import Direction, NudgeState
from hub.store.loading import TO_TALK
from hub.store.tables import Appointment, Conversation, Message, Nudge, Person

Act = Callable[[AsyncSession], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Planned:
    """One planned message. `supporter`: it goes to somebody who stands by them."""

    rule: str
    due_at: datetime
    supporter: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What the person would be told at once; `obstacle`: why it would not go out, or not now."""

    text: str
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Foreseen:
    gone: list[Planned] = field(default_factory=list)
    coming: list[Planned] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


async def foresee(hub: Hub, person_id: int, act: Act) -> Foreseen:
    """What `act` would change for this person. Raises whatever `act` raises."""
    async with hub.store.transaction() as session:
        before, last = await _planned(session, person_id), await _last_message(session, person_id)
        await act(session)
        await session.flush()
        after = await _planned(session, person_id)
        told = await _told(hub, session, person_id, last)
        await session.rollback()
        session.info.clear()  # the signals too
    gone = [planned for key, planned in before.items() if after.get(key) != planned]
    coming = [planned for key, planned in after.items() if before.get(key) != planned]
    return Foreseen(_in_order(gone), _in_order(coming), told)


def _in_order(found: list[Planned]) -> list[Planned]:
    return sorted(found, key=lambda planned: (planned.due_at, planned.rule, planned.supporter))


async def _planned(session: AsyncSession, person_id: int) -> dict[int, Planned]:
    """All that is planned about the person's appointments, by the nudge's id."""
    rows = await session.execute(
        select(Nudge.id, Nudge.rule, Nudge.due_at, Nudge.person_id)
        .join(Appointment, Appointment.id == Nudge.subject_id)
        .where(
            Nudge.subject_kind == "appointment",
            Appointment.person_id == person_id,
            Nudge.state == NudgeState.PLANNED,
        )
    )
    return {row.id: Planned(row.rule, row.due_at, row.person_id != person_id) for row in rows}


async def _last_message(session: AsyncSession, person_id: int) -> int:
    newest = (
        select(func.max(Message.id))
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.person_id == person_id)
    )
    return int(await session.scalar(newest) or 0)


async def _told(hub: Hub, session: AsyncSession, person_id: int, last: int) -> list[Told]:
    person = await session.get_one(Person, person_id)
    if person.wrapped_key is None:
        return []
    talks = await session.scalars(select(Conversation).where(Conversation.person_id == person_id).options(*TO_TALK))
    by_id = {talk.id: talk for talk in talks}
    new = Message.conversation_id.in_(by_id), Message.id > last, Message.direction == Direction.OUT
    messages = (await session.scalars(select(Message).where(*new).order_by(Message.id))).all()
    return [_said(hub, message, by_id[message.conversation_id]) for message in messages]


def _said(hub: Hub, message: Message, talk: Conversation) -> Told:
    verdict = may_send(message, talk, [], hub.clock.now())
    obstacle = MEANINGS[verdict.reason].words if isinstance(verdict, Never | Wait) else ""
    return Told(render(hub, message, talk).text, obstacle)
