"""The conditions that somebody has agreed to: what they are, done, more time. A human decides; the bot
passes on."""

from collections.abc import Sequence
from datetime import time

from sqlalchemy import select

from hub.commands.registry import carries_out
from hub.handling import Handling
from hub.nudges.planner import replan
from hub.promises import promise
from hub.store.tables import Case, Condition
from hub.times import at_local, say_day

NOON = time(12)  # any time of the due day says its date


@carries_out("ask_conditions")
async def ask_conditions(handling: Handling, _entities: dict[str, str]) -> None:
    """All of them with their dates; without any on record, a human answers."""
    conditions = await _conditions(handling)
    if not conditions:
        by = await promise(handling, "condition_question")
        return await handling.say("conditions.none", answer_by=by)
    await handling.say("conditions.list", conditions=", ".join(_say(handling, one) for one in conditions))


@carries_out("report_condition_done")
async def report_condition_done(handling: Handling, _entities: dict[str, str]) -> None:
    """ "I did it": noted where only one is open; a human checks in any case."""
    open_ones = [one for one in await _conditions(handling) if one.done_at is None]
    if len(open_ones) == 1:
        open_ones[0].done_at = handling.now
        handling.record("condition_reported_done", f"condition:{open_ones[0].id}")
        await replan(handling.hub, handling.session, "condition", open_ones[0].id)
    by = await promise(handling, "condition_question", detail="done")
    await handling.say("conditions.done", answer_by=by)


@carries_out("ask_extension")
async def ask_extension(handling: Handling, _entities: dict[str, str]) -> None:
    by = await promise(handling, "condition_question", detail="more_time")
    await handling.say("conditions.more_time", answer_by=by)


async def _conditions(handling: Handling) -> Sequence[Condition]:
    """Of the person's open cases, the soonest due first."""
    wanted = (
        select(Condition)
        .join(Case, Case.id == Condition.case_id)
        .where(Case.person_id == handling.person.id, Case.closed_at.is_(None), Condition.checked_at.is_(None))
        .order_by(Condition.due_on, Condition.id)
    )
    return (await handling.session.scalars(wanted)).all()


def _say(handling: Handling, condition: Condition) -> str:
    words = handling.key.open(condition.words_sealed, "condition")
    texts, facts, name = handling.texts, {"words": words}, "conditions.one"
    if condition.done_at:
        name = "conditions.one_done"
    elif condition.due_on:
        zone = handling.agency.time_zone
        name = "conditions.one_due"
        facts["day"] = say_day(at_local(condition.due_on, NOON, zone), zone, handling.language)
    return texts.render(name, handling.language, facts).text
