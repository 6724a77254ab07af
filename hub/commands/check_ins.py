"""How somebody is: the answer to a check-in, or said unasked."""

import re

from hub import check_ins
from hub.answering import Kind, takes_answers
from hub.check_ins import NEEDS
from hub.commands.registry import carries_out
from hub.handling import Handling
from hub.promises import promise
from hub.store.tables import CheckIn
from hub.words import Awaiting

_DIGIT = re.compile(r"[1-8]")
WELL, BAD = 2, 4  # what words alone count as


@carries_out("report_doing_well")
async def report_doing_well(handling: Handling, entities: dict[str, str]) -> None:
    await _feeling(handling, entities, words_count_as=WELL)


@carries_out("report_struggling")
async def report_struggling(handling: Handling, entities: dict[str, str]) -> None:
    await _feeling(handling, entities, words_count_as=BAD)


@carries_out("report_change")
async def report_change(handling: Handling, _entities: dict[str, str]) -> None:
    """Moved home, new job, arrested: a human reads it; the open question stays open."""
    by = await promise(handling, "something_changed")
    await handling.say("check_ins.change_noted", answer_by=by)


@takes_answers("check_in")
async def take(handling: Handling, kind: Kind, words: str) -> None:
    """Yes, no and the number of a kind of help; before that, how they are once more."""
    check_in = await check_ins.open_check_in(handling)
    if check_in is None:
        return await handling.say("surveys.nothing_open")
    match kind:
        case Kind.YES:
            await check_ins.ask_help(handling, check_in, "check_ins.which_help")
        case Kind.NO:
            await check_ins.take_needs(handling, check_in, ["nothing"])
        case Kind.CHANGE:
            await check_ins.ask_feeling_again(handling, check_in)
        case _:
            await _take_help(handling, check_in, words)


async def _take_help(handling: Handling, check_in: CheckIn, choice: str) -> None:
    """The number of a kind of help; "1 and 3" counts as both."""
    numbers = sorted({int(digit) for digit in _DIGIT.findall(handling.text)} | {int(d) for d in _DIGIT.findall(choice)})
    if not numbers:
        return await check_ins.ask_help(handling, check_in, "check_ins.which_help")
    await check_ins.take_needs(handling, check_in, [NEEDS[number - 1] for number in numbers])


async def _feeling(handling: Handling, entities: dict[str, str], *, words_count_as: int) -> None:
    check_in = await check_ins.open_check_in(handling)
    awaiting = handling.prompt.awaiting if handling.prompt else Awaiting.NOTHING
    if check_in and awaiting is Awaiting.CHECK_IN_FEELING:
        return await check_ins.take_feeling(handling, check_in, int(entities.get("rating", words_count_as)))
    if check_in and awaiting is Awaiting.CHECK_IN_HELP:
        need = "something_else" if words_count_as == BAD else "nothing"
        return await check_ins.take_needs(handling, check_in, [need])
    if words_count_as == WELL:
        return await handling.say("check_ins.doing_well")
    by = await promise(handling, "struggling")
    await handling.say("check_ins.struggling", answer_by=by)
