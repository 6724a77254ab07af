"""Proof of attendance: a code from the venue's screen speaks for itself, a photo is looked at by a human.

The code is a time-based one (RFC 6238, 30-second steps) and counts for three minutes, so that a slow text
still
arrives in time; once a person and appointment. Knows nothing of screens.
"""

from datetime import datetime, timedelta
from typing import Any

import pyotp
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import appointments, escalations
from hub.core import Hub
from hub.errors import MoveNotAllowed, NotAllowed
from hub.handling import STANDING, Handling
from hub.photos import last_usable, not_usable, seen_before
from hub.promises import hand_over, promise
from hub.speaking import speak_to
from hub.states import PROOF_MOVES, ProofState, check_move
from hub.store import audit
from hub.store.refs import new_ref
from hub.store.tables import Appointment, Proof, Worker
from hub.words import AppointmentState, Awaiting, Purpose, Role

STEP = 30  # seconds
COUNTS_FOR = 6  # steps back: three minutes
MOST_WRONG = 5  # codes; after that only a photo or a human, since six digits can be tried through
NEAR = timedelta(hours=12)  # an appointment that a proof can be meant for
EXPIRES_AFTER = timedelta(days=2)
ASKED_AGAIN = "attendance.proof_again"
CAN_BE_ASKED_AGAIN = frozenset({ProofState.ASKED, ProofState.REJECTED, ProofState.EXPIRED})
REJECTED_FOR = frozenset({"not_readable", "wrong_place", "wrong_day", "seen_before", "other"})
_CAN_BE_PROVED = (*STANDING, AppointmentState.MISSED, AppointmentState.UNKNOWN, AppointmentState.ATTENDED)


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


def venue_code(hub: Hub, appointment: Appointment, at: datetime) -> str:
    """What the venue's screen shows at `at`; empty where no proof is wanted."""
    if appointment.venue_secret_sealed is None:
        return ""
    return _totp(hub, appointment.venue_secret_sealed).at(at)


_AWAITS_PROOF = frozenset({Awaiting.ATTENDANCE_PROOF, Awaiting.ATTENDANCE_CODE})


async def appointment_near(handling: Handling) -> Appointment | None:
    """The appointment that a proof is meant for: the one whose proof was asked for, else the nearest of today.

    A reminder of next week's that came in between does not take today's code.
    """
    if handling.prompt and handling.prompt.awaiting in _AWAITS_PROOF:
        return await handling.appointment()
    distance = func.abs(func.extract("epoch", Appointment.starts_at - handling.now))
    found: Appointment | None = await handling.session.scalar(
        select(Appointment)
        .where(
            Appointment.person_id == handling.person.id,
            Appointment.state.in_(_CAN_BE_PROVED),
            Appointment.starts_at.between(handling.now - NEAR, handling.now + NEAR),
        )
        .order_by(distance)
        .limit(1)
    )
    return found


async def give_code(handling: Handling, code: str) -> None:
    """Take a code: right ends it, wrong asks once more, wrong again leaves the photo and the human."""
    appointment = await appointment_near(handling)
    if appointment is None or appointment.venue_secret_sealed is None:
        return await handling.say("attendance.nothing_to_prove")
    proof = await ask(handling.hub, handling.session, appointment)
    if proof.state is ProofState.ACCEPTED:
        return await handling.say("attendance.have_it")
    wrong_before = int(proof.checks.get("wrong_codes", 0))
    if wrong_before < MOST_WRONG and _is_right(handling, appointment.venue_secret_sealed, code):
        await _accept_code(handling, appointment, proof)
    else:
        proof.checks = {**proof.checks, "wrong_codes": wrong_before + 1}
        await _wrong_code(handling, appointment, again=wrong_before > 0)


async def give_photo(handling: Handling) -> None:
    """Take the photo that came with this text, if it is one; a human looks at it."""
    photo, refused = await last_usable(handling)
    if refused:
        return await not_usable(handling, refused)
    if photo is None:
        return await handling.ask(
            "attendance.photo_wanted", Awaiting.ATTENDANCE_PROOF, subject=await _subject(handling)
        )
    appointment = await appointment_near(handling)
    if appointment is None:
        return await _no_appointment(handling)
    proof = await ask(handling.hub, handling.session, appointment)
    if proof.state is ProofState.ACCEPTED:
        return await handling.say("attendance.have_it")
    if proof.state is not ProofState.GIVEN:  # a second photo takes the place of the first
        proof.state = check_move(PROOF_MOVES, proof.state, ProofState.GIVEN)
    proof.kind, proof.media_id, proof.given_at, proof.reason = "photo", photo.id, handling.now, ""
    minutes = round((handling.now - appointment.starts_at).total_seconds() / 60)
    seen = await seen_before(handling, photo, appointment)
    proof.checks = {**proof.checks, "seen_before": seen, "minutes_after_start": minutes}
    handling.record("proof_given", f"proof:{proof.id}", kind="photo")
    await _close_question(handling)
    by = await promise(handling, "proof_to_check", detail=proof.ref)
    await handling.say("attendance.photo_given", answer_by=by)


async def accept(hub: Hub, session: AsyncSession, worker: Worker, proof: Proof) -> None:
    """A human has looked: it counts. Raises `MoveNotAllowed` when it has been decided before."""
    await _decide(hub, session, worker, proof, ProofState.ACCEPTED)
    appointment = proof.appointment
    await _mark_attended(hub, session, f"worker:{worker.id}", appointment)
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
    facts = _facts(handling, proof.appointment)
    await handling.ask(ASKED_AGAIN, Awaiting.ATTENDANCE_PROOF, subject=subject, **facts)


async def expire_due(_hub: Hub, session: AsyncSession, now: datetime) -> int:
    """Proofs that never came; not the same as "was not there". Returns how many."""
    late = select(Proof).where(Proof.state == ProofState.ASKED, Proof.asked_at <= now - EXPIRES_AFTER)
    found = (await session.scalars(late.with_for_update(skip_locked=True, of=Proof))).all()
    for proof in found:
        proof.state = check_move(PROOF_MOVES, proof.state, ProofState.EXPIRED)
    return len(found)


async def _accept_code(handling: Handling, appointment: Appointment, proof: Proof) -> None:
    proof.state = check_move(PROOF_MOVES, proof.state, ProofState.ACCEPTED)
    proof.kind, proof.given_at, proof.decided_at = "code", handling.now, handling.now
    proof.checks = {**proof.checks, "code": "right"}
    handling.record("proof_accepted", f"proof:{proof.id}", kind="code")
    actor = f"person:{handling.person.id}"
    await _mark_attended(handling.hub, handling.session, actor, appointment)
    await _close_question(handling)
    await handling.say("attendance.code_right", **_facts(handling, appointment))


async def _mark_attended(hub: Hub, session: AsyncSession, actor: str, appointment: Appointment) -> None:
    """Somebody there may have marked it before the proof came."""
    if appointment.state is not AppointmentState.ATTENDED:
        await appointments.set_outcome(hub, session, actor, appointment, AppointmentState.ATTENDED, thank=False)


async def _wrong_code(handling: Handling, appointment: Appointment, *, again: bool) -> None:
    subject = ("appointment", appointment.id)
    if again:
        await handling.escalate("proof_to_check", detail=appointment.ref)
        await handling.ask("attendance.code_wrong_again", Awaiting.ATTENDANCE_PROOF, subject=subject)
    else:
        await handling.ask("attendance.code_wrong", Awaiting.ATTENDANCE_CODE, subject=subject)


async def _no_appointment(handling: Handling) -> None:
    """A photo of something else: a human looks at it."""
    if handling.person.role is Role.VICTIM:
        by = await hand_over(handling, "wants_a_person", detail="photo")
        return await handling.say("human.will_answer", answer_by=by)
    by = await hand_over(handling, "proof_to_check", detail="no_appointment")
    await handling.say("attendance.photo_no_appointment", answer_by=by)


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


async def _subject(handling: Handling) -> tuple[str, int] | None:
    appointment = await appointment_near(handling)
    return ("appointment", appointment.id) if appointment else None


async def _close_question(handling: Handling) -> None:
    about = {Awaiting.ATTENDANCE_PROOF, Awaiting.ATTENDANCE_CODE, Awaiting.APPOINTMENT_CONFIRMATION}
    if handling.prompt and handling.prompt.awaiting in about:
        await handling.answered()


def _is_right(handling: Handling, secret: bytes, code: str) -> bool:
    totp = _totp(handling.hub, secret)
    given = "".join(code.split())
    moments = (handling.now - timedelta(seconds=STEP * back) for back in range(-1, COUNTS_FOR + 1))
    return sum(totp.verify(given, for_time=moment) for moment in moments) > 0  # all: no early end to measure


def _totp(hub: Hub, secret: bytes) -> pyotp.TOTP:
    return pyotp.TOTP(hub.vault.master.open(secret, "venue"), interval=STEP)


def _facts(handling: Handling, appointment: Appointment) -> dict[str, Any]:
    return {"when": handling.appointment_facts(appointment)["when"]}
