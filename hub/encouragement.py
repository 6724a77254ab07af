"""Kind words at good moments: at most one a day, and only as many as it takes to stay at four to one.

Four kind texts to each hard one is the ratio at which people under supervision were found to do best (Wodahl, Garland,
Culhane and McCarty 2011). One hard text ahead is counted in, so that the next does not come to somebody who has heard
nothing good yet. Each text's tone is in `flows/tones.yml`. Knows no screen.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.escalations import cries_for_help
from hub.speaking import speak_to
from hub.states import Direction, MessageState
from hub.store.tables import Appointment, Case, Conversation, Message, Person
from hub.times import at_local, local
from hub.tones import Tone
from hub.words import AppointmentState, Priority, Purpose, Role

RATIO = 4
WORDINGS = 3  # of each kind word, in turn
IN_A_ROW = 3
NEVER_READ = frozenset(
    {MessageState.CANCELLED, MessageState.EXPIRED, MessageState.BLOCKED, MessageState.FAILED, MessageState.UNDELIVERED}
)
OVER = (AppointmentState.ATTENDED, AppointmentState.MISSED)


@dataclass(frozen=True, slots=True)
class Balance:
    """How many kind and hard texts somebody has had over their case, and whether a kind one came today."""

    kind: int
    hard: int
    today: bool = False

    @property
    def missing(self) -> int:
        """So many kind texts more make four to one."""
        return max(0, RATIO * self.hard - self.kind)

    @property
    def has_room(self) -> bool:
        """Whether one more kind text is needed, a hard one that may come counted in."""
        return self.kind < RATIO * (self.hard + 1)


async def praise_coming(hub: Hub, session: AsyncSession, appointment: Appointment) -> bool:
    """They came: say that it is seen; three times in a row is worth a word of its own. Whether anything was said."""
    last = select(Appointment.state).where(
        Appointment.person_id == appointment.person_id,
        Appointment.state.in_(OVER),
        Appointment.starts_at <= appointment.starts_at,
    )
    await session.flush()
    newest = (await session.scalars(last.order_by(Appointment.starts_at.desc()).limit(IN_A_ROW))).all()
    in_a_row = len(newest) == IN_A_ROW and set(newest) == {AppointmentState.ATTENDED}
    return await praise(hub, session, appointment.person, "praise_row" if in_a_row else "praise")


async def praise(hub: Hub, session: AsyncSession, person: Person, moment: str) -> bool:
    """A kind word, if one is needed and none came today; never while a cry for help is open. Whether it was said."""
    if person.role is not Role.SUPERVISED or await cries_for_help(session, person.id):
        return False
    balance = await balance_of(hub, session, person)
    if balance.today or not balance.has_room:
        return False
    handling = await speak_to(hub, session, person, Purpose.REMINDER)
    if handling is None or handling.conversation.contact_point.stopped_at:
        return False
    text_key = f"appointments.{moment}_{balance.kind % WORDINGS + 1}"
    await handling.say(text_key, priority=Priority.BULK, expires_at=handling.now + timedelta(days=2))
    return True


async def balance_of(hub: Hub, session: AsyncSession, person: Person) -> Balance:
    """Since the first of the cases that are open; of everything where none is."""
    opened = select(func.min(Case.opened_at)).where(Case.person_id == person.id, Case.closed_at.is_(None))
    since = await session.scalar(opened) or person.created_at
    said = (
        select(Message.text_key, func.count(), func.max(Message.created_at))
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            Conversation.person_id == person.id,
            Message.direction == Direction.OUT,
            Message.created_at >= since,
            Message.text_key.in_(list(hub.flows.tones)),
            Message.state.not_in(NEVER_READ),
        )
        .group_by(Message.text_key)
    )
    counts = {Tone.ENCOURAGING: 0, Tone.HARD: 0}
    latest: datetime | None = None
    for text_key, number, last in await session.execute(said):
        tone = hub.flows.tones[text_key or ""]
        counts[tone] += number
        if tone is Tone.ENCOURAGING:
            latest = max(latest or last, last)
    zone = person.agency.time_zone
    midnight = at_local(local(hub.clock.now(), zone).date(), time(), zone)
    return Balance(counts[Tone.ENCOURAGING], counts[Tone.HARD], latest is not None and latest >= midnight)
