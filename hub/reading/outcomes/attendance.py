"""Do people come, with a reminder and without? And where a lot was drawn, by arm. Never by worker."""

from dataclasses import dataclass
from math import sqrt

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.reading.outcomes.figure import Figure, Row, say_percent, shown
from hub.reading.outcomes.scope import PEOPLE, Scope
from hub.reading.outcomes.small import LEAST, percent
from hub.words import Awaiting

KEY = "attendance"
_COUNTS = """
    count(*) FILTER (WHERE state = 'attended'), count(*) FILTER (WHERE state = 'missed'),
    count(*) FILTER (WHERE state = 'unknown')
"""
_CLOSED = f"""
    FROM appointments a JOIN people p ON p.id = a.person_id
    WHERE a.starts_at >= :since AND a.starts_at < :until AND a.state IN ('attended', 'missed', 'unknown') AND {PEOPLE}
"""
# One look-up an appointment, so that a month costs a month: as EXISTS, all reminders of all time would be read.
_REMINDED = """
    LEFT JOIN LATERAL (
        SELECT true AS reminded FROM nudges n JOIN messages m ON m.id = n.message_id
        WHERE n.subject_kind = 'appointment' AND n.subject_id = a.id AND n.rule = ANY(:rules)
          AND n.occurrence = a.starts_at AND m.state IN ('sent', 'delivered') LIMIT 1
    ) r ON true
"""
_BY_REMINDER = f"""
    SELECT reminded, {_COUNTS} FROM (
        SELECT a.state, coalesce(r.reminded, false) AS reminded {_CLOSED.replace("WHERE", f"{_REMINDED} WHERE", 1)}
    ) closed GROUP BY reminded
"""  # noqa: S608
_BY_LOT = f"""
    SELECT sends, {_COUNTS} FROM (
        SELECT a.state, r.sends {
    _CLOSED.replace(
        "WHERE",
        '''
        JOIN assignments x ON x.person_id = p.id AND x.at <= a.starts_at JOIN arms r ON r.id = x.arm_id
        JOIN experiments e ON e.id = x.experiment_id AND e.rule = ANY(:rules)
        WHERE''',
        1,
    )
}
    ) closed GROUP BY sends
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Group:
    came: int = 0
    missed: int = 0
    unknown: int = 0

    @property
    def known(self) -> int:
        return self.came + self.missed

    @property
    def base(self) -> int:
        return self.known + self.unknown


async def figure(hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    """Two rows: with a reminder, without one."""
    groups = await _groups(hub, session, scope, _BY_REMINDER)
    with_one, without = groups.get(True, Group()), groups.get(False, Group())
    return Figure(
        key=KEY,
        title="Attendance with and without a reminder",
        definition="Appointments of the period that somebody has closed. With a reminder: at least one of that "
        "time was sent before it. Came: of those where we know what happened. Not known is not the same as not there.",
        columns=COLUMNS,
        rows=[row("With a reminder", with_one), row("Without a reminder", without)],
        drawn="How many in a hundred came, of those where it is known",
        whole=100,
        notes=[*difference(with_one, without), _HONEST],
    )


async def by_lot(hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    """The fair comparison; its rows are empty where no lot was drawn."""
    groups = await _groups(hub, session, scope, _BY_LOT)
    rows = [row(words, groups[sends]) for sends, words in _ARMS.items() if sends in groups]
    return Figure(
        key="attendance-by-lot",
        title="Attendance in a fair comparison",
        definition="People were put by lot into a group that gets the reminder and one that does not. "
        "The groups differ in nothing else, so a difference comes from the reminder.",
        columns=COLUMNS,
        rows=rows,
        drawn="How many in a hundred came, of those where it is known",
        whole=100,
        notes=difference(groups.get(True, Group()), groups.get(False, Group())),
        if_any=True,
    )


COLUMNS = ("Group", "Came", "Did not come", "Not known", "Appointments", "Came, of those known")
_ARMS = {True: "Gets the reminder, by lot", False: "Does not, by lot"}
_HONEST = (
    "People without a reminder differ from the others: they may have no phone, have said no to texts, or have been "
    "booked at short notice. This difference does not show what reminders do; a comparison by lot would."
)


def row(label: str, group: Group) -> Row:
    share = percent(group.came, group.known)
    if 0 < group.base < LEAST:
        return Row(label, (shown(None),) * 4 + (say_percent(None),))
    counts = (group.came, group.missed, group.unknown, group.base)
    return Row(
        label, (*counts, say_percent(share, group.known)), share, "" if share is None else f"{share}% of {group.known}"
    )


def difference(with_one: Group, without: Group) -> list[str]:
    """In points, with the range in which it lies 95 times of a hundred (normal approximation)."""
    if min(with_one.known, without.known) < LEAST:
        return [f"With fewer than {LEAST} known in a group, no difference is shown."]
    first, second = with_one.came / with_one.known, without.came / without.known
    spread = 1.96 * sqrt(first * (1 - first) / with_one.known + second * (1 - second) / without.known)
    low, high = (round(100 * (first - second + sign * spread)) for sign in (-1, 1))
    points = round(100 * (first - second))
    return [f"The difference is {points} points; allowing for chance, it lies between {low} and {high}."]


async def _groups(hub: Hub, session: AsyncSession, scope: Scope, query: str) -> dict[bool, Group]:
    rules = [
        rule.name
        for rule in hub.flows.nudges.values()
        if rule.subject == "appointment" and rule.awaiting is Awaiting.APPOINTMENT_CONFIRMATION
    ]
    found = await session.execute(text(query), scope.facts | {"rules": rules})
    return {key: Group(*counts) for key, *counts in found}
