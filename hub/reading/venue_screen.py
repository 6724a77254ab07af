"""The screen at a venue: the code of now, how long it stays, and where it can be sent. Names nobody."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.addresses import as_dialled
from hub.core import Hub
from hub.errors import NotFound
from hub.store.tables import Appointment, Line
from hub.times import say_when
from hub.venue_codes import STEP, shown
from hub.words import ChannelKind, Side


@dataclass(frozen=True, slots=True)
class Screen:
    """`stays`: seconds until the next code. `number`: of ours, that takes it by text; empty where there is none."""

    code: str
    stays: int
    place: str
    when: str
    number: str

    @property
    def spaced(self) -> str:
        return f"{self.code[:3]} {self.code[3:]}"

    @property
    def dialled(self) -> str:
        return as_dialled(self.number) if self.number else ""


async def screen(hub: Hub, session: AsyncSession, appointment: Appointment) -> Screen:
    """Raises `NotFound` for an appointment without a code."""
    now = hub.clock.now()
    code = shown(hub, appointment, now)
    if not code:
        raise NotFound
    lines = await addresses(session, appointment.agency_id, appointment.side)
    zone = appointment.person.agency.time_zone
    stays = STEP - int(now.timestamp()) % STEP
    when = say_when(appointment.starts_at, zone)
    return Screen(code, stays, appointment.place, when, lines.get(ChannelKind.SMS, ""))


async def addresses(session: AsyncSession, agency_id: int, side: Side) -> dict[ChannelKind, str]:
    """Our own, by channel: the first of each that is open."""
    wanted = select(Line).where(Line.agency_id == agency_id, Line.side == side, Line.enabled).order_by(Line.id.desc())
    return {line.channel: line.address for line in await session.scalars(wanted)}


async def line_at(session: AsyncSession, number: str) -> Line | None:
    """Our SMS line of this number; nobody is sent to a number that is not ours."""
    found: Line | None = await session.scalar(
        select(Line).where(Line.channel == ChannelKind.SMS, Line.address == number, Line.enabled)
    )
    return found
