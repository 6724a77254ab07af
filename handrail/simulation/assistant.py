"""A stand-in for the assistant: knows the texts of `replies.yml`, thinks for too long at times, and is gone for hours.

The same text gives the same decision at any time, so that a simulation needs no model and repeats. Knows no store.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from handrail.driving import PushableClock
from handrail.simulation.faults import OF_THE_HOUSE
from handrail.simulation.replies import COMMANDS
from hub.errors import AssistantUnavailable
from hub.ports import Command, Decision, Turn

TOO_LONG = timedelta(seconds=40)  # more than the lease of who waits for it
UNKNOWN = ("not_understood",)


@dataclass(frozen=True, slots=True)
class StandIn:
    clock: PushableClock
    seed: int
    faults: Collection[str]
    step: Callable[[], None]  # called where a worker can die

    async def decide(self, turn: Turn) -> Decision:
        """Raises `AssistantUnavailable` in the hours in which it is gone."""
        self.step()
        now = self.clock.now()
        if self._happens("assistant_gone", f"{now:%Y-%m-%d %H}"):
            raise AssistantUnavailable
        if self._happens("assistant_slow", f"{turn.conversation}/{now.isoformat()}"):
            self.clock.push_to(now + TOO_LONG)
        self.step()
        found = COMMANDS.get(turn.text, UNKNOWN)
        return Decision(tuple(Command(name) for name in found), "assistant", found[0], 0.2 if found == UNKNOWN else 0.9)

    def _happens(self, fault: str, case: str) -> bool:
        return fault in self.faults and _roll(self.seed, fault, case) < OF_THE_HOUSE[fault]


def _roll(seed: int, fault: str, case: str) -> float:
    return Random(f"{seed}/{fault}/{case}").random()  # noqa: S311 - not a secret
