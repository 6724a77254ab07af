"""Do texts arrive, and do people answer? By channel."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.reading.outcomes.figure import Figure, Row, say_percent
from hub.reading.outcomes.scope import PEOPLE, Scope
from hub.reading.outcomes.small import TOO_FEW, percent
from hub.reading.wording import CHANNELS
from hub.words import ChannelKind

_IN_SCOPE = f"""
    FROM messages m JOIN conversations c ON c.id = m.conversation_id JOIN people p ON p.id = c.person_id
    JOIN lines l ON l.id = m.line_id
    WHERE m.created_at >= :since AND m.created_at < :until AND {PEOPLE}
"""  # our own words
_DELIVERY = f"""
    SELECT l.channel, count(*), count(*) FILTER (WHERE m.state = 'delivered'),
           count(*) FILTER (WHERE m.state IN ('undelivered', 'failed'))
    {_IN_SCOPE} AND m.direction = 'out' AND m.left_at IS NOT NULL GROUP BY l.channel ORDER BY count(*) DESC
"""
_AND_AFTER = "CAST(:until AS timestamptz) + interval '3 days'"
# Questions are what a reminder, a check-in or a survey asks; an answer is the person's next text within three days.
# From the last text back to the first, so that the next of the person's is always known: one sort, no look-ups.
_REPLIES = f"""
    SELECT channel, count(*), count(*) FILTER (WHERE next_at <= left_at + interval '3 days') FROM (
        SELECT l.channel, m.created_at, m.left_at, m.direction, m.purpose,
               min(m.created_at) FILTER (WHERE m.direction = 'in') OVER (
            PARTITION BY m.conversation_id ORDER BY m.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS next_at {_IN_SCOPE.replace(":until", _AND_AFTER)}
    ) said
    WHERE direction = 'out' AND created_at < :until AND left_at IS NOT NULL
      AND purpose IN ('reminder', 'check_in', 'survey')
    GROUP BY channel ORDER BY count(*) DESC
"""  # noqa: S608


async def delivery(_hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    rows = []
    for channel, sent, delivered, failed in await session.execute(text(_DELIVERY), scope.facts):
        rows.append(_row(channel, sent, delivered, (delivered, failed, sent - delivered - failed, sent)))
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
    found = await session.execute(text(_REPLIES), scope.facts)
    rows = [_row(channel, asked, answered, (answered, asked)) for channel, asked, answered in found]
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


def _row(channel: str, base: int, part: int, counts: tuple[int, ...]) -> Row:
    """Of a channel; no total of all channels is shown anywhere, so one that is too few is hidden alone."""
    label, share = CHANNELS[ChannelKind(channel)], percent(part, base)
    if share is None:
        return Row(label, (TOO_FEW,) * (len(counts) + 1))
    return Row(label, (*counts, say_percent(share)), share, f"{share}% of {base:,}")
