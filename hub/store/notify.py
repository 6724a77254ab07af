"""Waking up: PostgreSQL's NOTIFY inside the transaction that made the work, LISTEN in the loops that do it.

A signal may be lost (a connection that broke); the loops also look by themselves every few seconds.
"""

import asyncio
from collections.abc import AsyncIterator

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

INBOUND = "handrail_inbound"  # a text waits to be handled
OUTBOUND = "handrail_outbound"  # a message waits to be sent
CHANGED = "handrail_changed"  # a conversation looks different now; payload: its id


_SIGNALS = "signals"  # of a session: what it will tell, each once
_TELL = text(
    "SELECT pg_notify(s.channel, s.payload) FROM unnest(CAST(:channels AS text[]), CAST(:payloads AS text[]))"
    " AS s (channel, payload)"
)


def notify(session: AsyncSession, channel: str, payload: str = "") -> None:
    """Sent by PostgreSQL when the transaction commits, and not at all when it does not."""
    session.info.setdefault(_SIGNALS, {})[channel, payload] = None


def tell(session: Session) -> None:
    """Before a commit: all of a transaction's signals in one statement, each once."""
    signals = session.info.pop(_SIGNALS, None)
    if signals:
        channels, payloads = zip(*signals, strict=True)
        session.execute(_TELL, {"channels": list(channels), "payloads": list(payloads)})


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
