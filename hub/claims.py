"""Who sends what next: queued → claimed, with a lease, for any number of workers on any number of machines.

    claim()      one batch, shared fairly (below)
    give_back()  claims that were not begun

What waits stands in *lanes*, one for each rank and line. Ranks come strictly one after the other: urgent, reply,
reminder, bulk. Within a rank the agencies take turns by their weight, and within an agency its lines. So a claim looks
at the oldest few of each lane and never at the length of a queue. Of one conversation only the first text that waits
can be claimed, and only when none is under way: they arrive in order, and an answer waits for one text at most.

Claims are made one at a time in the whole database, behind a lock that is held for some milliseconds: two workers that
choose at the same moment cannot take two texts of one conversation, nor more of a line than its pace allows.

Knows nothing of what is in a message, nor of channels.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import LiteralString

from sqlalchemy import update

from hub.core import Hub
from hub.states import MessageState
from hub.store.notify import OUTBOUND, notify
from hub.store.tables import Message
from hub.words import Priority

LEASE = timedelta(seconds=60)  # longer than checking a batch and one call of a provider (10 s time-out)
BATCH = 50
BURST_SECONDS = 2.0  # what a line may save up: as long as a sleeping loop takes to look again

_CLAIM_LOCK = 0x434C4149  # any fixed number: one claim at a time in the whole database
# A machine that freezes while it holds the lock must not stop all others: PostgreSQL ends its transaction after 5 s.
# And the plan must not follow statistics that have not heard of a hundred thousand rows queued a second ago: the
# indexes alone are right at any size.
_ALONE: LiteralString = """
    SELECT set_config('idle_in_transaction_session_timeout', '5s', true), set_config('enable_seqscan', 'off', true),
           set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true),
           set_config('enable_mergejoin', 'off', true), pg_advisory_xact_lock(%(lock)s)
"""

_CLAIM: LiteralString = """
    WITH RECURSIVE lanes AS (  -- from one lane to the next by the index, whatever stands in them
        (SELECT rank, line_id, due_at FROM messages WHERE state = 'queued' AND rank <= %(lowest)s
         ORDER BY rank, line_id, due_at LIMIT 1)
        UNION ALL
        SELECT following.* FROM lanes CROSS JOIN LATERAL (
            SELECT rank, line_id, due_at FROM messages
            WHERE state = 'queued' AND rank <= %(lowest)s AND (rank, line_id) > (lanes.rank, lanes.line_id)
            ORDER BY rank, line_id, due_at LIMIT 1) AS following
    ), paces AS (  -- tokens of the lines that have a limit, as they stand now; a line that must wait has none
        SELECT line_id, CASE
            WHEN paused_until > %(now)s THEN 0
            WHEN per_second IS NULL THEN %(batch)s
            ELSE least(greatest(1, per_second * %(burst_seconds)s),
                       tokens + per_second * greatest(0, extract(epoch FROM %(now)s - refilled_at))) END AS tokens
        FROM line_paces
    ), open_lanes AS (
        SELECT lanes.rank, lanes.line_id, lines.agency_id, weight,
               floor(coalesce(paces.tokens, %(batch)s))::bigint AS room,
               -- A few times its share is enough to look at: the others seldom leave it more.
               1 + ceil(4.0 * %(batch)s * weight / sum(weight) OVER (PARTITION BY rank))::bigint AS looked_at,
               -- Where an agency's turn begins is drawn anew at each claim: with more agencies than fit into a batch,
               -- each still gets its share.
               (hashint8extended(lines.agency_id, extract(epoch FROM %(now)s)::bigint) & 1023) / 1024.0 AS phase
        FROM lanes JOIN lines ON lines.id = lanes.line_id
        JOIN (SELECT id, greatest(send_weight, 1) AS weight FROM agencies) AS agencies ON agencies.id = lines.agency_id
        LEFT JOIN paces ON paces.line_id = lanes.line_id
        WHERE lanes.due_at <= %(now)s
    ), oldest AS (
        SELECT open_lanes.*, found.id, found.due_at,
               row_number() OVER (PARTITION BY rank, open_lanes.line_id ORDER BY found.due_at, found.id) AS nth
        FROM open_lanes CROSS JOIN LATERAL (
            SELECT id, due_at FROM messages AS m
            WHERE state = 'queued' AND rank = open_lanes.rank AND line_id = open_lanes.line_id AND due_at <= %(now)s
              -- The first of its conversation, and none under way. As questions about one row: never planned as a join
              -- of whole tables.
              AND m.id = (SELECT first.id FROM messages AS first
                          WHERE first.conversation_id = m.conversation_id AND first.state = 'queued'
                            AND first.due_at <= %(now)s
                          ORDER BY first.rank, first.due_at, first.id LIMIT 1)
              AND (SELECT other.id FROM messages AS other
                   WHERE other.conversation_id = m.conversation_id AND other.state IN ('claimed', 'sending')
                   LIMIT 1) IS NULL
            ORDER BY due_at, id LIMIT least(%(batch)s, room, looked_at)) AS found
    ), turns AS (
        SELECT *, (row_number() OVER (PARTITION BY rank, agency_id ORDER BY nth, due_at, id) - phase) / weight AS turn
        FROM oldest
    ), within_pace AS (  -- a line's tokens go to its highest ranks first
        SELECT *, row_number() OVER (PARTITION BY line_id ORDER BY rank, turn, id) <= room AS fits FROM turns
    ), chosen AS (
        SELECT id FROM within_pace WHERE fits ORDER BY rank, turn, id LIMIT %(batch)s
    ), free AS (  -- somebody may be holding or cancelling one of them just now
        SELECT id, state FROM messages WHERE id = ANY (ARRAY(SELECT id FROM chosen)) FOR UPDATE SKIP LOCKED
    ), claimed AS (
        UPDATE messages SET state = 'claimed', state_at = %(now)s, claimed_by = %(by)s, lease_until = %(until)s
        WHERE id IN (SELECT id FROM free WHERE state = 'queued')
        RETURNING id, line_id
    ), paid AS (
        UPDATE line_paces SET tokens = paces.tokens - taken.texts, refilled_at = greatest(refilled_at, %(now)s)
        FROM paces, (SELECT line_id, count(*) AS texts FROM claimed GROUP BY line_id) AS taken
        WHERE paces.line_id = line_paces.line_id AND taken.line_id = line_paces.line_id
          AND line_paces.per_second IS NOT NULL
    )
    SELECT id FROM claimed
"""


async def claim(hub: Hub, by: str, *, lowest: Priority = Priority.BULK, batch: int = BATCH) -> list[int]:
    """The ids of at most `batch` messages that are this worker's until the lease ends; none below `lowest`."""
    now = hub.clock.now()
    wanted = {"now": now, "by": by, "until": now + LEASE, "batch": batch, "lowest": lowest.rank}
    async with hub.store.statements() as connection:
        async with connection.pipeline(), connection.transaction():  # one round trip
            await connection.execute(_ALONE, {"lock": _CLAIM_LOCK})
            claimed = await connection.execute(_CLAIM, wanted | {"burst_seconds": BURST_SECONDS})
        return sorted(row[0] for row in await claimed.fetchall())


async def give_back(hub: Hub, ids: Sequence[int]) -> None:
    """Let others have what was claimed and not begun: nothing has been called for these."""
    async with hub.store.transaction() as session:
        await session.execute(
            update(Message)
            .where(Message.id.in_(ids), Message.state == MessageState.CLAIMED)
            .values(state=MessageState.QUEUED, state_at=hub.clock.now(), claimed_by=None, lease_until=None)
        )
        notify(session, OUTBOUND)
