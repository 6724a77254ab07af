"""Runs the web, the worker and the clock, together or apart, and stops them well.

The first SIGTERM or Ctrl-C: nothing new is taken, what is in hand is finished.
The second: at once; whatever was in
hand then is found again by its lease. Must not know what the parts do.
"""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from functools import partial

import structlog
import uvicorn
from fastapi import FastAPI

from handrail import alive, wiring
from handrail.settings import Settings
from handrail.settled import settle
from hub.core import Hub
from hub.errors import BadSettings, ChannelError
from hub.receive import accept
from integrations.channels.telegram.polling import poll
from scheduler.clock import Clock
from scheduler.loops import run_worker

log = structlog.get_logger()

LAST_CONNECTIONS = 10  # seconds that open pages and streams get to end before they are cut


class Server(uvicorn.Server):
    """Leaves signals to us: they concern the worker too."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(settings: Settings, hub: Hub, *, with_worker: bool) -> None:
    """The web until a signal, with worker and clock beside it when asked.

    Raises `BadSettings` when the port is taken.
    """
    door = open_door(settings.host, settings.port)
    server = make_server(wiring.build_web(settings, hub))
    await tell_telegram(settings, hub)
    settle()
    async with stopping(server) as stop, asyncio.TaskGroup() as group:
        web = group.create_task(server.serve(sockets=[door]))
        if with_worker:
            group.create_task(work(settings, hub, stop))
        log.info("serving", port=settings.port, with_worker=with_worker, mode=settings.mode.value)
        await web
        stop.set()
    log.info("stopped")


async def tell_telegram(settings: Settings, hub: Hub) -> None:
    """Where a bot is set up, tell Telegram where we are. The web starts although Telegram is down."""
    if not settings.telegram_token or settings.telegram_polling:
        return
    try:
        await wiring.telegram(settings, hub.clock).set_webhook(settings.public_url)
    except ChannelError as problem:
        log.warning("telegram_not_told", problem=problem.code)


async def worker(settings: Settings, hub: Hub) -> None:
    """Worker loops and the clock until a signal."""
    settle()
    async with stopping(None) as stop:
        log.info("working", mode=settings.mode.value)
        await work(settings, hub, stop)
    log.info("stopped")


async def work(settings: Settings, hub: Hub, stop: asyncio.Event) -> None:
    """Until `stop`: handle, send, tick; and ask Telegram where nothing can call us."""
    clock = Clock(hub)
    clock.start()
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(run_worker(hub, stop))
            group.create_task(alive.show(settings.data_folder, stop))
            if settings.telegram_token and settings.telegram_polling:
                channel = wiring.telegram(settings, hub.clock)
                group.create_task(poll(channel, partial(accept, hub), stop))
    finally:
        clock.stop()


@contextlib.asynccontextmanager
async def stopping(server: uvicorn.Server | None) -> AsyncIterator[asyncio.Event]:
    """Inside, the first signal sets the event and lets the server finish; the second cancels the block."""
    loop, task, stop = asyncio.get_running_loop(), asyncio.current_task(), asyncio.Event()

    def ask() -> None:
        if stop.is_set() and task:
            log.warning("stopping_at_once")
            task.cancel()
        stop.set()
        if server:
            server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ask)
    try:
        yield stop
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def make_server(app: FastAPI) -> Server:
    # No access log: addresses of pages carry references, and the measures count requests without them.
    config = uvicorn.Config(
        app, log_config=None, access_log=False, timeout_graceful_shutdown=LAST_CONNECTIONS, proxy_headers=True
    )
    return Server(config)


def open_door(host: str, port: int) -> socket.socket:
    """Raises `BadSettings` when somebody else has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
    except OSError as taken:
        door.close()
        raise BadSettings(f"Cannot serve on {host} port {port} ({taken.strerror}).") from taken
    return door
