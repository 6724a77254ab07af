"""Claiming a batch among ten thousand and among a million queued texts, of a hundred lines. Target: the same within
1.3×.
"""

from sqlalchemy import text

from benchmarks.figures import Figure
from benchmarks.stage import fill, make_hub, timed
from hub.claims import BATCH, claim
from hub.core import Hub

LINES, FEW, MANY, CLAIMS = 100, 10_000, 1_000_000, 50
_AGENCIES = text(
    """
    WITH made AS (
        INSERT INTO agencies (name, short_name, phone, time_zone, holidays,
                              contact_from, contact_until, open_from, open_until)
        SELECT 'A' || n, 'A', '0', 'Europe/London', 'ENG', '00:00', '23:59', '09:00', '17:00'
        FROM generate_series(1, CAST(:lines AS int)) AS n RETURNING id)
    INSERT INTO lines (agency_id, side, channel, address, name, enabled)
    SELECT id, 'supervision', 'sms', 'queued' || id, 'queued', true FROM made
    """
)
# Each of a conversation of its own; nobody opens these, so nobody has to be there.
_QUEUED = text(
    """
    INSERT INTO messages (conversation_id, line_id, direction, state, state_at, reason, created_at, purpose, rank,
                          choices, due_at, attempts)
    SELECT -n, first.line + n % :lines, 'out', 'queued', now(), '', now(), 'survey', 3, '[]',
           now() - interval '1 day' + n * interval '1 millisecond', 0
    FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n,
         (SELECT min(id) AS line FROM lines WHERE name = 'queued') AS first
    """
)


async def run(url: str) -> list[Figure]:
    hub = make_hub(url)
    await fill(hub, 1)
    async with hub.store.transaction() as session:
        await session.execute(text("ALTER TABLE messages DROP CONSTRAINT fk_messages_conversation_id"))
        await session.execute(_AGENCIES, {"lines": LINES})
    few = await _with(hub, 1, FEW)
    many = await _with(hub, FEW + 1, MANY)
    await hub.store.close()
    ours, other = (seconds / CLAIMS * 1000 for seconds in (many, few))
    words = f"claiming {BATCH} among a million queued, {LINES} lines"
    return [Figure("claiming", words, ours, other, "among 10 thousand", "ms", 1.3, lower_is_better=True)]


async def _with(hub: Hub, first: int, last: int) -> float:
    async with hub.store.transaction() as session:
        await session.execute(_QUEUED, {"first": first, "last": last, "lines": LINES})
    async with hub.store.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE messages"))
    await claim(hub, "bench")  # warm
    return await timed(lambda: _claims(hub))


async def _claims(hub: Hub) -> None:
    for _ in range(CLAIMS):
        await claim(hub, "bench")
