"""Putting something in front of a human, and saying honestly when that human will answer. Knows no text."""

from hub.handling import Handling
from hub.reasons import REASONS
from hub.times import say_when


async def promise(handling: Handling, reason: str, *, detail: str = "") -> str:
    """Escalate, and return the time by which it is answered, in words: "Tue 3 March at 11am".

    Counted from now in the agency's working hours, even when the same question was open before: a promise
    that is
    past already helps nobody.
    """
    await handling.escalate(reason, detail=detail)
    return answer_by(handling, reason)


async def hand_over(handling: Handling, reason: str, *, detail: str = "") -> str:
    """The same, for what a human answers instead of the bot."""
    await handling.hand_over(reason, detail=detail)
    return answer_by(handling, reason)


def answer_by(handling: Handling, reason: str) -> str:
    due = REASONS[reason].due(handling.now, handling.agency)
    return say_when(due, handling.agency.time_zone, handling.language)
