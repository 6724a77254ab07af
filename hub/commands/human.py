"""A human, please; a call; blame and praise. Each says honestly when somebody will answer."""

from hub.commands.registry import carries_out
from hub.handling import Handling
from hub.promises import hand_over


@carries_out("speak_to_person")
async def speak_to_person(handling: Handling, _entities: dict[str, str]) -> None:
    by = await hand_over(handling, "wants_a_person")
    await handling.say("human.will_answer", answer_by=by)


@carries_out("ask_for_call")
async def ask_for_call(handling: Handling, _entities: dict[str, str]) -> None:
    by = await hand_over(handling, "wants_a_call")
    await handling.say("human.will_call", answer_by=by)


@carries_out("complain")
async def complain(handling: Handling, _entities: dict[str, str]) -> None:
    by = await hand_over(handling, "complaint")
    await handling.say("human.complaint", answer_by=by)


@carries_out("praise")
async def praise(handling: Handling, _entities: dict[str, str]) -> None:
    """Passed on by lying unread in the inbox, with nothing to do about it."""
    handling.handed_over = True
    handling.record("praised", f"conversation:{handling.conversation.id}")
    await handling.say("human.praise")
