"""Workers that die in the middle: at every point where what they leave behind differs.

Those points are: before, inside and after each transaction, before and after each call of a provider or the assistant.
A death inside a transaction leaves the same wherever it falls, since PostgreSQL takes all of it back. Knows nothing
of what the work is.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from random import Random
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from handrail.simulation.connection import Patient
from hub.store.engine import Store
from hub.store.statements import Connection

T = TypeVar("T")


class Crash(BaseException):
    """The worker died here. No `except Exception` of the hub may stop it."""


class Fate:
    """Counts the steps of whoever works, and ends some of these lives at a step that the seed chooses."""

    def __init__(self, seed: int, share: float) -> None:
        self._chance = Random(f"{seed}/crashes")  # noqa: S311 - not a secret
        self._share = share
        self._left: int | None = None
        self._steps = 0
        self._longest: dict[str, int] = {}
        self.deaths = 0

    def step(self) -> None:
        """A point at which a worker can die; once dead, everything that belongs to it dies at its next step."""
        self._steps += 1
        if self._left is not None and self._steps >= self._left:
            raise Crash

    async def live(self, name: str, work: Callable[[], Awaitable[T]]) -> T | None:
        """One round of work. None when the worker died of it; its other tasks are waited for."""
        others = asyncio.all_tasks()
        self._steps, self._left = 0, self._doomed_at(name)
        try:
            return await work()
        except Crash:
            self.deaths += 1
            return None
        finally:
            if orphans := asyncio.all_tasks() - others:
                await asyncio.wait(orphans)
            self._longest[name] = max(self._longest.get(name, 1), self._steps)
            self._left = None

    def _doomed_at(self, name: str) -> int | None:
        if self._share == 0 or self._chance.random() >= self._share:
            return None
        return self._chance.randint(1, self._longest.get(name, 1))


class MortalStore(Store):
    """A store in whose transactions a worker can die. One transaction at a time, in the order in which they are asked
    for, so that everything has one order, and two workers take turns."""

    def __init__(self, url: str, fate: Fate) -> None:
        super().__init__(url, pool_size=1, overflow=0, connection=Patient)
        self._fate = fate
        self._turn = asyncio.Lock()  # a pool of one connection would give it to whoever had it last

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        async with self._mortal(super().transaction()) as session:
            yield session
            self._fate.step()

    @asynccontextmanager
    async def statements(self) -> AsyncIterator[Connection]:
        async with self._mortal(super().statements()) as connection:
            yield connection

    @asynccontextmanager
    async def _mortal(self, lent: AbstractAsyncContextManager[T]) -> AsyncIterator[T]:
        self._fate.step()
        await asyncio.sleep(0)  # between two transactions anybody else has a turn
        async with self._turn, lent as found:
            yield found
        self._fate.step()
