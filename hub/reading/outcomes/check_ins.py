"""Check-ins: how many are answered, how people are, and what they say would help. Never by worker."""

from collections import Counter

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from hub.check_ins import LOW
from hub.core import Hub
from hub.needs import NEEDS, NOTHING, current
from hub.ports import Choice
from hub.reading.outcomes.figure import Figure, Row, say_percent, shown
from hub.reading.outcomes.scope import PEOPLE, Scope
from hub.reading.outcomes.small import hide, is_small, percent

_ASKED = f"""
    FROM check_ins i JOIN people p ON p.id = i.person_id
    WHERE i.due_at >= :since AND i.due_at < :until AND i.state IN ('answered', 'expired', 'reviewed') AND {PEOPLE}
"""
_COUNTS = f"""
    SELECT count(*) FILTER (WHERE i.answered_at <= i.closes_at), count(*) FILTER (WHERE i.answered_at > i.closes_at),
           count(*) FILTER (WHERE i.answered_at IS NULL),
           count(*) FILTER (WHERE i.feeling < {LOW}), count(*) FILTER (WHERE i.feeling >= {LOW}) {_ASKED}
"""  # our own words
_NEEDS = f"""
    SELECT need, count(*) FROM (SELECT jsonb_array_elements_text(i.needs) AS need {_ASKED}) named GROUP BY need
"""  # noqa: S608


async def figure(_hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    counts = list((await session.execute(text(_COUNTS), scope.facts)).one())
    labels = ("Answered in time", "Answered late", "Not answered")
    return Figure(
        key="check-ins",
        title="Check-ins asked and answered",
        definition="Check-ins of the period whose 72 hours are over or that were answered. Late: after those hours, "
        "for want of signal, say.",
        columns=("What", "Check-ins", "Of a hundred"),
        rows=_rows(labels, counts[:3]),
        drawn="How many in a hundred",
        whole=100,
        if_any=True,
    )


async def feelings(_hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    counts = list((await session.execute(text(_COUNTS), scope.facts)).one())
    return Figure(
        key="check-in-feelings",
        title="How people are",
        definition="Of the check-ins that were answered: very well, well and OK, against bad and very bad.",
        columns=("How they are", "Check-ins", "Of a hundred"),
        rows=_rows(("Very well, well or OK", "Bad or very bad"), counts[3:]),
        drawn="How many in a hundred",
        whole=100,
        if_any=True,
    )


async def needs(hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    """One answer can name several, so that they make up no total."""
    counts: Counter[str] = Counter()
    for need, count in await session.execute(text(_NEEDS), scope.facts):
        counts[current(need)] += count
    labels = {need: choice.label for need, choice in zip(NEEDS, _choices(hub), strict=True)}
    return Figure(
        key="check-in-needs",
        title="What would help",
        definition="How many check-ins named each kind of help. One check-in can name several.",
        columns=("Help", "Check-ins"),
        rows=[_need(labels.get(need, need.replace("_", " ").capitalize()), counts[need]) for need in _known(counts)],
        drawn="How many check-ins named it",
        if_any=True,
    )


def _rows(labels: tuple[str, ...], counts: list[int]) -> list[Row]:
    base = sum(counts)
    rows = []
    for label, count in zip(labels, hide(counts), strict=True):
        share = None if count is None else percent(count, base)
        rows.append(Row(label, (shown(count), say_percent(share, base)), share, "" if share is None else f"{share}%"))
    return rows


def _need(label: str, count: int) -> Row:
    known = None if is_small(count) else count
    return Row(label, (shown(known),), known, "" if known is None else str(known))


def _known(counts: Counter[str]) -> list[str]:
    """Ours in their order, and words of before that none of ours stands for."""
    ours = [need for need in NEEDS if need != NOTHING]
    return [*ours, *sorted(counts.keys() - set(NEEDS))]


def _choices(hub: Hub) -> tuple[Choice, ...]:
    return hub.flows.texts.template("check_ins.help", "en").choices
