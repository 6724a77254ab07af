"""Do texts arrive, and do people answer? By channel."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.reading.outcomes.figure import Figure, Row, say_percent, shown
from hub.reading.outcomes.scope import PEOPLE, Scope
from hub.reading.outcomes.small import hide_alone, percent
from hub.reading.wording import CHANNELS
from hub.words import ChannelKind

# Questions are what a reminder, a check-in or a survey asks; an answer is the person's next text within three days.
_QUERY = f"""
    SELECT l.channel, count(*), count(*) FILTER (WHERE m.state = 'delivered'),
           count(*) FILTER (WHERE m.state IN ('undelivered', 'failed')),
           count(*) FILTER (WHERE m.purpose IN ('reminder', 'check_in', 'survey')),
           count(*) FILTER (WHERE m.purpose IN ('reminder', 'check_in', 'survey') AND EXISTS (
               SELECT 1 FROM messages r WHERE r.conversation_id = m.conversation_id AND r.id > m.id
                 AND r.direction = 'in' AND r.created_at <= m.left_at + interval '3 days'))
    FROM messages m JOIN conversations c ON c.id = m.conversation_id JOIN people p ON p.id = c.person_id
    JOIN lines l ON l.id = m.line_id
    WHERE m.created_at >= :since AND m.created_at < :until AND m.direction = 'out' AND m.left_at IS NOT NULL
      AND {PEOPLE} GROUP BY l.channel
"""  # noqa: S608  # our own words


async def delivery(_hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    rows = []
    for channel, sent, delivered, failed, _, _, base in await _found(session, scope):
        share = percent(delivered, sent) if base else None
        counts = (delivered, failed, sent - delivered - failed, sent) if base else (shown(None),) * 4
        rows.append(Row(CHANNELS[channel], (*counts, say_percent(share)), share, _of(share, base)))
    return Figure(
        key="delivery",
        title="Messages that arrived",
        definition="Messages that left us in the period. Arrived: the network or app told us that the phone has it. "
        "No word: sent, and nothing more was heard; web chat tells us nothing.",
        columns=("Channel", "Arrived", "Did not arrive", "No word", "Sent", "Arrived, of those sent"),
        rows=rows,
        drawn="How many in a hundred arrived",
        whole=100,
    )


async def replies(_hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    rows = []
    found = await _found(session, scope)
    for (channel, _, _, _, _, answered, _), base in zip(found, hide_alone([row[4] for row in found]), strict=True):
        share = percent(answered, base) if base else None
        counts = (shown(None),) * 2 if base is None else (answered, base)
        rows.append(
            Row(CHANNELS[channel], (*counts, say_percent(share, 1 if base is None else base)), share, _of(share, base))
        )
    return Figure(
        key="replies",
        title="Questions that were answered",
        definition="Reminders, check-ins and surveys that left us in the period. Answered: the person wrote "
        "within three days, whatever they wrote.",
        columns=("Channel", "Answered", "Questions", "Answered, of those asked"),
        rows=rows,
        drawn="How many in a hundred were answered",
        whole=100,
    )


def _of(share: int | None, base: int | None) -> str:
    return "" if share is None else f"{share}% of {base:,}"


async def _found(session: AsyncSession, scope: Scope) -> list[tuple[ChannelKind, int, int, int, int, int, int | None]]:
    """A row a channel, the busiest first; last, how many were sent, or None where those are too few."""
    rows = sorted(await session.execute(text(_QUERY), scope.facts), key=lambda row: -row[1])
    bases = hide_alone([row[1] for row in rows])
    return [(ChannelKind(row[0]), *row[1:], base) for row, base in zip(rows, bases, strict=True)]
