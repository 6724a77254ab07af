"""The people a worker may see. Names are sealed, so a search opens those of the worker's own people."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import may_see
from hub.core import Hub
from hub.handling import STANDING
from hub.reading.texts import listed_name
from hub.store.tables import Appointment, Conversation, Person, Worker
from hub.times import say_when

MOST = 2000  # people of one worker's team whose names are opened: 12 µs each


@dataclass(frozen=True, slots=True)
class Row:
    ref: str
    name: str
    worker: str
    next_appointment: str
    last_contact: str


async def search(hub: Hub, session: AsyncSession, worker: Worker, words: str) -> list[Row]:
    """Everybody, or those in whose name or reference each of the words stands; by name."""
    visible = select(Person).where(may_see(worker), Person.erased_at.is_(None)).limit(MOST)
    named = [(listed_name(hub, person), person) for person in (await session.scalars(visible)).all()]
    wanted = words.casefold().split()
    found = [(name, p) for name, p in named if all(word in f"{name} {p.ref}".casefold() for word in wanted)]
    found.sort(key=lambda pair: pair[0].casefold())
    ids = [person.id for _, person in found]
    upcoming, last = await _upcoming(hub, session, ids), await _last(session, ids)
    return [
        Row(
            ref=person.ref,
            name=name,
            worker=person.worker.name if person.worker else "Nobody",
            next_appointment=_say(upcoming.get(person.id), person) or "None",
            last_contact=_say(last.get(person.id), person) or "Never",
        )
        for name, person in found
    ]


async def _upcoming(hub: Hub, session: AsyncSession, ids: list[int]) -> dict[int, datetime]:
    wanted = (
        select(Appointment.person_id, func.min(Appointment.starts_at))
        .where(
            Appointment.person_id.in_(ids),
            Appointment.state.in_(STANDING),
            Appointment.starts_at > hub.clock.now(),
        )
        .group_by(Appointment.person_id)
    )
    return dict((await session.execute(wanted)).all())


async def _last(session: AsyncSession, ids: list[int]) -> dict[int, datetime]:
    wanted = (
        select(Conversation.person_id, func.max(Conversation.last_at))
        .where(Conversation.person_id.in_(ids), Conversation.last_at.is_not(None))
        .group_by(Conversation.person_id)
    )
    return {person_id: at for person_id, at in (await session.execute(wanted)).all() if at}


def _say(moment: datetime | None, person: Person) -> str:
    return say_when(moment, person.agency.time_zone) if moment else ""
