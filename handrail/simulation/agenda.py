"""What is still to happen in a simulation, by its moment and, at one moment, in the order in which it was put there.

Knows nothing of what happens.
"""

import heapq
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

Act = Callable[[], Awaitable[object]]
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Agenda:
    """`grid`: what people do falls on full steps of this length, so that much of it falls on one moment."""

    grid: timedelta
    _heap: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _count: int = 0

    def add(self, when: datetime, act: Act) -> None:
        self._count += 1
        heapq.heappush(self._heap, (when, self._count, act))

    def on_grid(self, when: datetime) -> datetime:
        """The next full step."""
        return when + (_EPOCH - when) % self.grid

    def next_at(self) -> datetime | None:
        return self._heap[0][0] if self._heap else None

    def take(self, now: datetime) -> list[Act]:
        """Everything that has come due, taken off."""
        due: list[Act] = []
        while self._heap and self._heap[0][0] <= now:
            due.append(heapq.heappop(self._heap)[2])
        return due
