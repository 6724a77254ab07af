"""What would be too much for one person: a cap on automatic texts a day, and a guard against the same text again.

Only what we start by ourselves counts: no answer to the person's own text, no safety answer, nothing that a worker
wrote, and nothing that somebody in their circle wrote (two people may both write "ok", and MUTE is the cap of a talk).
A day is the agency's local day. Over the cap a text waits for the next day; a text that somebody would get for the
third time is a fault of ours, so it is blocked and a worker hears of it.

Two workers that look at the same moment at two lines of one person can let one text more pass.

Knows nothing of how texts are sent. Texts are compared by blind index: nothing is opened.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.consent import Go, Never, Wait
from hub.core import Hub
from hub.states import MessageState
from hub.store.tables import Agency, Conversation, Message, Person
from hub.times import at_local, local, next_in_window
from hub.words import Purpose

LOOKED_AT = timedelta(days=1, hours=1)  # a day in October has 25 hours
MOST_ALIKE = 2  # the same words to one person in a day
NOT_OURS = (Purpose.REPLY, Purpose.SAFETY, Purpose.THREAD)
_DID_NOT_ARRIVE = (MessageState.FAILED, MessageState.UNDELIVERED)
Before = list[tuple[datetime, bytes | None]]  # when, and the index of what


@dataclass(frozen=True, slots=True)
class Recent:
    """What each of these people has had from us unasked, a day back."""

    by_person: dict[int, Before] = field(default_factory=lambda: defaultdict(list))

    def verdict(self, message: Message, index: bytes, now: datetime) -> Go | Wait | Never:
        """Whether one more is too much. What may go is counted at once: a batch can hold two for one person."""
        if not counts(message) or message.left_at:  # one that is tried again was counted the first time
            return Go()
        conversation = message.conversation
        person, agency = conversation.person, conversation.person.agency
        today = [text for at, text in self.by_person[person.id] if at >= _midnight(now, agency)]
        if today.count(index) >= MOST_ALIKE:
            return Never("blocked", "same_text")
        if len(today) >= agency.daily_texts:
            return _tomorrow(message, now, agency)
        self.by_person[person.id].append((now, index))
        return Go()


def counts(message: Message) -> bool:
    return message.author_id is None and message.purpose not in NOT_OURS


def index_of(hub: Hub, message: Message, text: str) -> bytes:
    """The same for the same words to the same person, and for nothing else."""
    return index_for(hub, message.conversation.person, text)


def index_for(hub: Hub, person: Person, text: str) -> bytes:
    return hub.vault.index(person.side, "text", f"{person.id}\0{text}")


async def recent(session: AsyncSession, messages: Sequence[Message], now: datetime) -> Recent:
    """Asks nothing when no message of the batch counts."""
    people = {message.conversation.person_id for message in messages if counts(message)}
    found = Recent()
    if not people:
        return found
    wanted = (
        select(Conversation.person_id, Message.left_at, Message.text_index)
        .join(Message, Message.conversation_id == Conversation.id)
        .where(
            Conversation.person_id.in_(people),
            Message.left_at >= now - LOOKED_AT,
            Message.author_id.is_(None),
            Message.purpose.not_in(NOT_OURS),
            Message.state.not_in(_DID_NOT_ARRIVE),
        )
    )
    for person_id, left_at, index in await session.execute(wanted):
        found.by_person[person_id].append((left_at or now, index))
    return found


def _midnight(now: datetime, agency: Agency) -> datetime:
    return at_local(local(now, agency.time_zone).date(), time(0), agency.time_zone)


def _tomorrow(message: Message, now: datetime, agency: Agency) -> Wait | Never:
    day = local(now, agency.time_zone).date() + timedelta(days=1)
    contact = message.conversation.contact_point
    opens, closes = contact.safe_from or agency.contact_from, contact.safe_until or agency.contact_until
    until = next_in_window(at_local(day, time(0), agency.time_zone), opens, closes, agency.time_zone)
    if message.expires_at and message.expires_at <= until:
        return Never("expired", "daily_cap")
    return Wait(until, "daily_cap")
