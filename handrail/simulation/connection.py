"""The driver's connection of a simulation: it waits for PostgreSQL as a plain program does, without the event loop.

One statement runs at a time and whoever asks waits for it, so the loop has nothing else to do meanwhile. Workers still
take turns, between transactions (`crash.py`).
"""

from typing import Any

import psycopg
from psycopg import waiting

KEPT = 1000  # prepared statements


class Patient(psycopg.AsyncConnection[Any]):
    """Keeps every statement prepared: the driver's own hundred are fewer than the hub has."""

    def __init__(self, *words: Any, **values: Any) -> None:
        super().__init__(*words, **values)
        self.prepared_max = KEPT

    async def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:  # noqa: ASYNC109 - as the driver has it
        return waiting.wait(gen, self.pgconn.socket, interval, timeout)
