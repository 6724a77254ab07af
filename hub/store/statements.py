"""Connections for single statements: each is a transaction of its own, and nothing stands before the driver.

For the hottest path alone: a statement here costs a third of one in a session (docs/speed.md). A connection is made
when one is needed and none is free, so a database that comes back is there at once. Knows no table.
"""

import asyncio
import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

Connection = psycopg.AsyncConnection[Any]


class Statements:
    def __init__(self, url: str, most: int, connection: type[Connection] = psycopg.AsyncConnection) -> None:
        self._url = url.replace("postgresql+psycopg://", "postgresql://")
        self._connection = connection
        self._room = asyncio.Semaphore(most)
        self._free: list[Connection] = []

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """The one used last, if it is still good. Raises psycopg's `OperationalError`."""
        async with self._room:
            lent = await self._take()
            try:
                yield lent
            finally:
                if lent.pgconn.transaction_status == TransactionStatus.IDLE:
                    self._free.append(lent)
                else:
                    await lent.close()

    async def close(self) -> None:
        while self._free:
            await self._free.pop().close()

    async def _take(self) -> Connection:
        while self._free:
            found = self._free.pop()
            if still_there(found):
                return found
            await found.close()
        return await self._connection.connect(self._url, autocommit=True)


def still_there(connection: Connection) -> bool:
    """A server that went away has left a word, or a closed socket: either can be read."""
    if connection.closed:
        return False
    look = select.poll()
    look.register(connection.fileno(), select.POLLIN)
    return not look.poll(0)
