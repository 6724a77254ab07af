"""What a person does to show that they were there: a code, a photo or paper, a place. Takes it, answers, and puts
what does not speak for itself in front of a human.

What workers do about a proof is in `hub/proofs.py`; what a code is worth in `hub/venue_codes.py`.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from hub import escalations, venue_codes
from hub.handling import STANDING, Handling
from hub.photos import last_usable, not_usable, seen_before
from hub.places import PLACE_TYPE, Band
from hub.promises import hand_over, promise
from hub.proofs import A_MISS, ask, mark_attended
from hub.states import PROOF_MOVES, ProofState, check_move
from hub.store.tables import Appointment, MediaFile, Proof
from hub.times import say_time
from hub.upload_links import photo_link
from hub.venue_codes import Judged, Verdict
from hub.words import AppointmentState, Awaiting, Role

MOST_WRONG = 5  # codes; after that only a photo or a human, since six digits can be tried through
LONG_ON_ITS_WAY = 5  # minutes between sending and arriving that the worker is told of
_CAN_BE_PROVED = (*STANDING, AppointmentState.MISSED, AppointmentState.UNKNOWN, AppointmentState.ATTENDED)
_AWAITS_PROOF = frozenset({Awaiting.ATTENDANCE_PROOF, Awaiting.ATTENDANCE_CODE})


async def appointments_near(handling: Handling) -> Sequence[Appointment]:
    """Those that a proof can be meant for: the one whose proof was asked for, then those of today without one, nearest
    first. A reminder of next week's that came in between does not take today's code.
    """
    at, near = handling.written_at, venue_codes.NEAR
    proved = select(Proof.id).where(Proof.appointment_id == Appointment.id, Proof.state == ProofState.ACCEPTED)
    wanted = (
        select(Appointment)
        .where(
            Appointment.person_id == handling.person.id,
            Appointment.state.in_(_CAN_BE_PROVED),
            Appointment.starts_at.between(at - near, at + near),
        )
        .order_by(proved.exists(), func.abs(func.extract("epoch", Appointment.starts_at - at)), Appointment.id)
    )
    found = list(await handling.session.scalars(wanted))
    asked = await handling.appointment() if handling.prompt and handling.prompt.awaiting in _AWAITS_PROOF else None
    return [asked, *(each for each in found if each.id != asked.id)] if asked else found


async def appointment_near(handling: Handling) -> Appointment | None:
    """The likeliest."""
    found = await appointments_near(handling)
    return found[0] if found else None


async def give_code(handling: Handling, given: str) -> None:
    """Take a code: right ends it, wrong asks once more, wrong again leaves the photo and the human."""
    own = [each for each in await appointments_near(handling) if each.venue_secret_sealed]
    if not own:
        return await handling.say("attendance.nothing_to_prove")
    judged = await venue_codes.judge(handling.hub, handling.session, own, given, handling.written_at)
    proof = await ask(handling.hub, handling.session, judged.appointment)
    wrong_before = await _wrong_before(handling, own)
    if proof.state is ProofState.ACCEPTED:
        return await handling.say("attendance.have_it")
    verdict = judged.verdict if wrong_before < MOST_WRONG else Verdict.WRONG
    match verdict:
        case Verdict.RIGHT:
            await accept_by_itself(handling, proof, "code", "attendance.code_right", code=verdict)
        case Verdict.LATE | Verdict.AHEAD:
            await _code_to_check(handling, proof, judged)
        case _:
            proof.checks = {**proof.checks, "wrong_codes": int(proof.checks.get("wrong_codes", 0)) + 1}
            if verdict is Verdict.OTHER_VENUE:
                return await _code_of_another_place(handling, proof, judged)
            await _wrong_code(handling, judged.appointment, again=wrong_before > 0)


async def give_file(handling: Handling) -> None:
    """Take what came with this text: a place is compared, a photo or document is for a human."""
    file, refused = await last_usable(handling)
    if refused:
        return await not_usable(handling, refused)
    if file is None:
        return await _photo_wanted(handling)
    appointment = await appointment_near(handling)
    if appointment is None:
        return await _no_appointment(handling, file)
    proof = await ask(handling.hub, handling.session, appointment)
    if proof.state is ProofState.ACCEPTED:
        return await handling.say("attendance.have_it")
    await (_give_place if file.content_type == PLACE_TYPE else _give_photo)(handling, proof, file)


async def accept_by_itself(handling: Handling, proof: Proof, kind: str, text_key: str, **checks: Any) -> None:
    """What needs no human: it is accepted, and the person is marked as there."""
    appointment = proof.appointment
    proof.state = check_move(PROOF_MOVES, proof.state, ProofState.ACCEPTED)
    proof.kind, proof.given_at, proof.decided_at = kind, handling.written_at, handling.now
    proof.checks = {**proof.checks, **_on_its_way(handling), **checks}
    handling.record("proof_accepted", f"proof:{proof.id}", kind=kind)
    await mark_attended(handling.hub, handling.session, f"person:{handling.person.id}", appointment)
    await _settle(handling, proof)
    await _close_question(handling)
    await handling.say(text_key, **_facts(handling, appointment))


async def _settle(handling: Handling, proof: Proof) -> None:
    """What was put to a human about it needs nobody any more: a miss that was none, a code that did not fit."""
    about = {proof.ref, proof.appointment.ref}
    for reason in (*A_MISS, "proof_to_check"):
        found = await escalations.find_open(handling.session, handling.conversation.id, reason)
        if found and found.detail in about:
            await escalations.withdraw(handling.session, found, "came_after_all", handling.now)


async def _give(handling: Handling, proof: Proof, kind: str, **checks: Any) -> str:
    """What a human looks at. Returns until when, in words. A photo that waits already is not pushed aside by less."""
    if proof.state is not ProofState.GIVEN:
        proof.state = check_move(PROOF_MOVES, proof.state, ProofState.GIVEN)
    elif kind in {"code", "place"} and proof.media_id:
        kind = proof.kind
    proof.kind, proof.given_at, proof.reason = kind, handling.written_at, ""
    proof.checks = {**proof.checks, **_on_its_way(handling), **checks}
    handling.record("proof_given", f"proof:{proof.id}", kind=kind)
    await _close_question(handling)
    return await promise(handling, "proof_to_check", detail=proof.ref)


async def _give_photo(handling: Handling, proof: Proof, file: MediaFile) -> None:
    """A second one takes the place of the first."""
    minutes = round((handling.written_at - proof.appointment.starts_at).total_seconds() / 60)
    seen = await seen_before(handling, file, proof.appointment)
    kept = {name: value for name, value in proof.checks.items() if name not in {"place", "there", "taken"}}
    proof.checks = {**kept, **file.checks, "seen_before": bool(seen), "alike": seen == "alike"}
    kind = "document" if file.content_type == "application/pdf" else "photo"
    by = await _give(handling, proof, kind, minutes_after_start=minutes)
    proof.media_id = file.id
    await handling.say(f"attendance.{kind}_given", answer_by=by)


async def _give_place(handling: Handling, proof: Proof, file: MediaFile) -> None:
    checks = file.checks
    if checks.get("place", Band.NO_VENUE) == Band.NO_VENUE:
        subject = ("appointment", proof.appointment_id)
        return await handling.ask("attendance.place_unknown", Awaiting.ATTENDANCE_PROOF, subject=subject)
    if checks["there"] and handling.agency.trusts_place:
        return await accept_by_itself(handling, proof, "place", "attendance.place_right", **checks)
    by = await _give(handling, proof, "place", **checks)
    await handling.say("attendance.place_given" if checks["there"] else "attendance.place_far", answer_by=by)


async def _photo_wanted(handling: Handling) -> None:
    appointment = await appointment_near(handling)
    subject = ("appointment", appointment.id) if appointment else None
    link = await photo_link(handling)
    await handling.ask("attendance.photo_wanted", Awaiting.ATTENDANCE_PROOF, subject=subject, **link)


async def _code_to_check(handling: Handling, proof: Proof, judged: Judged) -> None:
    """It was on the screen, but not when it was sent: the worker sees when."""
    at = judged.shown_at or handling.written_at
    by = await _give(handling, proof, "code", code=judged.verdict, shown_at=at.isoformat())
    shown = say_time(at, handling.agency.time_zone)
    late = judged.verdict is Verdict.LATE
    await handling.say("attendance.code_late" if late else "attendance.code_to_check", shown=shown, answer_by=by)


async def _code_of_another_place(handling: Handling, proof: Proof, judged: Judged) -> None:
    """The worker sees which place; the person only hears that it is another one, since places tell things."""
    await _give(handling, proof, "code", code=judged.verdict, other_place=judged.place)
    await handling.ask(
        "attendance.code_other_place",
        Awaiting.ATTENDANCE_CODE,
        subject=("appointment", proof.appointment_id),
        place=proof.appointment.place,
    )


async def _wrong_code(handling: Handling, appointment: Appointment, *, again: bool) -> None:
    subject = ("appointment", appointment.id)
    if again:
        await handling.escalate("proof_to_check", detail=appointment.ref)
        link = await photo_link(handling)
        await handling.ask("attendance.code_wrong_again", Awaiting.ATTENDANCE_PROOF, subject=subject, **link)
    else:
        await handling.ask("attendance.code_wrong", Awaiting.ATTENDANCE_CODE, subject=subject)


async def _wrong_before(handling: Handling, own: Sequence[Appointment]) -> int:
    """Tried for any of today's: two appointments do not give twice as many guesses."""
    proofs = select(Proof.checks).where(Proof.appointment_id.in_([each.id for each in own]))
    return sum(int(checks.get("wrong_codes", 0)) for checks in await handling.session.scalars(proofs))


async def _no_appointment(handling: Handling, file: MediaFile) -> None:
    """A photo of something else: a human looks at it. Of a place alone nothing is kept that a human could look at."""
    if file.content_type == PLACE_TYPE:
        return await handling.say("attendance.nothing_to_prove")
    if handling.person.role is Role.VICTIM:
        by = await hand_over(handling, "wants_a_person", detail="photo")
        return await handling.say("human.will_answer", answer_by=by)
    by = await hand_over(handling, "proof_to_check", detail="no_appointment")
    await handling.say("attendance.photo_no_appointment", answer_by=by)


async def _close_question(handling: Handling) -> None:
    about = _AWAITS_PROOF | {Awaiting.APPOINTMENT_CONFIRMATION}
    if handling.prompt and handling.prompt.awaiting in about:
        await handling.answered()


def _on_its_way(handling: Handling) -> dict[str, int]:
    """How long the text took, where that matters: no signal is not a miss."""
    minutes = round((handling.now - handling.written_at).total_seconds() / 60)
    return {"minutes_on_its_way": minutes} if minutes >= LONG_ON_ITS_WAY else {}


def _facts(handling: Handling, appointment: Appointment) -> dict[str, Any]:
    return {"when": handling.appointment_facts(appointment)["when"]}
