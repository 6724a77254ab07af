"""The code on a venue's screen, and what one that somebody sends is worth.

It is a time-based one (RFC 6238, 30-second steps) and counts for three minutes, so that a slow text still arrives in
time. Knows no proof and no text.
"""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import pyotp
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.exact_replies import normal_form
from hub.store.tables import Appointment

STEP = 30  # seconds
COUNTS_FOR = 6  # steps back: three minutes
CLOCKS_DIFFER = 1  # steps ahead: the screen's clock and ours
NOW = range(-CLOCKS_DIFFER, COUNTS_FOR + 1)
AHEAD = 20  # steps: ten minutes in which a code that was not shown yet is known as one
LIT_BEFORE = timedelta(minutes=30)  # the screen shows a code before the session begins
NEAR = timedelta(hours=12)  # an appointment that a code can be meant for
MOST_VENUES = 200  # of the same agency and side, at about that time
_LOOKS_LIKE = str.maketrans({"o": "0", "i": "1", "l": "1"})


class Verdict(StrEnum):
    RIGHT = "right"
    LATE = "late"  # it was right, longer than three minutes before
    AHEAD = "ahead"  # it will be right: nobody can have seen it
    OTHER_VENUE = "other_venue"  # right now, at another place
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Judged:
    """`appointment`: whose code it is. `shown_at`: when the screen began to show it. `place`: the other venue's."""

    verdict: Verdict
    appointment: Appointment
    shown_at: datetime | None = None
    place: str = ""


def shown(hub: Hub, appointment: Appointment, at: datetime) -> str:
    """What the venue's screen shows at `at`; empty where no proof is wanted."""
    if appointment.venue_secret_sealed is None:
        return ""
    return _totp(hub, appointment.venue_secret_sealed).at(at)


def plain(given: str) -> str:
    """The digits that were meant: without spaces, O read as 0, l and I as 1."""
    return normal_form(given).replace(" ", "").translate(_LOOKS_LIKE)


async def judge(hub: Hub, session: AsyncSession, own: Sequence[Appointment], given: str, at: datetime) -> Judged:
    """What a code sent at `at` is worth for `own`, the person's appointments that have one, likeliest first."""
    code = plain(given)
    secrets = [(appointment, appointment.venue_secret_sealed or b"") for appointment in own]
    for verdict in (Verdict.RIGHT, Verdict.LATE, Verdict.AHEAD):
        for appointment, secret in secrets:
            shown_at = _when(hub, secret, code, at, _steps_back(verdict, appointment, at))
            if shown_at:
                return Judged(verdict, appointment, shown_at)
    place = await _other_venue(hub, session, own, code, at)
    return Judged(Verdict.OTHER_VENUE if place else Verdict.WRONG, own[0], place=place)


def _when(hub: Hub, secret: bytes, code: str, at: datetime, steps: Iterable[int]) -> datetime | None:
    """When it was that code, by steps back from `at`. All steps are tried: no early end to measure."""
    totp = _totp(hub, secret)
    moments = [at - timedelta(seconds=STEP * back) for back in steps]
    found = [moment for moment in moments if hmac.compare_digest(totp.at(moment).encode(), code.encode())]
    return found[0] - timedelta(seconds=found[0].timestamp() % STEP) if found else None


def _steps_back(verdict: Verdict, appointment: Appointment, at: datetime) -> range:
    if verdict is Verdict.RIGHT:
        return NOW
    if verdict is Verdict.AHEAD:
        return range(-AHEAD, -CLOCKS_DIFFER)
    lit = max(appointment.starts_at - LIT_BEFORE, at - NEAR)
    return range(COUNTS_FOR + 1, int((at - lit).total_seconds() // STEP) + 1)


async def _other_venue(hub: Hub, session: AsyncSession, own: Sequence[Appointment], code: str, at: datetime) -> str:
    """The place of the agency, on this side, whose screen shows that code now; empty when none does."""
    first = own[0]
    elsewhere = (
        select(Appointment.venue_secret_sealed, Appointment.place)
        .where(
            Appointment.agency_id == first.agency_id,
            Appointment.side == first.side,
            Appointment.starts_at.between(at - NEAR, at + NEAR),
            Appointment.venue_secret_sealed.is_not(None),
            Appointment.venue_secret_sealed.not_in([a.venue_secret_sealed for a in own]),
        )
        .distinct()
        .limit(MOST_VENUES)
    )
    rows = (await session.execute(elsewhere)).all()
    return next((place for secret, place in rows if secret and _when(hub, secret, code, at, NOW)), "")


def _totp(hub: Hub, secret: bytes) -> pyotp.TOTP:
    return pyotp.TOTP(hub.vault.master.open(secret, "venue"), interval=STEP)
