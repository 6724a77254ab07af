"""Showing that one was there: by a word, a code or a photo. The rules of proof are in `hub/proofs.py`."""

from hub import files_given, proof_giving, proofs, session_roll
from hub.answering import Kind, takes_answers
from hub.commands.registry import carries_out
from hub.handling import Handling
from hub.states import ProofState
from hub.upload_links import photo_link
from hub.words import Awaiting


@carries_out("report_arrived")
async def report_arrived(handling: Handling, _entities: dict[str, str]) -> None:
    """ "I am here": noted; where proof is wanted, it is asked for."""
    appointment = await proof_giving.appointment_near(handling)
    if appointment is None:
        return await handling.say("attendance.nothing_to_prove")
    handling.record("arrived", f"appointment:{appointment.id}")
    if not appointment.proof_wanted:
        return await handling.say("attendance.arrived")
    proof = await proofs.ask(handling.hub, handling.session, appointment)
    if proof.state in {ProofState.ACCEPTED, ProofState.GIVEN}:
        return await handling.say("attendance.have_it")
    subject, link = ("appointment", appointment.id), await photo_link(handling)
    await handling.ask("attendance.ask_proof", Awaiting.ATTENDANCE_PROOF, subject=subject, **link)


@carries_out("give_code")
async def give_code(handling: Handling, entities: dict[str, str]) -> None:
    await proof_giving.give_code(handling, entities.get("code", handling.text))


@carries_out("give_photo")
async def give_photo(handling: Handling, _entities: dict[str, str]) -> None:
    await files_given.give(handling)


@carries_out("ask_how_to_prove")
async def ask_how_to_prove(handling: Handling, _entities: dict[str, str]) -> None:
    await handling.say("attendance.how")


@takes_answers(session_roll.SUBJECT)
async def take_roll(handling: Handling, kind: Kind, words: str) -> None:
    """A provider says who came."""
    await session_roll.take(handling, kind, words)
