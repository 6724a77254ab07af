"""What to mind before an appointment is made: it stands beside another, nobody works that day, no text can go out.

Knows no screen.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.handling import STANDING
from hub.nudges import reach, reasons
from hub.store.tables import Appointment, Person
from hub.times import local, say_day, say_when
from hub.words import Purpose
from hub.working_time import is_working_day

LONGEST = timedelta(minutes=600)  # of an appointment


async def about(hub: Hub, session: AsyncSession, person: Person, starts_at: datetime, minutes: int) -> list[str]:
    """In sentences; empty when there is nothing to mind."""
    zone, said = person.agency.time_zone, []
    other = await _at_the_same_time(session, person, starts_at, minutes)
    if other:
        said.append(f"They have another appointment then: {say_when(other.starts_at, zone)}, with {other.with_whom}.")
    if not is_working_day(local(starts_at, zone).date(), person.agency.holidays):
        said.append(f"{say_day(starts_at, zone)} is at a weekend or a bank holiday.")
    obstacle = (await reach.load(session, [person.id])).obstacle(person, Purpose.REMINDER)
    if obstacle:
        said.append(f"No reminder can go out: {reasons.in_words(obstacle)}. Tell them yourself.")
    elif person.paused_until and person.paused_until > hub.clock.now():
        said.append(f"Messages are paused until {say_day(person.paused_until, zone)}: tell them yourself.")
    return said


async def _at_the_same_time(
    session: AsyncSession, person: Person, starts_at: datetime, minutes: int
) -> Appointment | None:
    ends = starts_at + timedelta(minutes=minutes)
    near = select(Appointment).where(
        Appointment.person_id == person.id,
        Appointment.state.in_(STANDING),
        Appointment.starts_at > starts_at - LONGEST,
        Appointment.starts_at < ends,
    )
    found = (await session.scalars(near.order_by(Appointment.starts_at))).all()
    return next((each for each in found if each.starts_at + timedelta(minutes=each.minutes) > starts_at), None)
