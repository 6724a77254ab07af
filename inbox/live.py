"""Live signals to browsers: one LISTEN connection a process, fanned out as server-sent events of ids alone.

Started by the first browser that listens. What a browser may hear about is decided where it subscribes.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from hub.store.notify import CHANGED, listen


@dataclass(frozen=True, slots=True)
class Heard:
    """What a listener is told: which conversations changed, and whether a cry for help is among them."""

    changed: set[int]
    danger: bool = False


Allowed = Callable[[set[int]], Awaitable[Heard | None]]  # None: the listener's session has ended

BREATH = 0.3  # seconds: changes that come together are told together
ALIVE_EVERY = 20.0  # seconds: proxies cut a silent connection after 30 or 60


class Live:
    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._listeners: set[asyncio.Queue[int | None]] = set()
        self._task: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """End all streams and the LISTEN connection."""
        for queue in self._listeners:
            queue.put_nowait(None)
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def events(self, allowed: Allowed) -> AsyncIterator[str]:
        """Server-sent events: `changed` for any conversation, `conversation-<id>` for that one; `danger`.

        At the start, too, `allowed` is asked, about no conversation: what happened before the browser listened.
        """
        async with self._listening() as queue:
            yield "retry: 3000\n\n"
            ids: set[int | None] = set()
            while None not in ids:
                # A browser that leaves in the middle of the question must not cost a connection to the store.
                heard = await asyncio.shield(_ask(allowed, ids))
                if heard is None:
                    return
                yield _events(heard) or ": alive\n\n"
                ids = await _gather(queue)

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[asyncio.Queue[int | None]]:
        queue: asyncio.Queue[int | None] = asyncio.Queue()
        self._listeners.add(queue)
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    async def _run(self) -> None:
        async for _, payload in listen(self._url, CHANGED):
            if payload.isdigit():
                for queue in self._listeners:
                    queue.put_nowait(int(payload))


async def _gather(queue: asyncio.Queue[int | None]) -> set[int | None]:
    """The next ids that come, with those right behind them; empty when none came for a while."""
    try:
        ids = {await asyncio.wait_for(queue.get(), ALIVE_EVERY)}
    except TimeoutError:
        return set()
    await asyncio.sleep(BREATH)
    while not queue.empty():
        ids.add(queue.get_nowait())
    return ids


async def _ask(allowed: Allowed, ids: set[int | None]) -> Heard | None:
    return await allowed({number for number in ids if number is not None})


def _events(heard: Heard) -> str:
    danger = "event: danger\ndata: 1\n\n" if heard.danger else ""
    return danger + "".join(_event(number) for number in sorted(heard.changed))


def _event(number: int) -> str:
    return f"event: conversation-{number}\ndata: {number}\n\nevent: changed\ndata: {number}\n\n"
