"""Run an ASGI app on a real loopback port, inside the test's own event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.stopping = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # Ctrl-C belongs to pytest

    async def main_loop(self) -> None:
        await self.on_tick(0)  # sets the date header
        await self.stopping.wait()  # uvicorn's own loop looks every 100 ms, which adds up over many tests

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # As uvicorn's, without its fixed pauses of 100 ms, and patient with open requests for no time at all.
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for answering in list(self.server_state.tasks):
            answering.cancel()
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)


@asynccontextmanager
async def serving(app: Any, port: int = 0) -> AsyncIterator[str]:
    """The base URL. Connections wait in the socket's queue until the server is ready: nobody has to sleep."""
    listening = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off")
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.stopping.set()
        await running
        listening.close()
