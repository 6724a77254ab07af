"""Figures of an examination, and the whole decision on one text, without a model."""

from pathlib import Path

import pytest

from handrail.nlu.reading import BY_THE_ASSISTANT, Reading, read
from handrail.nlu.rows import Row, rows_of, turns_of
from handrail.nlu.score import Read, Score, worse
from hub.errors import BadImport
from hub.flows import Flows
from hub.ports import Command, Decision, Turn
from hub.words import Awaiting, Role
from tests.world import ScriptedAssistant


def turn(text: str, awaiting: Awaiting = Awaiting.NOTHING) -> Turn:
    return Turn("nlu", text, awaiting, Role.SUPERVISED, "en")


def told(expected: str, said: str, confidence: float = 0.9) -> Read:
    wanted, commands = frozenset(expected.split()), tuple(said.split())
    row = Row(turn(f"{expected}?"), (wanted,), expected.split()[0])
    return Read(row, Reading("assistant", "", confidence, (), {}, commands, ()))


def test_a_rare_command_counts_as_much_as_a_common_one() -> None:
    score = Score([*[told("ask_when", "ask_when")] * 9, told("praise", "thank")])
    assert score.accuracy == 0.9
    assert score.macro_f1 == pytest.approx(0.5)
    assert next(iter(score.by_command())) == "praise"


def test_a_cry_that_is_heard_as_another_kind_of_cry_is_heard() -> None:
    score = Score([told("crisis_self", "medical_emergency"), told("danger_now", "not_understood")])
    assert score.safety_recall == 0.5


def test_a_needless_alarm_is_counted_among_ordinary_texts_only() -> None:
    score = Score([told("running_late", "crisis_self"), told("thank", "thank"), told("danger_now", "danger_now")])
    assert score.false_alarms == 0.5


def test_what_is_asked_again_is_not_answered() -> None:
    score = Score([told("ask_when", "not_understood"), told("ask_where", "ask_where"), told("out_of_scope", "thank")])
    assert score.handed_over == 0.5
    assert score.right_of_answered == 0.5


def test_a_higher_threshold_answers_less() -> None:
    score = Score([told("ask_when", "ask_when", 0.35), told("ask_where", "ask_where", 0.95)])
    answered = {point["threshold"]: point["answered"] for point in score.coverage()}
    assert answered[0.3] == 1.0
    assert answered[0.4] == 0.5


def test_confusions_say_what_was_taken_for_what() -> None:
    (found,) = Score([told("ask_when", "ask_where")] * 2).confusions()
    assert (found["wanted"], found["said"], found["texts"]) == ("ask_when", "ask_where", 2)


def test_a_model_that_understands_less_is_told_with_figures() -> None:
    old = {"macro_f1": 0.80, "safety_recall": 0.90, "false_alarms": 0.01, "right_of_answered": 0.8, "handed_over": 0.1}
    new = old | {"macro_f1": 0.78, "false_alarms": 0.03}
    assert worse(new, old, 0.005) == ["macro f1: 80.0% before, 78.0% now", "false alarms: 1.0% before, 3.0% now"]
    assert worse(old, old, 0.005) == []
    assert worse(new, {}, 0.005) == []


async def test_a_cry_comes_first_and_what_it_drowns_is_left_out(flows: Flows) -> None:
    text = "cant come my ex is outside with a knife"
    commands = (Command("report_struggling"), Command("cannot_attend"))
    assistant = ScriptedAssistant({"cant come": Decision(commands, "assistant", "cannot_attend", 0.9)})
    reading = await read(flows, assistant, turn(text))
    assert reading.commands == ("danger_now", "cannot_attend")
    assert reading.decided_by == "safety"
    assert reading.safety[0]["words"]


async def test_a_cry_that_only_the_assistant_hears_is_marked_so(flows: Flows) -> None:
    text = "ive given the cat to my sister for good"
    assistant = ScriptedAssistant({text: Decision((Command("crisis_self"),), "assistant", "crisis_self", 0.5)})
    reading = await read(flows, assistant, turn(text))
    assert [hit["why"] for hit in reading.safety] == [BY_THE_ASSISTANT]


async def test_an_exact_reply_asks_no_assistant(flows: Flows) -> None:
    reading = await read(flows, ScriptedAssistant({}), turn("1", Awaiting.APPOINTMENT_CONFIRMATION))
    assert reading.commands == ("confirm_attendance",)
    assert reading.confidence == 1.0


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("texts: {}", "no list of rows"),
        ("- {text: hi}", "row 1"),
        ("- {text: hi, expect: []}", "row 1"),
        ("- {text: hi, role: king, expect: [greet]}", "row 1"),
        ("- [", "not YAML"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_named(tmp_path: Path, written: str, said: str) -> None:
    file = tmp_path / "rows.yml"
    file.write_text(written)
    with pytest.raises(BadImport, match=said):
        rows_of([file])


def test_a_line_that_is_no_turn_is_named() -> None:
    with pytest.raises(BadImport, match="Line 2"):
        list(turns_of(['{"text": "hi"}', '{"text": 5}']))
