"""One engine and two ways to use it: a transaction, and single statements for the hottest paths. Knows no table."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session

from hub.errors import StoreUnavailable
from hub.store.notify import tell
from hub.store.statements import Connection, Statements, still_there


class _Session(Session):
    """One that tells what its transaction changed when it commits."""


event.listen(_Session, "before_commit", tell)


class Store:
    """A PostgreSQL database and its transactions."""

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        overflow: int | None = None,
        connection: type[Connection] = psycopg.AsyncConnection,
    ) -> None:
        """`overflow`: connections beyond the pool, as many again by default. `connection`: the driver's own class."""
        self.url = url
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size if overflow is None else overflow,
            pool_timeout=10,
            connect_args={"async_creator_fn": connection.connect},
        )
        event.listen(self.engine.sync_engine, "connect", _speak_utc)
        event.listen(self.engine.sync_engine, "checkout", _still_there)
        self._sessions = async_sessionmaker(self.engine, sync_session_class=_Session, expire_on_commit=False)
        self._statements = Statements(url, pool_size, connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """All of the block or nothing of it.

        Raises
        ------
        StoreUnavailable
            when PostgreSQL cannot be reached or goes away in the middle.
        """
        try:
            async with self._sessions.begin() as session:
                yield session
        except (OperationalError, InterfaceError, OSError) as gone:
            raise StoreUnavailable from gone

    @asynccontextmanager
    async def statements(self) -> AsyncIterator[Connection]:
        """The driver's own connection, where a few statements do all the work: each is a transaction of its own.

        Times come back as the server's zone has them. Raises `StoreUnavailable` as `transaction` does.
        """
        try:
            async with self._statements.connection() as connection:
                yield connection
        except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as gone:
            raise StoreUnavailable from gone

    async def close(self) -> None:
        await self._statements.close()
        await self.engine.dispose()


def _speak_utc(connection: Any, _record: object) -> None:
    """UTC in the store, whatever the server's own zone is. Committed: a transaction that fails must not undo it."""
    cursor = connection.cursor()
    cursor.execute("SET TIME ZONE 'UTC'")
    cursor.close()
    connection.commit()


def _still_there(connection: Any, _record: object, _proxy: object) -> None:
    """Looks at the socket. SQLAlchemy's own way (`pool_pre_ping`) asks the server, a third of a short transaction."""
    if not still_there(connection.driver_connection):
        raise DisconnectionError
