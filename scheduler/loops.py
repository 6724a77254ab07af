"""Worker loops: claim, carry out, and again; asleep until PostgreSQL says that there is work, or a few seconds pass.

Any number of processes on any number of machines run these against one database. Knows nothing of what the work is.
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from hub.core import Hub
from hub.errors import StoreUnavailable
from hub.receive import handle_next
from hub.send import send_due
from hub.store.notify import INBOUND, OUTBOUND, listen
from hub.words import Priority

log = structlog.get_logger()

POLL_SECONDS = 2.0  # the net under NOTIFY
Work = Callable[[], Awaitable[object]]


def worker_name(number: int = 0) -> str:
    """Names who holds a lease: unique among all processes and loops."""
    return f"{socket.gethostname()}:{os.getpid()}:{number}"


class Loop:
    """Runs one kind of work until nothing is left, then waits for a signal or the poll."""

    def __init__(self, name: str, work: Work, poll_seconds: float = POLL_SECONDS) -> None:
        self.name, self._work, self._poll = name, work, poll_seconds
        self._wake = asyncio.Event()

    def wake(self) -> None:
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._wake.clear()
            if not await self._once() and not stop.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), self._poll)

    async def _once(self) -> bool:
        """True when there was work. The edge of a job: whatever breaks, the loop goes on."""
        try:
            return bool(await self._work())
        except StoreUnavailable:
            log.warning("store_unavailable", loop=self.name)
        except Exception:
            log.exception("loop_failed", loop=self.name)
        return False


async def run_worker(hub: Hub, stop: asyncio.Event, *, handlers: int = 2, senders: int = 2) -> None:
    """Handle what comes in and send what goes out until `stop` is set; then finish what is in hand.

    One more sender is kept for urgent texts and replies: those never wait behind a batch of others whose provider
    is slow.
    """
    inbound = [Loop("inbound", _handler(hub, worker_name(n))) for n in range(handlers)]
    outbound = [Loop("answers", _sender(hub, worker_name(senders), stop, lowest=Priority.REPLY))]
    outbound += [Loop("outbound", _sender(hub, worker_name(n), stop)) for n in range(senders)]
    listening = asyncio.create_task(_listen(hub, inbound, outbound))
    try:
        async with asyncio.TaskGroup() as group:
            for loop in (*inbound, *outbound):
                group.create_task(loop.run(stop))
            group.create_task(_wake_when(stop, [*inbound, *outbound]))
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


def _handler(hub: Hub, name: str) -> Work:
    return lambda: handle_next(hub, name)


def _sender(hub: Hub, name: str, stop: asyncio.Event, *, lowest: Priority = Priority.BULK) -> Work:
    return lambda: send_due(hub, name, lowest=lowest, stopping=stop.is_set)


async def _listen(hub: Hub, inbound: list[Loop], outbound: list[Loop]) -> None:
    async for channel, _ in listen(hub.store.url, INBOUND, OUTBOUND):
        for loop in {INBOUND: inbound, OUTBOUND: outbound}.get(channel, [*inbound, *outbound]):
            loop.wake()


async def _wake_when(stop: asyncio.Event, loops: list[Loop]) -> None:
    await stop.wait()
    for loop in loops:
        loop.wake()
