"""Answers to whatever question is open: handed to the topic that asked it (`hub/answering.py`)."""

from hub.answering import Kind, take
from hub.commands import check_ins, return_checks
from hub.commands.appointments import ask_again
from hub.commands.registry import carries_out
from hub.handling import STANDING, Handling
from hub.safe_checks import change_just_answered as change_safe_check
from hub.when_safe import is_safe
from hub.words import Awaiting


@carries_out("answer_rating")
async def answer_rating(handling: Handling, entities: dict[str, str]) -> None:
    await _give(handling, Kind.RATING, entities.get("rating", handling.text))


@carries_out("answer_choice")
async def answer_choice(handling: Handling, entities: dict[str, str]) -> None:
    await _give(handling, Kind.CHOICE, entities.get("choice", handling.text))


@carries_out("answer_yes")
async def answer_yes(handling: Handling, _entities: dict[str, str]) -> None:
    """Yes to an invitation, to a question, to help, to "is it safe?"."""
    if handling.prompt and handling.prompt.awaiting is Awaiting.SAFE_TO_TALK:
        return await is_safe(handling)
    await _give(handling, Kind.YES)


@carries_out("answer_no")
async def answer_no(handling: Handling, _entities: dict[str, str]) -> None:
    await _give(handling, Kind.NO)


@carries_out("answer_text")
async def answer_text(handling: Handling, entities: dict[str, str]) -> None:
    if "worries" in entities:
        await handling.escalate("statement_concern")
    await _give(handling, Kind.WORDS, handling.text)


@carries_out("skip_question")
async def skip_question(handling: Handling, _entities: dict[str, str]) -> None:
    await _give(handling, Kind.SKIP)


@carries_out("pause_survey")
async def pause_survey(handling: Handling, _entities: dict[str, str]) -> None:
    """Later: the answers so far are kept."""
    await _give(handling, Kind.LATER)


@carries_out("change_answer")
async def change_answer(handling: Handling, _entities: dict[str, str]) -> None:
    """CHANGE: the question before once more; without one, whether they will come."""
    if await take(handling, Kind.CHANGE):
        return None
    if await change_safe_check(handling) or await return_checks.change_just_answered(handling):
        return None
    if await check_ins.change_just_ended(handling):
        return None
    appointment = await handling.appointment()
    if appointment and appointment.state in STANDING:
        return await ask_again(handling, appointment)
    await handling.say("surveys.nothing_to_change")


async def _give(handling: Handling, kind: Kind, words: str = "") -> None:
    if not await take(handling, kind, words):
        await handling.say("surveys.nothing_open")
