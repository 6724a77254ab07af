"""The conditions that somebody has agreed to: what they are, done, more time. The talk is in hub/condition_talk.py."""

from hub import condition_talk, condition_words, conditions
from hub.commands.registry import carries_out
from hub.handling import Handling
from hub.promises import promise
from hub.states import ConditionState


@carries_out("ask_conditions")
async def ask_conditions(handling: Handling, _entities: dict[str, str]) -> None:
    """All of them with their dates and how far they are; without any on record, a human answers."""
    theirs = await conditions.of_person(handling.session, handling.person.id)
    shown = [each for each in theirs if each.state is not ConditionState.WAIVED]
    if not shown:
        by = await promise(handling, "condition_question")
        return await handling.say("conditions.none", answer_by=by)
    name, counts = condition_words.progress(handling, shown)
    listed = ", ".join(condition_words.one_line(handling, each) for each in shown)
    await handling.say("conditions.list", conditions=listed, **condition_words.before(name, counts))


@carries_out("report_condition_done")
async def report_condition_done(handling: Handling, _entities: dict[str, str]) -> None:
    await condition_talk.say_done(handling, handling.text)


@carries_out("ask_extension")
async def ask_extension(handling: Handling, _entities: dict[str, str]) -> None:
    await condition_talk.ask_longer(handling, handling.text)
