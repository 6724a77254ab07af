"""Who takes the answer to an open question: the topic that the question is about. Knows no topic.

A question of any topic can be a yes or no, a choice, a rating or one for their own words. It waits for what a survey
calls so (`Awaiting.SURVEY_YES_NO`…): the assistant reads an answer the same way whatever it is about.
"""

from collections.abc import Awaitable, Callable
from enum import StrEnum

from hub.handling import Handling


class Kind(StrEnum):
    YES = "yes"
    NO = "no"
    CHOICE = "choice"  # a number, as it was written
    RATING = "rating"  # a number, as it was written
    WORDS = "words"
    SKIP = "skip"  # not this question
    LATER = "later"  # none of them now
    CHANGE = "change"  # the question before once more


Taker = Callable[[Handling, Kind, str], Awaitable[None]]

_TAKERS: dict[str, Taker] = {}


def takes_answers(subject_kind: str) -> Callable[[Taker], Taker]:
    """Register the function of the questions about one kind of subject. It gets the handling, the kind and the words.

    Raises
    ------
    ValueError
        when another function takes them.
    """

    def register(function: Taker) -> Taker:
        if subject_kind in _TAKERS:
            raise ValueError(f"two functions take answers about a {subject_kind}")
        _TAKERS[subject_kind] = function
        return function

    return register


async def take(handling: Handling, kind: Kind, words: str = "") -> bool:
    """Give the answer to the topic of the open question. False when that is not waiting for one."""
    taker = _TAKERS.get(handling.prompt.subject_kind or "") if handling.prompt else None
    if taker is None:
        return False
    await taker(handling, kind, words)
    return True
