"""Proofs of attendance for whoever decides on them: when, how far from the appointment, what was checked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import may_see
from hub.core import Hub
from hub.reading.texts import listed_name, shown_name
from hub.reading.wording import PROOFS, span
from hub.states import ProofState
from hub.store.tables import Person, Proof, Worker
from hub.times import say_when

SHOWN = 50  # the newest; what is to be checked comes first
KINDS = {"photo": "Photo", "code": "Code from the venue", "": "Not given yet"}
REASONS = {
    "not_readable": "It cannot be read or seen clearly",
    "wrong_place": "It shows another place",
    "wrong_day": "It shows another day",
    "seen_before": "It was used before",
    "other": "Something else",
}


@dataclass(frozen=True, slots=True)
class Row:
    ref: str
    name: str
    kind: str
    given: str
    appointment: str
    status: str
    to_check: bool


@dataclass(frozen=True, slots=True)
class View:
    """One proof. `checks` is (fine, in words)."""

    row: Row
    name: str
    person_ref: str
    place: str
    distance: str
    checks: list[tuple[bool, str]]
    media_id: int | None
    reason: str


async def rows(hub: Hub, session: AsyncSession, worker: Worker) -> list[Row]:
    """Those given, the oldest first, then those decided, the newest first."""
    visible = (
        select(Proof, Person)
        .join(Person, Person.id == Proof.person_id)
        .where(may_see(worker), Proof.given_at.is_not(None))
    )
    waiting = visible.where(Proof.state == ProofState.GIVEN).order_by(Proof.given_at)
    decided = visible.where(Proof.state != ProofState.GIVEN).order_by(Proof.given_at.desc()).limit(SHOWN)
    found = [*(await session.execute(waiting)).all(), *(await session.execute(decided)).all()]
    return [_row(hub, proof, person) for proof, person in found]


async def view(hub: Hub, session: AsyncSession, proof: Proof) -> View:
    person = await session.get_one(Person, proof.person_id)
    return View(
        row=_row(hub, proof, person),
        name=shown_name(hub, person),
        person_ref=person.ref,
        place=proof.appointment.place,
        distance=_distance(proof.given_at, proof.appointment.starts_at, proof.appointment.minutes),
        checks=_checks(proof),
        media_id=proof.media_id,
        reason=REASONS.get(proof.reason, proof.reason),
    )


def _row(hub: Hub, proof: Proof, person: Person) -> Row:
    zone = person.agency.time_zone
    return Row(
        ref=proof.ref,
        name=listed_name(hub, person),
        kind=KINDS.get(proof.kind, proof.kind),
        given=say_when(proof.given_at, zone) if proof.given_at else "",
        appointment=say_when(proof.appointment.starts_at, zone),
        status=PROOFS[proof.state],
        to_check=proof.state is ProofState.GIVEN,
    )


def _distance(given_at: datetime | None, starts_at: datetime, minutes: int) -> str:
    """How far from the appointment it came."""
    if given_at is None:
        return ""
    if given_at < starts_at:
        return f"{span(starts_at - given_at)} before it began"
    if given_at > starts_at + timedelta(minutes=minutes):
        return f"{span(given_at - starts_at - timedelta(minutes=minutes))} after it ended"
    return f"during it, {span(given_at - starts_at)} after it began"


def _checks(proof: Proof) -> list[tuple[bool, str]]:
    checks = proof.checks
    found: list[tuple[bool, str]] = []
    if "code" in checks:
        right = checks["code"] == "right"
        found.append((right, "The code was right" if right else "The code was wrong"))
    if checks.get("wrong_codes"):
        found.append((False, f"Wrong codes before: {checks['wrong_codes']}"))
    if "seen_before" in checks:
        seen = bool(checks["seen_before"])
        found.append((not seen, "The same photo was used before" if seen else "The photo was not used before"))
    if "minutes_after_start" in checks:
        near = -60 <= int(checks["minutes_after_start"]) <= proof.appointment.minutes + 60
        found.append((near, "It came close to the appointment" if near else "It came far from the appointment"))
    return found
