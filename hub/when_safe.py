"""Is it OK to talk? On a phone that others may read, or to somebody who wishes to be asked first, it comes first.

A topic registers what it tells once the answer is yes; until then the open question keeps only the topic's name and a
number. Knows no topic.
"""

from collections.abc import Awaitable, Callable

from hub.handling import Handling
from hub.safe_contact import is_careful
from hub.words import Awaiting

Telling = Callable[[Handling, int | None], Awaitable[None]]

_TELLINGS: dict[str, Telling] = {}


def told_when_safe(what: str) -> Callable[[Telling], Telling]:
    """Register the function that tells `what`. It gets the handling and the number that was kept for it.

    Raises
    ------
    ValueError
        when another function tells it.
    """

    def register(function: Telling) -> Telling:
        if what in _TELLINGS:
            raise ValueError(f"two functions tell {what}")
        _TELLINGS[what] = function
        return function

    return register


async def tell(handling: Handling, what: str, number: int | None = None) -> None:
    """Tell it now, or ask first whether now is a good time. Only to be called when the person is at their phone."""
    if is_careful(handling.conversation.contact_point):
        keep = {"then": what, "number": number}
        return await handling.ask("victims.safe_to_talk", Awaiting.SAFE_TO_TALK, keep=keep)
    await _TELLINGS[what](handling, number)


async def is_safe(handling: Handling) -> None:
    """Yes: what was asked for is told now. Of what nobody tells any more, nothing is said."""
    kept = handling.prompt.facts if handling.prompt else {}
    await handling.answered()
    telling = _TELLINGS.get(kept.get("then", ""))
    if telling:
        await telling(handling, kept.get("number"))
