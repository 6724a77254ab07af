"""What one of the demo's phones shows, read from the hub's own record: a restarted demo shows the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from handrail.demo.cast import Character
from hub import venue_codes
from hub.core import Hub
from hub.people import find_contact
from hub.states import Direction, MessageState
from hub.store.tables import Appointment, Conversation, MediaFile, Message, Person
from hub.times import say_day, say_time

SHOWN = 60  # the newest texts
ON_PHONE = (MessageState.SENT, MessageState.DELIVERED)


@dataclass(frozen=True, slots=True)
class Bubble:
    """One text on a phone. `day` is set where a new day begins."""

    to_phone: bool
    text: str
    time: str
    day: str
    choices: tuple[tuple[str, str], ...]
    photo: bool


async def bubbles(hub: Hub, who: Character) -> list[Bubble]:
    async with hub.store.transaction() as session:
        person = await _person(hub, session, who)
        if person is None:
            return []
        key = hub.vault.open_person_key(person.wrapped_key or b"")
        found, day = [], ""
        for message in await _texts(session, person.id):
            when = say_day(message.created_at, person.agency.time_zone)
            found.append(
                Bubble(
                    to_phone=message.direction is Direction.OUT,
                    text=key.open(message.body_sealed, "body") if message.body_sealed else "",
                    time=say_time(_shown_at(message), person.agency.time_zone),
                    day=when if when != day else "",
                    choices=tuple((c["reply"], c["label"]) for c in message.choices),
                    photo=bool(await session.scalar(select(exists().where(MediaFile.message_id == message.id)))),
                )
            )
            day = when
        return found


def _shown_at(message: Message) -> datetime:
    return message.created_at if message.direction is Direction.IN else message.state_at


async def _texts(session: AsyncSession, person_id: int) -> list[Message]:
    wanted = (
        select(Message)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            Conversation.person_id == person_id,
            (Message.direction == Direction.IN) | Message.state.in_(ON_PHONE),
        )
        .order_by(Message.id.desc())
        .limit(SHOWN)
    )
    return list(reversed((await session.scalars(wanted)).all()))


async def venue_code(hub: Hub, who: Character) -> str:
    """The code on the venue's screen, while the person would stand in front of it."""
    now = hub.clock.now()
    async with hub.store.transaction() as session:
        person = await _person(hub, session, who)
        if person is None:
            return ""
        there = select(Appointment).where(
            Appointment.person_id == person.id,
            Appointment.venue_secret_sealed.is_not(None),
            Appointment.starts_at.between(now - timedelta(hours=3), now + timedelta(minutes=30)),
        )
        found = await session.scalar(there.limit(1))
        if found is None:
            return ""
        return venue_codes.shown(hub, found, now)


async def _person(hub: Hub, session: AsyncSession, who: Character) -> Person | None:
    contact = await find_contact(hub, session, who.side, who.channel, who.address)
    return await session.get(Person, contact.person_id) if contact else None
