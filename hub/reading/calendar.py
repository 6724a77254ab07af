"""The appointments of a calendar link. Says references, and first names only where the link's maker chose so.

Knows no file format.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import may_see_appointment
from hub.calendar_feeds import Scope
from hub.core import Hub
from hub.people import name_of
from hub.reading.appointments import HOW
from hub.reading.wording import APPOINTMENTS
from hub.store.tables import Appointment, CalendarFeed, Person, Worker
from hub.words import AppointmentState

BEFORE, AHEAD = timedelta(days=30), timedelta(weeks=26)


@dataclass(frozen=True, slots=True)
class Entry:
    ref: str
    who: str
    starts_at: datetime
    minutes: int
    zone: str
    place: str
    about: str
    changed_at: datetime
    firm: bool  # they said that they will come, or came


async def entries(hub: Hub, session: AsyncSession, feed: CalendarFeed) -> list[Entry]:
    now, worker = hub.clock.now(), feed.worker
    wanted = (
        select(Appointment)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            may_see_appointment(worker),
            Appointment.state != AppointmentState.CANCELLED,
            Appointment.starts_at.between(now - BEFORE, now + AHEAD),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    team = select(Worker.id).where(Worker.team_id == worker.team_id)
    if feed.scope == Scope.TEAM:
        wanted = wanted.where(or_(Appointment.worker_id.in_(team), Person.worker_id.in_(team)))
    else:
        wanted = wanted.where(or_(Appointment.worker_id == worker.id, Person.worker_id == worker.id))
    return [_entry(hub, each, names=feed.names) for each in await session.scalars(wanted)]


def _entry(hub: Hub, appointment: Appointment, *, names: bool) -> Entry:
    person = appointment.person
    first_name = name_of(hub, person).split(" ")[0] if names else ""
    how = HOW.get(appointment.how, appointment.how)
    return Entry(
        ref=appointment.ref,
        who=first_name or person.ref,
        starts_at=appointment.starts_at,
        minutes=appointment.minutes,
        zone=person.agency.time_zone,
        place=appointment.place,
        about=f"{how}, with {appointment.with_whom}. {APPOINTMENTS[appointment.state]}.",
        changed_at=appointment.state_at,
        firm=appointment.state in {AppointmentState.CONFIRMED, AppointmentState.ATTENDED},
    )
