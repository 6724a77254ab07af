"""Proofs of attendance as workers see them: asked for, accepted, rejected with a reason, asked for again.

What the person does is in `hub/proof_giving.py`. Knows nothing of screens.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import appointments, escalations
from hub.core import Hub
from hub.errors import MoveNotAllowed, NotAllowed
from hub.handling import Handling
from hub.speaking import speak_to
from hub.states import PROOF_MOVES, ProofState, check_move
from hub.store import audit
from hub.store.refs import new_ref
from hub.store.tables import Appointment, Proof, Worker
from hub.upload_links import photo_link
from hub.words import AppointmentState, Awaiting, Purpose, WorkerRole

EXPIRES_AFTER = timedelta(days=2)
ASKED_AGAIN = "attendance.proof_again"
CAN_BE_ASKED_AGAIN = frozenset({ProofState.ASKED, ProofState.REJECTED, ProofState.EXPIRED})
A_MISS = ("missed_appointment", "attendance_unknown")
REJECTED_FOR = frozenset({"not_readable", "wrong_place", "wrong_day", "seen_before", "other"})


async def ask(hub: Hub, session: AsyncSession, appointment: Appointment) -> Proof:
    """The proof of an appointment, asked for now unless it was before."""
    found: Proof | None = await session.scalar(
        select(Proof).where(Proof.appointment_id == appointment.id).order_by(Proof.id.desc()).limit(1)
    )
    if found:
        return found
    proof = Proof(
        ref=new_ref(),
        appointment_id=appointment.id,
        person_id=appointment.person_id,
        side=appointment.side,
        state=ProofState.ASKED,
        asked_at=hub.clock.now(),
        checks={},
        appointment=appointment,
    )
    session.add(proof)
    await session.flush()
    return proof


async def said_by(hub: Hub, session: AsyncSession, worker: Worker, appointment: Appointment) -> None:
    """Whoever they saw says that they came: where proof is wanted, that is it."""
    if worker.role is not WorkerRole.PROVIDER or not appointment.proof_wanted:
        return
    proof = await ask(hub, session, appointment)
    if proof.state is ProofState.ACCEPTED:
        return
    proof.kind = proof.kind if proof.media_id else "provider"  # what was given is still shown
    proof.given_at = proof.given_at or hub.clock.now()
    await _decide(hub, session, worker, proof, ProofState.ACCEPTED)


async def accept(hub: Hub, session: AsyncSession, worker: Worker, proof: Proof) -> None:
    """A human has looked: it counts. Raises `MoveNotAllowed` when it has been decided before."""
    await _decide(hub, session, worker, proof, ProofState.ACCEPTED)
    appointment = proof.appointment
    await mark_attended(hub, session, f"worker:{worker.id}", appointment)
    now, about = hub.clock.now(), appointment.ref
    await escalations.settle(session, proof.person_id, A_MISS, worker.id, "came_after_all", now, detail=about)
    handling = await speak_to(hub, session, appointment.person, Purpose.REPLY)
    if handling:
        await handling.say("attendance.accepted", **_facts(handling, appointment))


async def reject(hub: Hub, session: AsyncSession, worker: Worker, proof: Proof, reason: str) -> None:
    """A human has looked: it does not count, for one of `REJECTED_FOR`. The person is asked for another.

    Raises
    ------
    MoveNotAllowed
        when it has been decided before.
    """
    reason = reason if reason in REJECTED_FOR else "other"
    await _decide(hub, session, worker, proof, ProofState.REJECTED, reason)
    handling = await speak_to(hub, session, proof.appointment.person, Purpose.REPLY)
    if handling:
        why = handling.texts.template(f"attendance.why_{reason}", handling.language).text
        await handling.ask(
            "attendance.rejected",
            Awaiting.ATTENDANCE_PROOF,
            subject=("appointment", proof.appointment_id),
            why=why,
            **_facts(handling, proof.appointment),
            **await photo_link(handling),
        )


async def ask_again(hub: Hub, session: AsyncSession, worker: Worker, proof: Proof) -> None:
    """Ask for one that never came, or for a better one.

    Raises
    ------
    MoveNotAllowed
        when one is there, accepted or to be checked.
    NotAllowed
        when there is no way to reach the person.
    """
    if proof.state not in CAN_BE_ASKED_AGAIN:
        raise MoveNotAllowed
    handling = await speak_to(hub, session, proof.appointment.person, Purpose.REMINDER)
    if handling is None:
        raise NotAllowed("There is no way to reach this person: add a number first.")
    actor = f"worker:{worker.id}"
    audit.record(session, handling.now, actor, "proof_asked_again", f"proof:{proof.id}", person_id=proof.person_id)
    subject = ("appointment", proof.appointment_id)
    facts = _facts(handling, proof.appointment) | await photo_link(handling)
    await handling.ask(ASKED_AGAIN, Awaiting.ATTENDANCE_PROOF, subject=subject, **facts)


async def expire_due(_hub: Hub, session: AsyncSession, now: datetime) -> int:
    """Proofs that never came; not the same as "was not there". Returns how many."""
    late = select(Proof).where(Proof.state == ProofState.ASKED, Proof.asked_at <= now - EXPIRES_AFTER)
    found = (await session.scalars(late.with_for_update(skip_locked=True, of=Proof))).all()
    for proof in found:
        proof.state = check_move(PROOF_MOVES, proof.state, ProofState.EXPIRED)
    return len(found)


async def mark_attended(hub: Hub, session: AsyncSession, actor: str, appointment: Appointment) -> None:
    """Somebody there may have marked it before the proof came."""
    if appointment.state is not AppointmentState.ATTENDED:
        await appointments.set_outcome(hub, session, actor, appointment, AppointmentState.ATTENDED, thank=False)


async def _decide(
    hub: Hub, session: AsyncSession, worker: Worker, proof: Proof, to: ProofState, reason: str = ""
) -> None:
    now = hub.clock.now()
    proof.state = check_move(PROOF_MOVES, proof.state, to)
    proof.decided_at, proof.decided_by_id, proof.reason = now, worker.id, reason
    audit.record(
        session,
        now,
        f"worker:{worker.id}",
        f"proof_{to}",
        f"proof:{proof.id}",
        person_id=proof.person_id,
        reason=reason,
    )
    await _close_escalation(session, worker, proof, f"proof_{to}", now)


async def _close_escalation(session: AsyncSession, worker: Worker, proof: Proof, outcome: str, now: datetime) -> None:
    """Deciding is what the escalation asked for; it stays while another proof of the person waits."""
    waiting = select(func.count()).where(Proof.person_id == proof.person_id, Proof.state == ProofState.GIVEN)
    if await session.scalar(waiting):
        return
    await escalations.settle(session, proof.person_id, ("proof_to_check",), worker.id, outcome, now)


def _facts(handling: Handling, appointment: Appointment) -> dict[str, Any]:
    return {"when": handling.appointment_facts(appointment)["when"]}
