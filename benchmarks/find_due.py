"""Finding what is due, with ten thousand and with a million future rows. Target: the same within 1.3×."""

from sqlalchemy import text

from benchmarks.stage import Figure, fill, make_hub, timed
from hub.core import Hub
from hub.nudges.queue_due import queue_due

FEW, MANY, LOOKS = 10_000, 1_000_000, 200
_FUTURE = text(
    """
    INSERT INTO nudges
        (rule, subject_kind, subject_id, person_id, occurrence, due_at, expires_at, state, state_at, reason)
    SELECT 'reminder_1_day', 'appointment', n, (SELECT min(id) FROM people), now() + interval '9 days',
           now() + interval '8 days' + n * interval '1 second', now() + interval '9 days', 'planned', now(), ''
    FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n
    """
)


async def run(url: str) -> list[Figure]:
    hub = make_hub(url)
    await fill(hub, 1)
    few = await _with(hub, 1, FEW)
    many = await _with(hub, FEW + 1, MANY)
    await hub.store.close()
    words = "finding what is due among a million future rows"
    return [
        Figure(
            words,
            f"{many / LOOKS * 1000:.2f} ms",
            f"among 10 thousand {few / LOOKS * 1000:.2f} ms",
            many / few,
            "≤ 1.3",
        )
    ]


async def _with(hub: Hub, first: int, last: int) -> float:
    async with hub.store.transaction() as session:
        await session.execute(_FUTURE, {"first": first, "last": last})
    async with hub.store.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE nudges"))
    await _look(hub)  # warm
    return await timed(lambda: _look(hub))


async def _look(hub: Hub) -> None:
    for _ in range(LOOKS):
        await queue_due(hub)
