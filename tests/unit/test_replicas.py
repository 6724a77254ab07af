"""Several assistants behind one door: asked in turn, and one that is down is one that nobody notices."""

from collections.abc import Sequence

import pytest

from hub.errors import AssistantUnavailable
from hub.ports import Decision, Turn
from integrations.assistant.replicas import Replicas


class Replica:
    def __init__(self, name: str) -> None:
        self.name, self.asked, self.down = name, 0, False

    async def decide(self, turn: Turn) -> Decision:
        self.asked += 1
        if self.down:
            raise AssistantUnavailable(f"({self.name})")
        return Decision((), "assistant", intent=self.name)


TURN = Turn("c", "hello")


async def answers(replicas: Sequence[Replica], number: int) -> list[str]:
    together = Replicas(replicas)
    return [(await together.decide(TURN)).intent for _ in range(number)]


async def test_each_is_asked_in_turn() -> None:
    assert await answers([Replica("a"), Replica("b"), Replica("c")], 6) == ["a", "b", "c"] * 2


async def test_one_that_is_down_is_replaced_by_the_next() -> None:
    a, b = Replica("a"), Replica("b")
    a.down = True
    assert await answers([a, b], 4) == ["b"] * 4
    assert (a.asked, b.asked) == (2, 4)


async def test_when_none_answers_that_is_said() -> None:
    alone = Replica("a")
    alone.down = True
    with pytest.raises(AssistantUnavailable, match=r"\(a\)"):
        await answers([alone], 1)
