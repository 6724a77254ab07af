"""What the hub makes of one text, all of it: keyword, words of danger, exact reply, assistant, rules.

The same ladder as for a text that came in (hub/decide.py), without a store. Must not carry anything out.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from hub.decide import Situation, in_order
from hub.flows import Flows
from hub.ports import Assistant, Decision, Turn
from hub.reasons import SAFETY_REASONS

BY_THE_ASSISTANT = "the assistant reads it so"


@dataclass(frozen=True, slots=True)
class Reading:
    """`commands` in the order in which they are carried out; `confidence` 1.0 is certain, by words or by rule."""

    decided_by: str
    intent: str
    confidence: float
    runners_up: tuple[tuple[str, float], ...]
    entities: dict[str, str]
    commands: tuple[str, ...]
    safety: tuple[dict[str, str], ...]  # kind, words, why

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


async def read(flows: Flows, assistant: Assistant, turn: Turn) -> Reading:
    """A text that the assistant cannot be asked about is `assistant_down`, as it would be for a person."""
    decisions = [decision async for decision in in_order(flows, assistant, Situation(turn.text, turn))]
    commands = tuple(dict.fromkeys(command.do for decision in decisions for command in decision.commands))
    first = decisions[0]
    said = next((decision for decision in decisions if decision.intent), first)
    return Reading(
        decided_by=first.decided_by,
        intent=said.intent,
        confidence=first.confidence,
        runners_up=said.runners_up,
        entities={name: v for d in decisions for command in d.commands for name, v in command.entities.items()},
        commands=commands,
        safety=tuple(_safety(flows, turn, decisions)),
    )


def _safety(flows: Flows, turn: Turn, decisions: list[Decision]) -> Iterator[dict[str, str]]:
    """Which words call for a human at once and why; what only the assistant heard has no words to show."""
    found = set()
    for hit in flows.safety.hits(turn.text):
        found.add(hit.kind)
        yield {"kind": hit.kind, "words": hit.words, "why": hit.reason}
    for decision in decisions:
        for command in decision.commands:
            if command.do in SAFETY_REASONS and command.do not in found:
                yield {"kind": command.do, "words": "", "why": BY_THE_ASSISTANT}
