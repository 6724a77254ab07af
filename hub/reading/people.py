"""The people a worker may see, page by page, by filter and by parts of a name.

Names are sealed, so a list by name opens those of the worker's own people; of more than `MOST` the worker's own come
first, and the list says so. Knows no screen.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import may_see
from hub.core import Hub
from hub.handling import STANDING
from hub.reading.texts import listed_name
from hub.reading.wording import CHANNELS
from hub.records import leads_to
from hub.safe_contact import is_known_safe, is_silent
from hub.store.refs import LETTERS
from hub.store.tables import Appointment, ContactPoint, Conversation, Person, Worker
from hub.times import say_day, say_when
from hub.words import ChannelKind, Side

MOST = 2000  # people whose names are opened for one list: 12 µs each
PAGE = 50
_AT_ONCE = 250  # names between two looks at what else waits: others' pages do not stand still


class Whose(StrEnum):
    MINE = "mine"
    TEAM = "team"
    NOBODY = "nobody"


class Status(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Only:
    """Which people; what is None does not matter. Whoever our contact has ended with is in no list but their own."""

    whose: Whose | None = None
    channel: ChannelKind | None = None
    status: Status | None = None
    safe_unknown: bool = False  # victims of whom nobody knows whether an address of theirs is safe


@dataclass(frozen=True, slots=True)
class Row:
    ref: str
    name: str
    worker: str
    next_appointment: str
    last_contact: str
    channel: str
    status: Status
    status_words: str


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    number: int
    pages: int
    total: int
    cut: bool  # there are more than could be put in order of names


async def listed(
    hub: Hub, session: AsyncSession, worker: Worker, only: Only, *, words: str = "", number: int = 1
) -> Page:
    """By name: everybody, or those in whose name or reference each of the words stands. `number` starts at 1."""
    now, words = hub.clock.now(), await _as_it_is_now(session, words)
    named = await _named(hub, session, worker, _condition(only, worker, now, searching=bool(words)), words)
    wanted = words.casefold().split()
    found = [(name, row) for name, row in named if all(word in f"{name} {row.ref}".casefold() for word in wanted)]
    found.sort(key=lambda pair: pair[0].casefold())
    pages = max(1, -(-len(found) // PAGE))
    number = min(max(1, number), pages)
    shown = found[(number - 1) * PAGE : number * PAGE]
    rows = await _rows(session, [(name, row.id) for name, row in shown], now)
    return Page(rows, number, pages, len(found), len(named) == MOST)


async def _as_it_is_now(session: AsyncSession, words: str) -> str:
    """The reference of a record that became part of another's stands for the other's."""
    typed = words.strip().upper()
    if len(typed) != LETTERS or not typed.isalnum():
        return words
    return await session.scalar(select(Person.ref).where(leads_to(typed))) or words


async def search(hub: Hub, session: AsyncSession, worker: Worker, words: str) -> list[Row]:
    """The first page of those in whose name or reference each of the words stands."""
    return (await listed(hub, session, worker, Only(), words=words)).rows


async def _named(
    hub: Hub, session: AsyncSession, worker: Worker, condition: ColumnElement[bool], words: str
) -> list[tuple[str, Any]]:
    """As little of each as a name needs: id, ref and the sealed name."""
    visible = (
        select(Person.id, Person.ref, Person.wrapped_key, Person.name_sealed)
        .where(may_see(worker), Person.erased_at.is_(None), condition)
        .order_by(
            (Person.ref == words.strip().upper()).desc(),
            (Person.worker_id == worker.id).desc().nulls_last(),
            Person.id.desc(),
        )
        .limit(MOST)
    )
    rows: Sequence[Any] = (await session.execute(visible)).all()
    named: list[tuple[str, Any]] = []
    for first in range(0, len(rows), _AT_ONCE):
        named += [(listed_name(hub, row), row) for row in rows[first : first + _AT_ONCE]]
        await asyncio.sleep(0)
    return named


def _condition(only: Only, worker: Worker, now: datetime, *, searching: bool) -> ColumnElement[bool]:
    team = select(Worker.id).where(Worker.team_id == worker.team_id)
    whose = {
        Whose.MINE: Person.worker_id == worker.id,
        Whose.TEAM: Person.worker_id.in_(team),
        Whose.NOBODY: Person.worker_id.is_(None),
    }
    conditions = [whose[only.whose]] if only.whose else []
    if only.channel:
        conditions.append(_way(ContactPoint.channel == only.channel, ContactPoint.preferred.is_(True)))
    if only.safe_unknown:
        conditions.append(and_(Person.side == Side.VICTIMS, not_(_way(is_known_safe()))))
    if only.status:
        conditions.append(_standing(now)[only.status])
    elif not searching:
        conditions.append(Person.ended_at.is_(None))
    return and_(true(), *conditions)


def _standing(now: datetime) -> dict[Status, ColumnElement[bool]]:
    ended, paused = Person.ended_at.is_not(None), func.coalesce(Person.paused_until > now, false())
    stopped = and_(_way(ContactPoint.stopped_at.is_not(None)), not_(_way(ContactPoint.stopped_at.is_(None))))
    return {
        Status.ENDED: ended,
        Status.PAUSED: and_(not_(ended), paused),
        Status.STOPPED: and_(not_(ended), not_(paused), stopped),
        Status.ACTIVE: and_(not_(or_(ended, paused)), not_(stopped)),
    }


def _way(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(ContactPoint.id).where(ContactPoint.person_id == Person.id, *conditions))


async def _rows(session: AsyncSession, named: Sequence[tuple[str, int]], now: datetime) -> list[Row]:
    if not named:
        return []
    ids = [person_id for _, person_id in named]
    people = {person.id: person for person in await session.scalars(select(Person).where(Person.id.in_(ids)))}
    upcoming, last, ways = await _upcoming(session, ids, now), await _last(session, ids), await ways_of(session, ids)
    return [
        _row(name, people[person_id], upcoming.get(person_id), last.get(person_id), ways.get(person_id, []), now)
        for name, person_id in named
    ]


def _row(
    name: str, person: Person, upcoming: datetime | None, last: datetime | None, ways: list[ContactPoint], now: datetime
) -> Row:
    status, words = status_of(person, ways, now)
    return Row(
        ref=person.ref,
        name=name,
        worker=person.worker.name if person.worker else "Nobody",
        next_appointment=_say(upcoming, person) or "None",
        last_contact=_say(last, person) or "Never",
        channel=CHANNELS[ways[0].channel] if ways else "None yet",
        status=status,
        status_words=words,
    )


def status_of(person: Person, ways: Sequence[ContactPoint], now: datetime) -> tuple[Status, str]:
    """The same word in the list, on the person's page and in filters."""
    if person.ended_at:
        return Status.ENDED, "Ended"
    if person.paused_until and person.paused_until > now:
        return Status.PAUSED, f"Paused until {say_day(person.paused_until, person.agency.time_zone)}"
    if ways and all(way.stopped_at for way in ways):
        return Status.STOPPED, "Stopped our texts"
    return Status.ACTIVE, "Active"


async def ways_of(session: AsyncSession, ids: Sequence[int]) -> dict[int, list[ContactPoint]]:
    """How each of them is reached, the way that is used first in front: see `hub.people.conversation_for`."""
    wanted = (
        select(ContactPoint)
        .where(ContactPoint.person_id.in_(ids))
        .order_by(is_silent(), ContactPoint.preferred.desc(), ContactPoint.id)
    )
    ways: dict[int, list[ContactPoint]] = {}
    for contact in await session.scalars(wanted):
        ways.setdefault(contact.person_id, []).append(contact)
    return ways


async def _upcoming(session: AsyncSession, ids: list[int], now: datetime) -> dict[int, datetime]:
    wanted = (
        select(Appointment.person_id, func.min(Appointment.starts_at))
        .where(Appointment.person_id.in_(ids), Appointment.state.in_(STANDING), Appointment.starts_at > now)
        .group_by(Appointment.person_id)
    )
    return dict((await session.execute(wanted)).all())


async def _last(session: AsyncSession, ids: list[int]) -> dict[int, datetime]:
    """When they last said something or were last written to."""
    wanted = (
        select(Conversation.person_id, func.max(Conversation.last_at))
        .where(Conversation.person_id.in_(ids), Conversation.last_at.is_not(None))
        .group_by(Conversation.person_id)
    )
    return {person_id: at for person_id, at in (await session.execute(wanted)).all() if at}


def _say(moment: datetime | None, person: Person) -> str:
    return say_when(moment, person.agency.time_zone) if moment else ""
