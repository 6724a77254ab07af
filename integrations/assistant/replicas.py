"""Several assistants that are all the same: asked in turn, and the next one when one does not answer.

They share nothing and keep nothing, so any may answer any turn. Must not know what they say.
"""

from collections.abc import Iterator, Sequence
from itertools import count

from hub.errors import AssistantUnavailable
from hub.ports import Assistant, Decision, Turn


class Replicas:
    """`hub.ports.Assistant` over at least one other. Each leaves alone for a while what failed several times."""

    def __init__(self, assistants: Sequence[Assistant]) -> None:
        self._assistants = tuple(assistants)
        self._turns = count()

    async def decide(self, turn: Turn) -> Decision:
        """Raises AssistantUnavailable when none answers."""
        problem = AssistantUnavailable()
        for assistant in self._in_turn():
            try:
                return await assistant.decide(turn)
            except AssistantUnavailable as unavailable:
                problem = unavailable
        raise problem

    def _in_turn(self) -> Iterator[Assistant]:
        first = next(self._turns) % len(self._assistants)
        yield from (*self._assistants[first:], *self._assistants[:first])
