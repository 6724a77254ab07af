"""A worker's answer that goes out at a time of its own: reading that time, and whether this person may be texted then.

What is right today is asked again at the moment of sending (`hub/consent.py`). Knows no screen.
"""

from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from hub import drafts
from hub.clock_reading import mark_clocks, read_hours
from hub.consent import window
from hub.conversations import Seen, check_holder, check_seen, check_words
from hub.core import Hub
from hub.errors import NotThen
from hub.outbox import queue
from hub.store import audit
from hub.store.tables import Conversation, Message, Worker
from hub.times import at_local, in_window, local, next_in_window, say_time, say_when
from hub.words import Priority, Purpose

FURTHEST = timedelta(days=183)  # what is said about half a year ahead is seldom still true
MORNING = time(9, 30)  # proposed where nothing else is known: after the rush, before the day is full


async def send_later(
    hub: Hub,
    session: AsyncSession,
    worker: Worker,
    conversation: Conversation,
    body: str,
    at: datetime,
    seen: Seen | None = None,
) -> Message:
    """Queue a worker's words for `at`. The bot goes on answering until then: nobody has taken over.

    Raises `NotAllowed` as `worker_reply` does, and `NotThen` when this person may not be texted at `at`.
    """
    check_words(body)
    await check_holder(session, conversation, worker)
    await check_seen(session, worker, conversation, seen)
    check_time(conversation, at, hub.clock.now())
    message = await queue(
        hub,
        session,
        conversation,
        purpose=Purpose.REPLY,
        priority=Priority.REPLY,
        body=body,
        author_id=worker.id,
        due_at=at,
    )
    await drafts.throw_away(session, worker, conversation)
    subject = f"message:{message.id}"
    actor = f"worker:{worker.id}"
    audit.record(session, hub.clock.now(), actor, "reply_scheduled", subject, person_id=conversation.person_id)
    return message


def read_time(day: str, month: str, year: str, clock: str, zone: str) -> datetime:
    """What stands in the four fields. Raises `NotThen`, saying which of them to mend."""
    try:
        on = date(int(year), int(month), int(day))
    except ValueError as wrong:
        raise NotThen("The date must be a real one, such as 27 3 2027.") from wrong
    times = read_hours(mark_clocks(f"at {clock.strip().lower()}")).times
    if len(times) != 1:
        raise NotThen("The time must be like 2pm, 9:30am or 14:30.")
    return at_local(on, times[0], zone)


def check_time(conversation: Conversation, at: datetime, now: datetime) -> None:
    if at <= now:
        raise NotThen("The time must be in the future.")
    if at - now > FURTHEST:
        raise NotThen("The time must be within six months from now.")
    zone = zone_of(conversation)
    start, end = _window(conversation)
    if not in_window(at, start, end, zone):
        following = say_when(next_in_window(at, start, end, zone), conversation.person.agency.time_zone)
        raise NotThen(f"{hours_in_words(conversation)} The next time after the one you chose is {following}.")


def proposed(conversation: Conversation, now: datetime) -> datetime:
    """When it is best sent if not now: the next morning in this person's hours."""
    start, end = _window(conversation)
    zone = zone_of(conversation)
    morning = at_local(local(now, zone).date() + timedelta(days=1), MORNING, zone)
    return next_in_window(morning, start, end, zone)


def hours_in_words(conversation: Conversation) -> str:
    """In which hours this person may be texted, by their own clock."""
    start, end = (at_local(date(2000, 1, 3), clock, "UTC") for clock in _window(conversation))
    whose = " by their own clock" if zone_of(conversation) != conversation.person.agency.time_zone else ""
    return f"This person may be texted between {say_time(start, 'UTC')} and {say_time(end, 'UTC')}{whose}."


def zone_of(conversation: Conversation) -> str:
    return conversation.person.time_zone or conversation.person.agency.time_zone


def _window(conversation: Conversation) -> tuple[time, time]:
    return window(conversation.contact_point, conversation.person.agency)
