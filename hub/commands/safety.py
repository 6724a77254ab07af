"""Cries for help: urgent to a human at once, and one answer with the right numbers, at any hour.

A victim's answer can stand on a lock screen: it says what to do and not what it is about.
"""

from hub.commands.registry import carries_out
from hub.cries import cry
from hub.handling import Carry, Handling
from hub.reasons import SAFETY_REASONS

HEARD_BY_ASSISTANT = "heard_by_the_assistant"  # no rule of `words.yml` said it


def _answer_to(kind: str) -> Carry:
    async def carry_out(handling: Handling, _entities: dict[str, str]) -> None:
        await cry(handling, kind, _reason(handling, kind))

    return carry_out


for _kind in sorted(SAFETY_REASONS):
    carries_out(_kind)(_answer_to(_kind))


def _reason(handling: Handling, kind: str) -> str:
    """Why this kind: a code of `flows/safety/words.yml`, never the person's words."""
    hits = handling.hub.flows.safety.hits(handling.text)
    return next((hit.reason for hit in hits if hit.kind == kind), HEARD_BY_ASSISTANT)
