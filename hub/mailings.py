"""One text to several people: who gets it, who is left out and why, when it goes out; sent once, and taken back.

A worker writes to their own people, a supervisor to the team's. Consent, STOP and hours are asked again for each text
at the moment of sending. Knows no screen.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.consent import window
from hub.conversations import LONGEST_REPLY
from hub.core import Hub
from hub.errors import NotAllowed, NotFound
from hub.manner import code_word_of
from hub.nudges import reach
from hub.nudges.reach import Way
from hub.outbox import queue
from hub.outcomes import end
from hub.people import conversation_for
from hub.reading.going_out import may_change
from hub.reading.outbox import WAITING
from hub.safe_contact import UNKNOWN, is_careful, is_recorded
from hub.states import MessageState
from hub.store import audit
from hub.store.notify import CHANGED, notify
from hub.store.refs import new_ref
from hub.store.tables import Conversation, Mailing, Message, Person, Worker
from hub.texts import DEFAULT_LANGUAGE, Rendered, as_written
from hub.times import next_in_window
from hub.words import ChannelKind, Priority, Purpose

MOST_PEOPLE = 500
LASTS = timedelta(days=2)  # later than that after its time it is not sent
FURTHEST = timedelta(days=60)
PURPOSE = Purpose.UPDATE
CAREFUL = "careful_words"  # others may read their phone: our own words only, or a talk
COSTS = frozenset({ChannelKind.SMS, ChannelKind.SIMULATOR})
WHY_LEFT_OUT = {CAREFUL: "others may read their phone, so they need careful words: write to each by themselves"}

Words = Mapping[str, str]  # language → what is written; a language without words gets the English


@dataclass(frozen=True, slots=True)
class Recipient:
    person: Person
    way: Way
    words: str
    rendered: Rendered
    goes_at: datetime

    @property
    def parts(self) -> int:
        return self.rendered.count.segments if self.way.contact.channel in COSTS else 0


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would come of it."""

    getting: Sequence[Recipient]
    left_out: Mapping[str, Sequence[Person]]  # by reason

    @property
    def parts(self) -> int:
        return sum(recipient.parts for recipient in self.getting)

    @property
    def chosen(self) -> int:
        return len(self.getting) + sum(map(len, self.left_out.values()))


def problem_of(words: Words) -> str:
    """What is wrong with what is written, if anything is."""
    if not words.get(DEFAULT_LANGUAGE, "").strip():
        return "Write the text."
    if any(len(text) > LONGEST_REPLY for text in words.values()):
        return f"The text is longer than {LONGEST_REPLY} characters: make it shorter."
    return ""


async def outlook(
    hub: Hub, session: AsyncSession, worker: Worker, refs: Sequence[str], words: Words, at: datetime | None
) -> Outlook:
    """Raises `NotFound` when one of them is not the worker's, `NotAllowed` with what is wrong."""
    if problem := problem_of(words) or _wrong_number(refs):
        raise NotAllowed(problem)
    wanted = select(Person).where(Person.ref.in_(refs), may_change(worker)).order_by(Person.id)
    people = (await session.scalars(wanted)).unique().all()
    if len(people) != len(set(refs)):
        raise NotFound
    ways = await reach.load(session, {person.id for person in people})
    now = hub.clock.now()
    getting: list[Recipient] = []
    left_out: dict[str, list[Person]] = {}
    for person in people:
        way, obstacle = ways.way(person), ways.obstacle(person, PURPOSE)
        if way and not obstacle and not is_recorded(way.contact):
            obstacle = UNKNOWN
        if way and not obstacle and not is_careful(way.contact):
            getting.append(_recipient(hub, person, way, words, max(at or now, now)))
        else:
            left_out.setdefault(obstacle or CAREFUL, []).append(person)
    return Outlook(getting, left_out)


def _wrong_number(refs: Sequence[str]) -> str:
    if not refs:
        return "Choose at least one person."
    return f"Choose {MOST_PEOPLE} people at most." if len(set(refs)) > MOST_PEOPLE else ""


def _recipient(hub: Hub, person: Person, way: Way, words: Words, at: datetime) -> Recipient:
    text = words.get(person.language, "").strip() or words[DEFAULT_LANGUAGE].strip()
    start, end_of = window(way.contact, person.agency)
    goes_at = next_in_window(at, start, end_of, person.time_zone or person.agency.time_zone)
    code_word = code_word_of(hub.vault.open_person_key(person.wrapped_key or b""), way.contact)
    return Recipient(person, way, text, as_written(text, code_word=code_word), goes_at)


async def send(
    hub: Hub,
    session: AsyncSession,
    worker: Worker,
    refs: Sequence[str],
    words: Words,
    at: datetime | None,
    token: str,
) -> Mailing:
    """Queue it for all who can get it. The same form again sends nothing. Raises as `outlook` does."""
    # Of the same form posted twice at once, the second waits here and then finds what the first has sent.
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(token, 0))))
    before = await session.scalar(select(Mailing).where(Mailing.token == token, Mailing.by_id == worker.id))
    if before:
        return before
    now = hub.clock.now()
    found = await outlook(hub, session, worker, refs, words, at)
    if not found.getting:
        raise NotAllowed("Nobody of these people can get it.")
    mailing = Mailing(
        ref=new_ref(),
        token=token,
        agency_id=worker.team.agency_id,
        side=worker.team.side,
        by_id=worker.id,
        at=now,
        due_at=max(at or now, now),
        words_sealed=hub.vault.master.seal(json.dumps(dict(words)), "mailing"),
        chosen=found.chosen,
        left_out={why: len(people) for why, people in found.left_out.items()},
    )
    session.add(mailing)
    await session.flush()
    for recipient in found.getting:
        await _queue(hub, session, worker, mailing, recipient)
    actor, getting = f"worker:{worker.id}", len(found.getting)
    audit.record(session, now, actor, "mailing_sent", f"mailing:{mailing.id}", chosen=mailing.chosen, getting=getting)
    return mailing


async def _queue(hub: Hub, session: AsyncSession, worker: Worker, mailing: Mailing, recipient: Recipient) -> None:
    conversation = await conversation_for(session, recipient.person)
    if conversation is None:
        return
    message = await queue(
        hub,
        session,
        conversation,
        purpose=PURPOSE,
        priority=Priority.BULK,
        body=recipient.rendered.text,
        author_id=worker.id,
        due_at=mailing.due_at,
        expires_at=mailing.due_at + LASTS,
    )
    message.mailing_id = mailing.id
    subject, person_id = f"mailing:{mailing.id}", recipient.person.id
    audit.record(session, mailing.at, f"worker:{worker.id}", "mailing_sent_to", subject, person_id=person_id)


async def access(session: AsyncSession, worker: Worker, ref: str, *, lock: bool = False) -> Mailing:
    """One's own; of the whole side for a supervisor. Raises `NotFound`."""
    wanted = select(Mailing).where(
        Mailing.ref == ref, Mailing.agency_id == worker.team.agency_id, Mailing.side == worker.team.side
    )
    if worker.role != "supervisor":
        wanted = wanted.where(Mailing.by_id == worker.id)
    found = await session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found


async def cancel(hub: Hub, session: AsyncSession, worker: Worker, mailing: Mailing) -> int:
    """Take back what has not left. Returns how many."""
    now = hub.clock.now()
    wanted = (
        select(Message, Conversation.person_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.mailing_id == mailing.id, Message.state.in_(WAITING))
        .with_for_update(of=Message)
    )
    found = (await session.execute(wanted)).all()
    for message, person_id in found:
        end(message, MessageState.CANCELLED, "cancelled_by_worker", now)
        subject = f"message:{message.id}"
        audit.record(session, now, f"worker:{worker.id}", "message_cancelled", subject, person_id=person_id)
        notify(session, CHANGED, str(message.conversation_id))
    if found:
        mailing.cancelled_at = now
    return len(found)
