"""Promises kept to victims: news told in time, and how long it took, by what had happened. Never by worker."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.reading.outcomes.figure import Figure, Row, say_percent
from hub.reading.outcomes.scope import PEOPLE, Scope
from hub.reading.outcomes.small import TOO_FEW, hide, is_small, percent
from hub.times import local
from hub.working_time import count_working_days

# The promise to the victim, or to whoever hears it instead of them; decided: told, or its day is over.
_DECIDED = f"""
    SELECT e.milestone, e.happened_at, u.told_at, u.told_at IS NOT NULL AND u.told_at < u.due_at AS in_time
    FROM updates u JOIN case_events e ON e.id = u.event_id JOIN cases c ON c.id = u.case_id
    JOIN people p ON p.id = c.person_id LEFT JOIN nominations n ON n.id = u.nomination_id
    WHERE u.kind = 'news' AND u.known_at >= :since AND u.known_at < :until AND {PEOPLE}
      AND (u.state = 'told' OR u.state = 'owed' AND u.due_at <= :now) AND (n.id IS NULL OR n.instead)
"""  # noqa: S608  # our own words


async def figure(hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in await session.execute(text(_DECIDED), scope.facts | {"now": hub.clock.now()}):
        groups[row.milestone].append(row)
    return Figure(
        key="updates",
        title="News told to victims in time",
        definition="News that became known in the period and was told, or should have been by now. In time: within 5 "
        "working days, 1 with enhanced rights. A text counts when it has arrived; where others may read the phone, "
        "when it was read. Middle time: from the event until they were told; half were faster.",
        columns=("What had happened", "Times", "Told in time, of a hundred", "Middle time, in working days"),
        rows=_rows(hub, scope, groups),
        drawn="How many in a hundred were told in time",
        whole=100,
        if_any=True,
    )


def _rows(hub: Hub, scope: Scope, groups: Mapping[str, Sequence[Any]]) -> list[Row]:
    """In the order of flows/victims/milestones.yml, then what is no longer in it."""
    names = sorted(groups, key=[*hub.flows.milestones, *sorted(groups)].index)
    counts = [len(groups[name]) for name in names]
    telling = [is_small(sum(not row.in_time for row in groups[name])) for name in names]
    shown = hide(counts, telling)
    return [_row(hub, scope, name, groups[name], count) for name, count in zip(names, shown, strict=True)]


def _row(hub: Hub, scope: Scope, name: str, found: Sequence[Any], count: int | None) -> Row:
    known = hub.flows.milestones.get(name)
    label = known.words if known else name.replace("_", " ").capitalize()
    if count is None:
        return Row(label, (TOO_FEW,) * 3)
    share = percent(sum(row.in_time for row in found), count)
    return Row(label, (count, say_percent(share, count), _middle(scope, found)), share, say_percent(share, count))


def _middle(scope: Scope, found: Sequence[Any]) -> str:
    zone, nation = scope.agency.time_zone, scope.agency.holidays
    lengths = [
        count_working_days(local(row.happened_at, zone).date(), local(row.told_at, zone).date(), nation)
        for row in found
        if row.told_at
    ]
    if is_small(len(lengths)):
        return TOO_FEW
    return f"{median(lengths):g}" if lengths else "None yet"
