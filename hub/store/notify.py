"""Waking up: PostgreSQL's NOTIFY inside the transaction that made the work, LISTEN in the loops that do it.

A signal may be lost (a connection that broke); the loops also look by themselves every few seconds.
"""

import asyncio
from collections.abc import AsyncIterator

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

INBOUND = "handrail_inbound"  # a text waits to be handled
OUTBOUND = "handrail_outbound"  # a message waits to be sent
CHANGED = "handrail_changed"  # a conversation looks different now; payload: its id


async def notify(session: AsyncSession, channel: str, payload: str = "") -> None:
    """Sent by PostgreSQL when the transaction commits, and not at all when it does not."""
    await session.execute(text("SELECT pg_notify(:channel, :payload)"), {"channel": channel, "payload": payload})


async def listen(url: str, *channels: str) -> AsyncIterator[tuple[str, str]]:
    """Yield (channel, payload), for ever; ("", "") each time a connection is made: signals may have been missed."""
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(plain, autocommit=True) as connection:
                for channel in channels:
                    await connection.execute(f'LISTEN "{channel}"'.encode())
                yield "", ""
                async for signal in connection.notifies():
                    yield signal.channel, signal.payload
        except psycopg.OperationalError:
            await asyncio.sleep(1)
