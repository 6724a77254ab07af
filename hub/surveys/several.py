"""Inviting several people at once: the people of a supervisor's team, each by the same rules as one. Knows no page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import may_see
from hub.core import Hub
from hub.store.tables import Case, Person, SurveyRun, Worker
from hub.surveys import exclusions, inviting, runs
from hub.words import Role

AT_ONCE = 300  # people looked through in one go; the rest are there the next time


@dataclass(frozen=True, slots=True)
class Wanted:
    """Empty: everybody. `kind` is that of any case of theirs."""

    kind: str = ""
    language: str = ""


@dataclass(slots=True)
class Found:
    """Who can be asked, who has been already, and of the others how many for which reason (the first that holds)."""

    to_ask: list[Person] = field(default_factory=list)
    open: int = 0
    not_asked: Counter[str] = field(default_factory=Counter)
    more: bool = False  # there are people who were not looked at


async def look(hub: Hub, session: AsyncSession, worker: Worker, survey: str, wanted: Wanted) -> Found:
    """Nobody is asked by this."""
    people = await _people(session, worker, wanted)
    found = Found(more=len(people) > AT_ONCE)
    for person in people[:AT_ONCE]:
        if await runs.open_run(session, person, survey):
            found.open += 1
        elif why_not := await exclusions.reasons(hub, session, person, survey):
            found.not_asked[why_not[0]] += 1
        else:
            found.to_ask.append(person)
    return found


async def invite(hub: Hub, session: AsyncSession, worker: Worker, survey: str, wanted: Wanted) -> int:
    """Returns how many. Whoever may not be asked is not, and the reason is recorded with each."""
    asked = 0
    for person in (await _people(session, worker, wanted))[:AT_ONCE]:
        asked += (await inviting.invite(hub, session, f"worker:{worker.id}", person, survey)).new
    return asked


async def kinds(session: AsyncSession, worker: Worker) -> Sequence[str]:
    """The kinds of cases that their people have."""
    found = select(Case.kind).join(Person, Person.id == Case.person_id).where(may_see(worker)).distinct()
    return sorted(await session.scalars(found))


async def _people(session: AsyncSession, worker: Worker, wanted: Wanted) -> Sequence[Person]:
    """Those first who have never been asked. Supporters are not asked how they were treated."""
    people = select(Person).where(may_see(worker), Person.known, Person.ended_at.is_(None))
    people = people.where(Person.wrapped_key.is_not(None), Person.role != Role.SUPPORTER)
    if wanted.kind:
        people = people.where(exists().where(Case.person_id == Person.id, Case.kind == wanted.kind))
    if wanted.language:
        people = people.where(Person.language == wanted.language)
    asked = exists().where(SurveyRun.person_id == Person.id)
    return (await session.scalars(people.order_by(asked, Person.id).limit(AT_ONCE + 1))).unique().all()
