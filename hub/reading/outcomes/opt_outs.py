"""Who asks us to stop, week by week."""

from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.reading.outcomes.figure import Chart, Figure, Row, shown
from hub.reading.outcomes.scope import PEOPLE, Scope
from hub.reading.outcomes.small import LEAST
from hub.times import local

_WEEK = "CAST(date_trunc('week', {} AT TIME ZONE :zone) AS date)"
_STOPPED = f"""
    SELECT {_WEEK.format("e.opened_at")}, count(*) FROM escalations e
    JOIN conversations c ON c.id = e.conversation_id JOIN people p ON p.id = c.person_id
    WHERE e.opened_at >= :since AND e.opened_at < :until AND e.reason IN ('stopped', 'stopped_by_mistake')
      AND {PEOPLE} GROUP BY 1
"""  # noqa: S608  # our own words
_WRITTEN_TO = f"""
    SELECT week, count(*) FROM (
        SELECT DISTINCT {_WEEK.format("m.created_at")} AS week, c.person_id FROM messages m
        JOIN conversations c ON c.id = m.conversation_id JOIN people p ON p.id = c.person_id
        WHERE m.created_at >= :since AND m.created_at < :until AND m.direction = 'out' AND m.left_at IS NOT NULL
          AND {PEOPLE}
    ) written GROUP BY week
"""  # noqa: S608


async def figure(_hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    stopped: dict[date, int] = dict((await session.execute(text(_STOPPED), scope.facts)).all())
    people: dict[date, int] = dict((await session.execute(text(_WRITTEN_TO), scope.facts)).all())
    return Figure(
        key="opt-outs",
        title="People who stopped our texts",
        definition="How often somebody told us to stop, by STOP or in other words, in each week that begins on the "
        "Monday shown; and how many people we wrote to in that week.",
        columns=("Week from", "Stopped", "People written to", "Stopped, of a hundred"),
        rows=[_row(week, stopped.get(week, 0), people.get(week, 0)) for week in _weeks(scope)],
        drawn="How many stopped in each week",
        chart=Chart.LINE,
    )


def _row(week: date, stopped: int, people: int) -> Row:
    label = f"{week.day} {week:%b %Y}"
    if people < LEAST:
        return Row(label, (shown(None), shown(None), shown(None)) if people or stopped else (0, 0, "–"))
    return Row(label, (stopped, people, f"{100 * stopped / people:.1f}"), stopped, str(stopped))


def _weeks(scope: Scope) -> list[date]:
    zone = scope.agency.time_zone
    day, last = local(scope.since, zone).date(), local(scope.until - timedelta(microseconds=1), zone).date()
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(weeks=n) for n in range((last - monday).days // 7 + 1)]
