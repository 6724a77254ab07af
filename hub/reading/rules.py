"""Nudge rules as an agency's side has them: in words, on or off and by whom, how many of their texts lie ahead.

And what a rule would send to one person: nothing is sent. Knows no page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.nudges import settings
from hub.nudges.planner import Effect
from hub.nudges.retiming import days_of
from hub.nudges.rules import NudgeRule
from hub.reading.going_out import Short, View
from hub.reading.going_out_rows import Row as Text
from hub.reading.going_out_rows import opened_for
from hub.reading.rule_words import in_words
from hub.reading.wordings import name_of
from hub.states import NudgeState
from hub.store.tables import Nudge, Person, RuleSetting, Worker
from hub.times import say_when

AHEAD = timedelta(days=14)

# flows/<topic> → what the list calls it.
TOPICS = {
    "appointments": "Appointments",
    "attendance": "Showing that they came",
    "check_ins": "Check-ins",
    "conditions": "Conditions and days of a case",
    "supporters": "People who stand by them",
    "surveys": "Surveys",
    "victims": "News for victims",
}


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    topic: str
    words: str
    text: str  # the key of what it sends
    text_name: str
    on: bool
    changed: str  # "Changed by Priya Shah on Tue 3 March at 2pm: …"; empty as in flows/
    texts: int  # that lie ahead
    people: int
    days: int
    clock: time | None


async def listed(hub: Hub, session: AsyncSession, worker: Worker) -> list[Row]:
    """Those of the worker's side, topic by topic."""
    side = worker.team.side
    of_side = [rule for rule in hub.flows.nudges.values() if rule.side in {None, side}]
    found = await _rows(hub, session, worker, of_side)
    return sorted(found, key=lambda row: row.topic)


async def one(hub: Hub, session: AsyncSession, worker: Worker, rule: NudgeRule) -> Row:
    return (await _rows(hub, session, worker, [rule]))[0]


async def would_send(hub: Hub, session: AsyncSession, rule: NudgeRule, person: Person) -> list[Text]:
    """Its texts to this person that are planned, with their words and times; those held back say why."""
    wanted = (
        select(Nudge)
        .where(Nudge.person_id == person.id, Nudge.rule == rule.name, Nudge.state == NudgeState.PLANNED)
        .order_by(Nudge.due_at)
        .limit(20)
    )
    nudges = (await session.scalars(wanted)).all()
    shorts = [Short("n", n.id, person.id, n.due_at, n.rule, View.GOING, n.reason) for n in nudges]
    return await opened_for(hub, session, shorts)


def effect_in_words(effect: Effect) -> str:
    """ "12 texts move, 3 are cancelled, 2 are new."."""
    parts = [(effect.moved, "moves", "move"), (effect.cancelled, "is cancelled", "are cancelled")]
    parts += [(effect.new, "is new", "are new")]
    said = [f"{count} {one if count == 1 else many}" for count, one, many in parts if count]
    if not said:
        return "No text that is planned now changes."
    first, *others = said
    number, verb = first.split(" ", 1)
    return ", ".join([f"{number} planned text{'' if number == '1' else 's'} {verb}", *others]) + "."


async def _rows(hub: Hub, session: AsyncSession, worker: Worker, rules: list[NudgeRule]) -> list[Row]:
    set_as, counts = await settings.load(session), await _counts(session, worker, hub.clock.now())
    changes = await _changes(session, worker)
    whose = (worker.team.agency_id, worker.team.side)
    rows = []
    for rule in rules:
        setting = set_as.of(rule, whose)
        now_is = setting.applied(rule) or rule
        texts, people = counts.get(rule.name, (0, 0))
        said = changes.get(rule.name, "")
        topic = TOPICS.get(rule.topic, rule.topic)
        rows.append(
            Row(rule.name, topic, in_words(now_is), rule.text, name_of(rule.text), not setting.off, said, texts, people,
                days_of(now_is), now_is.at)
        )  # fmt: skip
    return rows


async def _counts(session: AsyncSession, worker: Worker, now: datetime) -> Mapping[str, tuple[int, int]]:
    """By rule: texts and people of the next 14 days, of the whole side of the agency."""
    wanted = (
        select(Nudge.rule, func.count(), func.count(Nudge.person_id.distinct()))
        .join(Person, Person.id == Nudge.person_id)
        .where(
            *(Nudge.state == NudgeState.PLANNED, Nudge.due_at <= now + AHEAD),
            *(Person.agency_id == worker.team.agency_id, Person.side == worker.team.side),
        )
        .group_by(Nudge.rule)
    )
    return {rule: (texts, people) for rule, texts, people in await session.execute(wanted)}


async def _changes(session: AsyncSession, worker: Worker) -> Mapping[str, str]:
    wanted = (
        select(RuleSetting, Worker.name)
        .join(Worker, Worker.id == RuleSetting.by_id)
        .where(RuleSetting.agency_id == worker.team.agency_id, RuleSetting.side == worker.team.side)
    )
    zone = worker.team.agency.time_zone
    return {
        kept.rule: f"{'Turned off' if kept.off else 'Changed'} by {name} on {say_when(kept.at, zone)}"
        + (f": {kept.why}" if kept.why else "")
        for kept, name in await session.execute(wanted)
    }
