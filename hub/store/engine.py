"""One engine and one way to open a transaction. Knows no table."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import event
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from hub.errors import StoreUnavailable


class Store:
    """A PostgreSQL database and its transactions."""

    def __init__(self, url: str, *, pool_size: int = 10, overflow: int | None = None, pre_ping: bool = True) -> None:
        """`overflow`: connections beyond the pool, as many again by default; `pre_ping`: try each before its use."""
        self.url = url
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size if overflow is None else overflow,
            pool_pre_ping=pre_ping,
            pool_timeout=10,
        )
        event.listen(self.engine.sync_engine, "connect", _speak_utc)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

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

    async def close(self) -> None:
        await self.engine.dispose()


def _speak_utc(connection: object, _record: object) -> None:
    """UTC in the store, whatever the server's own zone is."""
    cursor = connection.cursor()  # type: ignore[attr-defined]  # DBAPI connection
    cursor.execute("SET TIME ZONE 'UTC'")
    cursor.close()
