"""Finding what is due while more and more lies in the future: nudges (`queue_due`) and messages (`claim`).

Target: with a million future rows the same within 1.3 times as with ten thousand.
"""

import time
from collections.abc import Awaitable, Callable

from sqlalchemy import text

from benchmarks.figures import Figure, percentile
from benchmarks.stage import fill, make_hub, settle
from hub.core import Hub
from hub.nudges.queue_due import queue_due
from hub.send import send_due

SIZES, LOOKS = (10_000, 100_000, 1_000_000), 200
NUDGES = """
    INSERT INTO nudges
        (rule, subject_kind, subject_id, person_id, occurrence, due_at, expires_at, state, state_at, reason)
    SELECT 'reminder_1_day', 'appointment', n, (SELECT min(id) FROM people), now() + interval '9 days',
           now() + interval '8 days' + n * interval '1 second', now() + interval '9 days', 'planned', now(), ''
    FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n
"""
MESSAGES = """
    INSERT INTO messages (conversation_id, line_id, direction, state, state_at, reason, created_at, purpose, rank,
                          choices, due_at, attempts)
    SELECT c.id, c.line_id, 'out', 'queued', now(), '', now(), 'reminder', n % 4,
           '[]', now() + interval '8 days' + n * interval '1 second', 0
    FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n,
         (SELECT * FROM conversations ORDER BY id LIMIT 1) AS c
"""


async def run(url: str) -> list[Figure]:
    hub = make_hub(url)
    await fill(hub, 1)
    nudges = await growth(hub, "nudges", NUDGES, lambda: queue_due(hub))
    messages = await growth(hub, "messages", MESSAGES, lambda: send_due(hub, "bench"))
    await hub.store.close()
    return [*figures("due_nudges", "look for due nudges", nudges), *figures("due_messages", "… messages", messages)]


def figures(name: str, words: str, took: list[float]) -> list[Figure]:
    few = took[0]
    return [
        Figure(f"{name}_{size}", f"{words} among {size:,} future ones", ms, few, f"{SIZES[0]:,}", "ms", 1.3, True)
        for size, ms in zip(SIZES[1:], took[1:], strict=True)
    ]


async def growth(hub: Hub, table: str, insert: str, look: Callable[[], Awaitable[object]]) -> list[float]:
    """Milliseconds of one look, at each size."""
    took, last = [], 0
    for size in SIZES:
        async with hub.store.transaction() as session:
            await session.execute(text(insert), {"first": last + 1, "last": size})
        await settle(hub, table)
        took.append(await milliseconds(look))
        last = size
    return took


async def milliseconds(look: Callable[[], Awaitable[object]]) -> float:
    """What the quickest tenth of many took at most: others on the machine only ever add."""
    took = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        await look()
        took.append(time.perf_counter() - began)
    return percentile(took, 0.1) * 1000
