"""The answer to "are you back?"."""

from hub import return_checks
from hub.answering import Kind, takes_answers
from hub.handling import Handling
from hub.repair import repair


@takes_answers("return_check")
async def take(handling: Handling, kind: Kind, _words: str) -> None:
    """Yes, or not yet. What a model takes for "later" may be "I am back": it is asked again, not guessed at."""
    check = await return_checks.open_one(handling)
    if check is None:
        return await handling.say("surveys.nothing_open")
    match kind:
        case Kind.YES:
            await return_checks.say_back(handling, check)
        case Kind.NO:
            await return_checks.say_not_yet(handling, check)
        case Kind.CHANGE:
            await return_checks.ask_once_more(handling, check)
        case _:
            await repair(handling)


async def change_just_answered(handling: Handling) -> bool:
    """CHANGE a moment after the answer. False when there is none."""
    check = await return_checks.just_answered(handling)
    if check is None:
        return False
    await return_checks.ask_once_more(handling, check)
    return True
