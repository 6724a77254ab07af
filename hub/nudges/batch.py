"""Everything that a batch of due nudges needs to know, with one statement a kind, however many there are.

Knows nothing of what is decided with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hub import experiments
from hub.experiments import Lots
from hub.nudges import reach, settings, subjects, to_supporters
from hub.nudges.collisions import APART, Going
from hub.nudges.reach import Reach
from hub.nudges.rules import NudgeRule
from hub.nudges.settings import RuleSettings
from hub.nudges.subjects import Subject
from hub.nudges.to_supporters import Pair, Standing
from hub.people import conversation_for
from hub.states import NudgeState, SafeState
from hub.store.loading import TO_TALK
from hub.store.tables import Conversation, Message, Nudge, Person, SafeCheck

Due = Any  # a row: id, rule, subject_kind, subject_id, person_id, occurrence, due_at, expires_at, held_at


@dataclass(frozen=True, slots=True)
class Batch:
    now: datetime
    due: Sequence[Due]
    subjects: Mapping[tuple[str, int], Subject]
    people: Mapping[int, Person]
    reach: Reach
    lots: Lots
    settings: RuleSettings
    talks: dict[int, Conversation]  # by person
    nudged: dict[int, datetime]  # by person: when they last had a nudge, if that was a moment ago
    asked_if_safe: Mapping[int, datetime]  # by person: until when their answer is waited for
    standing: Mapping[Pair, Standing]  # who stands by whom, of those that the batch is about
    said: dict[int, Message] = field(default_factory=dict)  # by person: the nudge of this very batch

    def subject(self, nudge: Due) -> Subject | None:
        return self.subjects.get((nudge.subject_kind, nudge.subject_id))

    def not_theirs(self, nudge: Due, rule: NudgeRule, subject: Subject) -> str:
        """Why a supporter does not hear it: a key of `hub.nudges.reasons.REASONS`, or nothing."""
        if not rule.to_supporters:
            return ""
        return to_supporters.obstacle(self.standing.get((subject.person_id, nudge.person_id)), rule)

    async def talk(self, session: AsyncSession, person: Person) -> Conversation | None:
        """Where to say it: made when they have never spoken with us."""
        if person.id not in self.talks and (made := await conversation_for(session, person)):
            await session.refresh(person, ["worker"])  # texts name them
            self.talks[person.id] = made
        return self.talks.get(person.id)

    def going(self, person: Person) -> Going:
        talk = self.talks.get(person.id)
        if talk is None:
            return Going()
        held_since = (talk.last_at or talk.last_in_at) if talk.holder_id else None
        return Going(talk.last_in_at, held_since, self.nudged.get(person.id), self.asked_if_safe.get(person.id))


# Two clocks may hold nudges of the same person: the second waits, and then sees what the first has said. Taken in one
# order, and by nobody who plans, so that no two wait for each other for ever.
_ALONE = text(
    """
    SELECT pg_advisory_xact_lock(hashtextextended('nudges of ' || id, 0))
    FROM (SELECT unnest(:people) AS id ORDER BY 1) AS people
    """
).bindparams(bindparam("people", type_=ARRAY(BigInteger)))


async def take(session: AsyncSession, now: datetime, limit: int) -> Batch:
    """Lock what is due, the longest due first, and load all that it is about."""
    wanted = (
        select(
            Nudge.id,
            Nudge.rule,
            Nudge.subject_kind,
            Nudge.subject_id,
            Nudge.person_id,
            Nudge.occurrence,
            Nudge.due_at,
            Nudge.expires_at,
            Nudge.held_at,
        )
        .where(Nudge.state == NudgeState.PLANNED, Nudge.due_at <= now)
        .where(Nudge.held_at.is_(None) | (Nudge.expires_at <= now))  # what is held back is decided when it is too late
        .order_by(Nudge.due_at, Nudge.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    due = (await session.execute(wanted)).all()
    people = {nudge.person_id for nudge in due}
    if not due:
        return Batch(now, (), {}, {}, Reach({}), Lots({}, {}, {}), RuleSettings(), {}, {}, {}, {})
    await session.execute(_ALONE, {"people": sorted(people)})
    found = await reach.load(session, people)
    about = await subjects.load_all(session, ((nudge.subject_kind, nudge.subject_id) for nudge in due))
    return Batch(
        now=now,
        due=due,
        subjects=about,
        talks=await _talks(session, found),
        people=await subjects.people(session, people),
        reach=found,
        settings=await settings.load(session),
        lots=await experiments.load(session, {nudge.rule for nudge in due}, people, now),
        nudged=await _nudged(session, people, now),
        asked_if_safe=await _asked_if_safe(session, people, now),
        standing=await to_supporters.standing(session, _told_of_others(due, about), now),
    )


def _told_of_others(due: Sequence[Due], about: Mapping[tuple[str, int], Subject]) -> set[Pair]:
    found = ((about.get((nudge.subject_kind, nudge.subject_id)), nudge.person_id) for nudge in due)
    return {(subject.person_id, hears) for subject, hears in found if subject and subject.person_id != hears}


async def _talks(session: AsyncSession, found: Reach) -> dict[int, Conversation]:
    lines = {person_id: ways[0].line_id for person_id, ways in found.ways.items()}
    wanted = select(Conversation).where(Conversation.person_id.in_(lines)).options(*TO_TALK)
    return {talk.person_id: talk for talk in await session.scalars(wanted) if lines.get(talk.person_id) == talk.line_id}


async def _nudged(session: AsyncSession, people: set[int], now: datetime) -> dict[int, datetime]:
    latest = (
        select(Nudge.person_id, func.max(Nudge.state_at))
        .where(Nudge.person_id.in_(people), Nudge.state == NudgeState.QUEUED, Nudge.state_at > now - APART)
        .group_by(Nudge.person_id)
    )
    return {row[0]: row[1] for row in await session.execute(latest)}


async def _asked_if_safe(session: AsyncSession, people: set[int], now: datetime) -> dict[int, datetime]:
    open_ones = (SafeCheck.person_id.in_(people), SafeCheck.state == SafeState.ASKED, SafeCheck.closes_at > now)
    latest = select(SafeCheck.person_id, func.max(SafeCheck.closes_at)).where(*open_ones)
    return {row[0]: row[1] for row in await session.execute(latest.group_by(SafeCheck.person_id))}
