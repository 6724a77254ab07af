"""The facts of a silence: what was sent, how it fared, when they were last heard. For a human to decide by."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import delivery
from hub.core import Hub
from hub.reading.texts import key_of, words_of
from hub.reading.wording import APPOINTMENTS
from hub.states import Direction
from hub.store.tables import Appointment, Conversation, Message, Person
from hub.times import say_when
from hub.words import AppointmentState

LAST_TEXTS = 5
LAST_APPOINTMENTS = 3


@dataclass(frozen=True, slots=True)
class Sent:
    when: str
    words: str
    fared: str


@dataclass(frozen=True, slots=True)
class Silence:
    """`heard`: when they last wrote, in words; empty: never."""

    heard: str
    sent: list[Sent]
    none_arrived: bool
    appointments: list[tuple[str, str, str]]  # when, how it ended, ref


async def silence_of(hub: Hub, session: AsyncSession, person: Person) -> Silence:
    zone = person.agency.time_zone
    heard = await session.scalar(select(func.max(Conversation.last_in_at)).where(Conversation.person_id == person.id))
    sent = await _sent(hub, session, person)
    past = (
        select(Appointment)
        .where(
            Appointment.person_id == person.id,
            Appointment.starts_at <= hub.clock.now(),
            Appointment.state != AppointmentState.CANCELLED,
        )
        .order_by(Appointment.starts_at.desc())
        .limit(LAST_APPOINTMENTS)
    )
    return Silence(
        heard=say_when(heard, zone) if heard else "",
        sent=sent,
        none_arrived=bool(sent) and not any(line.fared == "Delivered" for line in sent),
        appointments=[
            (say_when(each.starts_at, zone), APPOINTMENTS[each.state], each.ref) for each in await session.scalars(past)
        ],
    )


async def _sent(hub: Hub, session: AsyncSession, person: Person) -> list[Sent]:
    newest = (
        select(Message, Conversation)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.person_id == person.id, Message.direction == Direction.OUT)
        .order_by(Message.id.desc())
        .limit(LAST_TEXTS)
    )
    key, zone = key_of(hub, person), person.agency.time_zone
    return [
        Sent(
            say_when(message.created_at, zone),
            words_of(hub, key, message, person, to=conversation.contact_point),
            delivery.in_words(message.state, message.reason).words,
        )
        for message, conversation in reversed((await session.execute(newest)).all())
    ]
