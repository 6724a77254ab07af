"""What a person is told about their conditions: the list, how far they are, what a worker has decided.

Progress is a count in words, never a share and never a guess at what comes. Changes nothing.
"""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.handling import Handling
from hub.speaking import speak_to
from hub.states import ConditionState
from hub.store.tables import Case, Condition
from hub.texts import BEFORE, THEN
from hub.times import at_local, say_day
from hub.words import Purpose

NOON = time(12)  # any time of the due day says its date
IS_DONE = frozenset({ConditionState.SAID_DONE, ConditionState.DONE})
# A decision's text, by what it was before and what it is now.
_NOT_YET = (ConditionState.SAID_DONE, ConditionState.OPEN)
_DECISIONS = {
    ConditionState.DONE: "conditions.seen_done",
    ConditionState.NOT_DONE: "conditions.not_done",
    ConditionState.WAIVED: "conditions.waived",
    ConditionState.OPEN: "conditions.open_again",
}


def facts_of(handling: Handling, condition: Condition) -> dict[str, Any]:
    """`words`, and `by_day` where it has one."""
    known = {"words": words_of(handling, condition)}
    return known | {"by_day": say(handling, condition.due_on) if condition.due_on else ""}


def words_of(handling: Handling, condition: Condition) -> str:
    return handling.key.open(condition.words_sealed, "condition")


def say(handling: Handling, day: date) -> str:
    zone = handling.agency.time_zone
    return say_day(at_local(day, NOON, zone), zone, handling.language)


def one_line(handling: Handling, condition: Condition) -> str:
    """One condition as it stands in the list."""
    facts, name = {"words": words_of(handling, condition)}, "conditions.one"
    if condition.state in IS_DONE:
        name = "conditions.one_done"
    elif condition.due_on:
        name, facts["day"] = "conditions.one_due", say(handling, condition.due_on)
    return handling.texts.render(name, handling.language, facts).text


def numbered(handling: Handling, conditions: Sequence[Condition]) -> str:
    return ", ".join(f"{number} {words_of(handling, each)}" for number, each in enumerate(conditions, 1))


def progress(handling: Handling, conditions: Sequence[Condition], kind: str = "progress") -> tuple[str, dict[str, Any]]:
    """The name of the text that says how far they are, with its facts: "2 of 3 done. Next: … by Tue 3 March".

    `kind` is "progress", or "well_done" after something was done. No name where there is nothing to say yet.
    """
    counted = [each for each in conditions if each.state is not ConditionState.WAIVED]
    done = sum(each.state in IS_DONE for each in counted)
    if done == 0:
        return "", {}
    following = next((each for each in counted if each.state is ConditionState.OPEN), None)
    facts: dict[str, Any] = {"done": str(done), "all": str(len(counted))}
    if done == len(counted):
        return f"conditions.{kind}_all", facts
    if following is None or following.due_on is None:
        return f"conditions.{kind}", facts
    facts |= {"next": words_of(handling, following), "next_day": say(handling, following.due_on)}
    return f"conditions.{kind}_next", facts


def before(name: str, facts: dict[str, Any]) -> dict[str, Any]:
    """Said before the text itself, in the same message."""
    return facts | {BEFORE: name} if name else {}


async def tell(hub: Hub, session: AsyncSession, condition: Condition, text_key: str, **facts: str) -> None:
    """Something about one condition, to a person who has not written just now."""
    handling = await speak_to(hub, session, condition.case.person, Purpose.REPLY)
    if handling:
        if handling.prompt and (handling.prompt.subject_kind, handling.prompt.subject_id) == (
            "condition",
            condition.id,
        ):
            await handling.answered()
        await handling.say(text_key, **facts_of(handling, condition) | facts)


async def tell_decision(hub: Hub, session: AsyncSession, condition: Condition, was: ConditionState, why: str) -> None:
    key = "conditions.not_yet" if (was, condition.state) == _NOT_YET else _DECISIONS[condition.state]
    facts: dict[str, Any] = {"why": why}
    if condition.state is ConditionState.DONE:
        handling = await speak_to(hub, session, condition.case.person, Purpose.REPLY)
        if handling:
            theirs = await session.scalars(
                select(Condition)
                .join(Case, Case.id == Condition.case_id)
                .where(Condition.case_id == condition.case_id)
                .order_by(Condition.due_on, Condition.id)
            )
            name, counts = progress(handling, theirs.all(), "well_done")
            facts |= counts | ({THEN: name} if name else {})
    await tell(hub, session, condition, key, **facts)
