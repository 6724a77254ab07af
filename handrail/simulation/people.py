"""The people of a simulation: who answers a text, when and how. By a seed, so that a bad run can be had again."""

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from hub.yaml_file import read_yaml

ANSWERS = 0.55  # of the texts that people get; reply shares of reminders with a question are near a half
SLOWEST = timedelta(hours=9)


def replies() -> list[str]:
    content = read_yaml(Path(__file__).parent / "replies.yml")
    found: list[str] = content["replies"]
    return found


@dataclass
class Crowd:
    """Everybody's phones, and what they are about to write."""

    random: Random
    texts: list[str] = field(default_factory=replies)
    _next: int = 0
    _writing: list[tuple[datetime, int, str, str]] = field(default_factory=list)
    _count: int = 0

    def got(self, address: str, at: datetime) -> None:
        """Somebody got a text; perhaps they answer, some minutes or hours later."""
        if self.random.random() >= ANSWERS:
            return
        # Every text of the list is used before one is used again.
        text, self._next = self.texts[self._next % len(self.texts)], self._next + 1
        when = at + SLOWEST * self.random.random() ** 3
        self._count += 1
        heapq.heappush(self._writing, (when, self._count, address, text))

    def next_at(self) -> datetime | None:
        return self._writing[0][0] if self._writing else None

    def write(self) -> tuple[str, str]:
        """The next text: (address, words)."""
        _, _, address, text = heapq.heappop(self._writing)
        return address, text
