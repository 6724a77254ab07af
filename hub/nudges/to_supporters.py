"""Nudges to those who stand by a person: who may hear, in which facts, and what is asked again before it is queued.

    standing()   who stands by whom now, for a batch of due nudges
    obstacle()   why one of them does not hear it
    say()        put into words, and remembered, so that it is asked again when it leaves (hub/threads/going_out.py)
    joins()      whether two such texts may become one: only about the same person

Facts are that there is something and when, and how it went: never where, why, with whom or what it was.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.handling import Handling
from hub.no_contact import barred
from hub.nudges.rules import NudgeRule
from hub.nudges.subjects import Subject, checked_in_times
from hub.people import name_of
from hub.store.tables import Appointment, CheckIn, Message, Person, Thread, ThreadMember, ThreadText
from hub.threads.going_out import MUTED, NO_CONTACT, NOT_IN_THREAD, remember
from hub.threads.standing import in_force, thread_of
from hub.times import say_day, say_when
from hub.words import Sees

Pair = tuple[int, int]  # whom it is about, who hears of it


@dataclass(frozen=True, slots=True)
class Standing:
    sees: Sees
    muted: bool
    barred: bool


async def standing(session: AsyncSession, pairs: Collection[Pair], now: datetime) -> Mapping[Pair, Standing]:
    """Those in force. One statement, whatever the number; none when nobody but the person themselves is written to."""
    about, hear = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    if not pairs:
        return {}
    pair = (Thread.person_id, ThreadMember.person_id)
    wanted = (
        select(*pair, ThreadMember.sees, ThreadMember.muted_at, barred(*pair, now))
        .join(ThreadMember, ThreadMember.thread_id == Thread.id)
        .join(Person, Person.id == Thread.person_id)
        .where(Thread.person_id.in_(about), ThreadMember.person_id.in_(hear), in_force(now))
        .where(Person.erased_at.is_(None), Person.ended_at.is_(None))
    )
    rows = await session.execute(wanted)
    return {(who, by): Standing(sees, muted_at is not None, no) for who, by, sees, muted_at, no in rows}


def obstacle(standing: Standing | None, rule: NudgeRule) -> str:
    """A key of `hub.nudges.reasons.REASONS`, or nothing."""
    if standing is None or not standing.sees.allows(rule.sees):
        return NOT_IN_THREAD
    if standing.barred:
        return NO_CONTACT
    return MUTED if standing.muted else ""


async def say(handling: Handling, rule: NudgeRule, subject: Subject, expires_at: datetime) -> None:
    thread = await thread_of(handling.session, subject.person_id)
    if thread is None:
        return
    facts: dict[str, Any] = await facts_of(handling, rule, subject)
    await handling.say(rule.text, priority=rule.priority, expires_at=expires_at, **facts)
    remember(handling.session, handling.said[-1], thread.id, handling.person.id, rule.sees)


async def facts_of(handling: Handling, rule: NudgeRule, subject: Subject) -> dict[str, str]:
    """Each rule's own few, so that two about the same person can become one text."""
    person = await handling.session.get_one(Person, subject.person_id)
    facts = {"their_name": name_of(handling.hub, person).split(" ")[0]}
    row, zone, language = subject.row, handling.agency.time_zone, handling.language
    match row, rule.given:
        case Appointment(), "standing" | "early":
            facts["when"] = say_when(row.starts_at, zone, language)
        case Appointment(), "attended":
            facts["day"] = say_day(row.starts_at, zone, language)
        case CheckIn(), _:
            facts["number"] = str((await checked_in_times(handling.session, [row])).get(row.id, 0))
    return facts


async def joins(handling: Handling, rule: NudgeRule, subject: Subject, message: Message) -> bool:
    """Two people who share a first name are two people; and one's own reminder never hangs on standing by another."""
    other = await handling.session.get(ThreadText, message.id)
    if not rule.to_supporters:
        return other is None
    thread = await thread_of(handling.session, subject.person_id)
    return other is not None and thread is not None and other.thread_id == thread.id


async def joined(handling: Handling, rule: NudgeRule, message: Message) -> None:
    """The text needs what the stronger of the two needs."""
    other = await handling.session.get(ThreadText, message.id) if rule.to_supporters else None
    if other and not other.needs.allows(rule.sees):
        other.needs = rule.sees
