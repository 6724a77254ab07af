"""How somebody is: the answers to a check-in, or said unasked."""

import re

from hub import check_in_talk
from hub.answering import Kind, takes_answers
from hub.check_in_talk import CHANGED
from hub.check_ins import FEELING, HELP
from hub.commands.registry import carries_out
from hub.handling import Handling
from hub.needs import NOTHING, OTHER, by_number, spoken
from hub.promises import promise
from hub.repair import repair
from hub.store.tables import CheckIn
from hub.words import Awaiting

_DIGIT = re.compile(r"[1-9]")
WELL, BAD = 2, 4  # what words alone count as


@carries_out("report_doing_well")
async def report_doing_well(handling: Handling, entities: dict[str, str]) -> None:
    await _feeling(handling, entities, words_count_as=WELL)


@carries_out("report_struggling")
async def report_struggling(handling: Handling, entities: dict[str, str]) -> None:
    await _feeling(handling, entities, words_count_as=BAD)


@carries_out("report_change")
async def report_change(handling: Handling, _entities: dict[str, str]) -> None:
    """Moved home, new job, arrested: a human reads it. Where a check-in asks just that, it is the answer."""
    check_in = await check_in_talk.open_one(handling)
    if check_in and check_in.step == CHANGED:
        return await check_in_talk.take_change(handling, check_in, handling.text)
    if check_in and check_in.step == HELP and (needs := spoken(handling.text)):
        return await check_in_talk.take_needs(handling, check_in, needs)
    by = await promise(handling, "something_changed")
    await handling.say("check_ins.change_noted", answer_by=by)


@takes_answers("check_in")
async def take(handling: Handling, kind: Kind, words: str) -> None:
    check_in = await check_in_talk.open_one(handling)
    if check_in is None:
        return await handling.say("surveys.nothing_open")
    match kind:
        case Kind.SKIP:
            await check_in_talk.skip(handling, check_in)
        case Kind.LATER:
            await check_in_talk.leave(handling, check_in)
        case Kind.CHANGE:
            await check_in_talk.go_back(handling, check_in)
        case _:
            await _answer(handling, check_in, kind, words)


async def change_just_ended(handling: Handling) -> bool:
    """CHANGE a moment after the last answer. False when there is none."""
    check_in = await check_in_talk.just_ended(handling)
    if check_in is None:
        return False
    await check_in_talk.go_back(handling, check_in)
    return True


async def resume(handling: Handling) -> bool:
    """MORE: go on where it stopped. False when nothing of a check-in was left."""
    check_in = await check_in_talk.open_one(handling) or await check_in_talk.unfinished(handling)
    if check_in is None or not check_in.step:
        return False
    await check_in_talk.ask(handling, check_in, check_in.step)
    return True


async def _answer(handling: Handling, check_in: CheckIn, kind: Kind, words: str) -> None:
    match check_in.step, kind:
        case "help", _:
            await _help(handling, check_in, kind, words)
        case (("changed" | "call"), (Kind.YES | Kind.NO)):
            await check_in_talk.take_yes_no(handling, check_in, yes=kind is Kind.YES)
        case step, Kind.WORDS if step != FEELING:
            await check_in_talk.take_words(handling, check_in, words)
        case _:
            await repair(handling)


async def _help(handling: Handling, check_in: CheckIn, kind: Kind, choice: str) -> None:
    """The number of a kind of help; "1 and 3" counts as both."""
    if kind is Kind.NO:
        return await check_in_talk.take_needs(handling, check_in, [NOTHING])
    numbers = sorted({int(digit) for said in (handling.text, choice) for digit in _DIGIT.findall(said)})
    if kind is Kind.YES or not numbers:
        return await check_in_talk.ask_about(handling, check_in, "check_ins.which_help")
    await check_in_talk.take_needs(handling, check_in, [by_number(number) for number in numbers])


async def _feeling(handling: Handling, entities: dict[str, str], *, words_count_as: int) -> None:
    check_in = await check_in_talk.open_one(handling)
    awaiting = handling.prompt.awaiting if handling.prompt else Awaiting.NOTHING
    if check_in and awaiting is Awaiting.CHECK_IN_FEELING:
        feeling = int(entities.get("rating", words_count_as))
        return await check_in_talk.take_feeling(handling, check_in, feeling)
    if check_in and awaiting is Awaiting.CHECK_IN_HELP:
        named = spoken(handling.text) or [OTHER] if words_count_as == BAD else [NOTHING]
        return await check_in_talk.take_needs(handling, check_in, named)
    if words_count_as == WELL:
        return await handling.say("check_ins.doing_well")
    by = await promise(handling, "struggling")
    await handling.say("check_ins.struggling", answer_by=by)
