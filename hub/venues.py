"""The secret of the code on a venue's screen: one for all who are there at the same time. Knows no code."""

from collections.abc import Sequence
from datetime import datetime

import pyotp
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.store.tables import Appointment

Place = tuple[int, str, datetime, str]  # agency, side, time, place


async def give_secrets(hub: Hub, session: AsyncSession, appointments: Sequence[Appointment]) -> None:
    """To new appointments that want proof: the one that is there already, else a new one."""
    if not appointments:
        return
    known = await _known(session, appointments)
    for appointment in appointments:
        where = _place(appointment)
        known[where] = known.get(where) or hub.vault.master.seal(pyotp.random_base32(), "venue")
        appointment.venue_secret_sealed = known[where]


async def _known(session: AsyncSession, appointments: Sequence[Appointment]) -> dict[Place, bytes]:
    columns = (Appointment.agency_id, Appointment.side, Appointment.starts_at, Appointment.place)
    rows = await session.execute(
        select(*columns, Appointment.venue_secret_sealed).where(
            tuple_(Appointment.starts_at, Appointment.place).in_({(a.starts_at, a.place) for a in appointments}),
            Appointment.venue_secret_sealed.is_not(None),
        )
    )
    return {(agency, side, starts_at, place): secret for agency, side, starts_at, place, secret in rows if secret}


def _place(appointment: Appointment) -> Place:
    return (appointment.agency_id, appointment.side, appointment.starts_at, appointment.place)
