"""Proofs of attendance for whoever decides on them: when, how far from the appointment, what was checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import may_see, may_see_appointment
from hub.core import Hub
from hub.proof_kinds import Kind, kind_of
from hub.proofs import ASKED_AGAIN, CAN_BE_ASKED_AGAIN
from hub.reading.preview import preview
from hub.reading.proof_checks import Check, checks_of
from hub.reading.texts import listed_name, shown_name
from hub.reading.wording import PROOFS, span
from hub.states import ProofState
from hub.store.tables import Appointment, MediaFile, Person, Proof, Worker
from hub.texts import Rendered
from hub.times import say_when

SHOWN = 50  # the newest; what is to be checked is shown whole
REASONS = {
    "not_readable": "It cannot be read or seen clearly",
    "wrong_place": "It shows another place",
    "wrong_day": "It shows another day",
    "seen_before": "It was used before",
    "other": "Something else",
}


class View(StrEnum):
    CHECK = "check"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NEVER = "never"


STATES: Mapping[View, tuple[ProofState, ...]] = {
    View.CHECK: (ProofState.GIVEN,),
    View.ACCEPTED: (ProofState.ACCEPTED,),
    View.REJECTED: (ProofState.REJECTED,),
    View.NEVER: (ProofState.ASKED, ProofState.EXPIRED),
}


@dataclass(frozen=True, slots=True)
class Row:
    ref: str
    name: str
    kind: Kind
    given: str
    distance: str
    appointment: str
    status: str
    to_check: bool


@dataclass(frozen=True, slots=True)
class One:
    """One proof. `again`: what would be sent to ask for another."""

    row: Row
    name: str
    person_ref: str
    place: str
    with_whom: str
    checks: list[Check]
    point: str  # where it was taken; for an agency that keeps that
    media_id: int | None
    is_document: bool
    reason: str
    decided: str
    can_accept: bool
    again: Rendered | None


async def counts(session: AsyncSession, worker: Worker) -> dict[View, int]:
    columns = [func.count().filter(Proof.state.in_(states)) for states in STATES.values()]
    row = (await session.execute(select(*columns).where(*_visible(worker)))).one()
    return dict(zip(STATES, row, strict=True))


async def rows(hub: Hub, session: AsyncSession, worker: Worker, view: View) -> list[Row]:
    """Those to check, the longest waiting first; the others, the newest first."""
    wanted = select(Proof, Person).where(*_visible(worker), Proof.state.in_(STATES[view]))
    if view is View.CHECK:
        wanted = wanted.order_by(Proof.given_at, Proof.id)
    else:
        newest = func.coalesce(Proof.decided_at, Proof.given_at, Proof.asked_at)
        wanted = wanted.order_by(newest.desc(), Proof.id).limit(SHOWN)
    return [_row(hub, proof, person) for proof, person in (await session.execute(wanted)).all()]


async def next_to_check(session: AsyncSession, worker: Worker) -> str | None:
    """The one that waits longest."""
    waiting = select(Proof.ref).where(*_visible(worker), Proof.state == ProofState.GIVEN)
    found: str | None = await session.scalar(waiting.order_by(Proof.given_at, Proof.id).limit(1))
    return found


async def view(hub: Hub, session: AsyncSession, proof: Proof) -> One:
    person = await session.get_one(Person, proof.person_id)
    decider = await session.get(Worker, proof.decided_by_id) if proof.decided_by_id else None
    can_ask = proof.state in CAN_BE_ASKED_AGAIN
    return One(
        row=_row(hub, proof, person),
        name=shown_name(hub, person),
        person_ref=person.ref,
        place=proof.appointment.place,
        with_whom=proof.appointment.with_whom,
        checks=checks_of(proof, person.agency.time_zone),
        point=await _point(hub, session, proof, person),
        media_id=proof.media_id,
        is_document=proof.kind == "document",
        reason=REASONS.get(proof.reason, proof.reason),
        decided=_decided(proof, decider, person.agency.time_zone),
        can_accept=proof.state in {ProofState.GIVEN, ProofState.REJECTED},
        again=await preview(hub, session, person, ASKED_AGAIN, proof.appointment) if can_ask else None,
    )


def _visible(worker: Worker) -> tuple[ColumnElement[bool], ...]:
    return (
        Person.id == Proof.person_id,
        Appointment.id == Proof.appointment_id,
        may_see(worker),
        may_see_appointment(worker),
    )


def _row(hub: Hub, proof: Proof, person: Person) -> Row:
    zone = person.agency.time_zone
    return Row(
        ref=proof.ref,
        name=listed_name(hub, person),
        kind=_kind(proof),
        given=say_when(proof.given_at, zone) if proof.given_at else "",
        distance=_distance(proof.given_at, proof.appointment.starts_at, proof.appointment.minutes),
        appointment=say_when(proof.appointment.starts_at, zone),
        status=PROOFS[proof.state],
        to_check=proof.state is ProofState.GIVEN,
    )


def _kind(proof: Proof) -> Kind:
    return kind_of(proof.kind, str(proof.checks.get("code", "")))


async def _point(hub: Hub, session: AsyncSession, proof: Proof, person: Person) -> str:
    file = await session.get(MediaFile, proof.media_id) if proof.media_id else None
    if file is None or file.point_sealed is None or person.wrapped_key is None:
        return ""
    return hub.vault.open_person_key(person.wrapped_key).open(file.point_sealed, "point")


def _decided(proof: Proof, decider: Worker | None, zone: str) -> str:
    if proof.decided_at is None:
        return ""
    who = decider.name if decider else _kind(proof).by_itself
    return f"By {who}, {say_when(proof.decided_at, zone)}"


def _distance(given_at: datetime | None, starts_at: datetime, minutes: int) -> str:
    """How far from the appointment it came."""
    if given_at is None:
        return ""
    if given_at < starts_at:
        return f"{span(starts_at - given_at)} before it began"
    if given_at > starts_at + timedelta(minutes=minutes):
        return f"{span(given_at - starts_at - timedelta(minutes=minutes))} after it ended"
    return f"during it, {span(given_at - starts_at)} after it began"
