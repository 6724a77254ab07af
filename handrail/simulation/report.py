"""What a simulation shows at its end: who got what, and why not; and whether the promises held."""

from collections import Counter
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.states import Direction, MessageState, NudgeState
from hub.store.tables import Appointment, Conversation, Escalation, Message, Nudge, TurnRecord
from hub.times import in_window
from hub.words import Purpose
from integrations.channels.simulator import Simulator

T = TypeVar("T")


@dataclass
class Report:
    """Counts, and every broken promise in a sentence."""

    nudges: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # rule, state, reason
    appointments: Counter[str] = field(default_factory=Counter)
    inbound: Counter[str] = field(default_factory=Counter)
    outbound: Counter[str] = field(default_factory=Counter)
    decided_by: Counter[str] = field(default_factory=Counter)
    escalations: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        found = ["Reminders and other nudges (rule, what became of it, why):"]
        found += [
            f"  {n:5}  {rule}: {state}{f' ({why})' if why else ''}" for (rule, state, why), n in _rows(self.nudges)
        ]
        for title, counter in (
            ("Appointments now:", self.appointments),
            ("Texts from people:", self.inbound),
            ("Texts to people:", self.outbound),
            ("Understood by:", self.decided_by),
            ("In the inbox:", self.escalations),
        ):
            found += [title, *(f"  {n:5}  {name}" for name, n in _rows(counter))]
        found += ["Broken promises: " + ("none" if not self.broken else "")]
        found += [f"  {sentence}" for sentence in self.broken[:20]]
        return found


async def report(hub: Hub, simulator: Simulator) -> Report:
    async with hub.store.transaction() as session:
        found = Report()
        for rule, state, why, n in await session.execute(
            select(Nudge.rule, Nudge.state, Nudge.reason, func.count()).group_by(Nudge.rule, Nudge.state, Nudge.reason)
        ):
            found.nudges[rule, state, why] = n
        found.appointments = await _count(session, Appointment.state)
        found.inbound = await _count(session, Message.state, Message.direction == Direction.IN)
        found.outbound = await _count(session, Message.state, Message.direction == Direction.OUT)
        found.decided_by = await _count(session, TurnRecord.decided_by)
        found.escalations = await _count(session, Escalation.reason)
        found.broken = [
            *await _sent_twice(session, simulator),
            *await _at_night(session, simulator),
            *await _unanswered(session),
            *await _stuck(session, hub),
        ]
    return found


async def _count(session: AsyncSession, column, *where) -> Counter[str]:  # type: ignore[no-untyped-def]
    rows = await session.execute(select(column, func.count()).where(*where).group_by(column))
    return Counter({str(name): n for name, n in rows})


async def _sent_twice(session: AsyncSession, simulator: Simulator) -> list[str]:
    """Counted at the phones, not in our own tables."""
    arrived = Counter(
        text.message_id for address in simulator.phones.addresses for text in simulator.phones.received(address)
    )
    nudges = Counter(await session.scalars(select(Nudge.message_id).where(Nudge.message_id.is_not(None))))
    return [f"message {m} arrived {n} times" for m, n in arrived.items() if n > 1] + [
        f"message {m} stands for {n} nudges" for m, n in nudges.items() if n > 1
    ]


async def _at_night(session: AsyncSession, simulator: Simulator) -> list[str]:
    """Nudges outside the permitted hours, by the time at which the phone got them."""
    planned = set(
        await session.scalars(
            select(Message.id).where(
                Message.direction == Direction.OUT,
                Message.purpose != Purpose.REPLY,
                Message.purpose != Purpose.SAFETY,
            )
        )
    )
    conversation = await session.scalar(select(Conversation).limit(1))
    if conversation is None:
        return []
    agency = conversation.person.agency
    return [
        f"message {text.message_id} arrived at {text.at:%H:%M} UTC"
        for address in simulator.phones.addresses
        for text in simulator.phones.received(address)
        if text.message_id in planned
        and not in_window(text.at, agency.contact_from, agency.contact_until, agency.time_zone)
    ]


async def _unanswered(session: AsyncSession) -> list[str]:
    """Texts that got no command, no answer and no human."""
    handled = select(TurnRecord.message_id).where(func.jsonb_array_length(TurnRecord.commands) > 0)
    lost = select(Message.id).where(
        Message.direction == Direction.IN, Message.state == MessageState.HANDLED, Message.id.not_in(handled)
    )
    waiting = select(Message.id).where(Message.direction == Direction.IN, Message.state == MessageState.RECEIVED)
    return [f"text {m} was handled by nothing" for m in await session.scalars(lost)] + [
        f"text {m} still waits" for m in await session.scalars(waiting)
    ]


async def _stuck(session: AsyncSession, hub: Hub) -> list[str]:
    now = hub.clock.now()
    stuck = select(Message.id).where(
        Message.state.in_((MessageState.CLAIMED, MessageState.SENDING, MessageState.UNCERTAIN))
    )
    late = select(Nudge.id).where(Nudge.state == NudgeState.PLANNED, Nudge.due_at <= now)
    return [f"message {m} is stuck" for m in await session.scalars(stuck)] + [
        f"nudge {n} is late" for n in await session.scalars(late)
    ]


def _rows(counter: Counter[T]) -> list[tuple[T, int]]:
    return sorted(counter.items(), key=lambda item: str(item[0]))
