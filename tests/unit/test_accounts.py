"""What somebody tells of themselves is kept, whatever the assistant takes it for; a human reads what sounded grave."""

import pytest

from hub import decide
from hub.decide import Situation
from hub.ports import Command, Decision, Turn
from hub.words import Awaiting
from tests.world import AssistantOff, ScriptedAssistant, our_flows

WORDS = "A man in a red coat ran off."


def telling(words: str, about: str = "statement") -> Situation:
    return Situation(words, Turn("1", words, Awaiting.SURVEY_TEXT), about=about)


async def decided(situation: Situation, *commands: str) -> list[list[Command]]:
    known = {situation.text: Decision(tuple(Command(name) for name in commands), "assistant")}
    assistant = ScriptedAssistant(known) if commands else AssistantOff()
    return [list(d.commands) async for d in decide.in_order(our_flows(), assistant, situation)]


@pytest.mark.parametrize("about", ["statement", "voice_draft"])
async def test_it_is_the_answer_while_the_assistant_is_off(about: str) -> None:
    assert await decided(telling(WORDS, about)) == [[Command("answer_text")]]


async def test_a_guess_of_danger_is_the_answer_and_is_read_by_a_human() -> None:
    assert await decided(telling(WORDS), "danger_now", "answer_text") == [[Command("answer_text", {"worries": "yes"})]]


async def test_certain_words_of_danger_come_first_and_are_the_answer_too() -> None:
    (cry,), (answer,) = await decided(telling("he is outside my door now and he has a knife"))
    assert (cry.do, answer.do) == ("danger_now", "answer_text")


async def test_another_question_is_answered_as_before() -> None:
    assert await decided(telling(WORDS), "ask_rights") == [[Command("ask_rights")]]


async def test_elsewhere_a_guess_of_danger_stays_one() -> None:
    assert await decided(telling(WORDS, "survey_run"), "danger_now") == [[Command("danger_now")]]
