"""Whom somebody stands by, in one line and in a list; and the map of a worker's people. Knows no page.

Names as far as the worker may see: of a supporter the first name at least, since their own person chose them; of a
person whom the worker does not look after, nothing but that there is one.
"""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from hub.access import may_see
from hub.core import Hub
from hub.reading.support_words import RELATIONS, SEES
from hub.reading.supporters import day_and_year, first_name, seen_of
from hub.reading.texts import listed_name, shown_name
from hub.store.loading import PERSON_ALONE
from hub.store.tables import Person, Thread, ThreadMember, Worker
from hub.threads.standing import in_force, members_of, stands_by

MOST = 500  # ties of one map; a team of ten with 60 cases each has about that many


@dataclass(frozen=True, slots=True)
class Line:
    """For the facts about somebody. `mine`: by whom they stand; else who stands by them."""

    mine: bool
    count: int
    names: str


@dataclass(frozen=True, slots=True)
class Supported:
    """One whom somebody stands by."""

    ref: str
    name: str
    relation: str
    sees: str
    since: str
    until: str
    muted: bool


@dataclass(frozen=True, slots=True)
class Tie:
    person: int
    person_ref: str
    person_name: str
    supporter: int
    supporter_ref: str  # empty where the worker may not open them
    supporter_name: str
    first: str
    relation: str
    sees: str
    until: str
    others: int  # how many more they stand by, of the worker's people or not
    paused: bool


async def lines(hub: Hub, session: AsyncSession, worker: Worker, person: Person) -> list[Line]:
    """At most two: who stands by them, and whom they stand by; what there is not is left out."""
    now = hub.clock.now()
    around = [first_name(hub, each.supporter) for each in await members_of(session, person.id, now)]
    for_whom = [other for _, other in await stands_by(session, person.id, now)]
    seen = await seen_of(session, worker, [other.id for other in for_whom])
    known = [first_name(hub, other) for other in for_whom if other.id in seen]
    found = [Line(False, len(around), ", ".join(around)), Line(True, len(for_whom), ", ".join(known))]
    return [line for line in found if line.count]


async def supported(hub: Hub, session: AsyncSession, worker: Worker, supporter: Person) -> tuple[list[Supported], int]:
    """Whom they stand by, as far as the worker may see, and how many more."""
    found = await stands_by(session, supporter.id, hub.clock.now())
    seen = await seen_of(session, worker, [person.id for _, person in found])
    rows = [_supported(hub, member, person) for member, person in found if person.id in seen]
    return rows, len(found) - len(rows)


def _supported(hub: Hub, member: ThreadMember, person: Person) -> Supported:
    zone = person.agency.time_zone
    return Supported(
        ref=person.ref,
        name=shown_name(hub, person),
        relation=RELATIONS[member.relation],
        sees=SEES[member.sees],
        since=day_and_year(member.accepted_at, zone),
        until=day_and_year(member.ends_at, zone),
        muted=member.muted_at is not None,
    )


async def ties(hub: Hub, session: AsyncSession, worker: Worker) -> list[Tie]:
    """Everybody who stands by one of the worker's people now, person after person by name."""
    now = hub.clock.now()
    wanted = (
        select(ThreadMember, Thread, Person)
        .join(Thread, Thread.id == ThreadMember.thread_id)
        .join(Person, Person.id == Thread.person_id)
        .where(may_see(worker), Person.erased_at.is_(None), Person.ended_at.is_(None), in_force(now))
        .options(*PERSON_ALONE, joinedload(ThreadMember.supporter).options(*PERSON_ALONE))
        .order_by(ThreadMember.accepted_at, ThreadMember.person_id)
        .limit(MOST)
    )
    rows = (await session.execute(wanted)).unique().all()
    ids = list({member.person_id for member, _, _ in rows})
    seen, counts = await seen_of(session, worker, ids), await _counts(hub, session, ids)
    found = [_tie(hub, member, thread, person, seen, counts) for member, thread, person in rows]
    return sorted(found, key=lambda tie: (tie.person_name.casefold(), tie.person))


def _tie(hub: Hub, member: ThreadMember, thread: Thread, person: Person, seen: set[int], counts: dict[int, int]) -> Tie:
    who, may_open = member.supporter, member.person_id in seen
    return Tie(
        person=person.id,
        person_ref=person.ref,
        person_name=listed_name(hub, person),
        supporter=who.id,
        supporter_ref=who.ref if may_open else "",
        supporter_name=shown_name(hub, who) if may_open else first_name(hub, who),
        first=first_name(hub, who),
        relation=RELATIONS[member.relation],
        sees=SEES[member.sees],
        until=day_and_year(member.ends_at, person.agency.time_zone),
        others=counts.get(who.id, 1) - 1,
        paused=thread.paused_at is not None,
    )


async def _counts(hub: Hub, session: AsyncSession, ids: list[int]) -> dict[int, int]:
    counted = (
        select(ThreadMember.person_id, func.count())
        .where(ThreadMember.person_id.in_(ids), in_force(hub.clock.now()))
        .group_by(ThreadMember.person_id)
    )
    return dict((await session.execute(counted)).all()) if ids else {}


def by_person(found: list[Tie]) -> dict[int, list[Tie]]:
    grouped = defaultdict[int, list[Tie]](list)
    for tie in found:
        grouped[tie.person].append(tie)
    return grouped
