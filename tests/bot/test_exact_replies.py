"""Exact answers to an open prompt, without any model."""

from pathlib import Path

import pytest

from hub.errors import FlowInvalid
from hub.exact_replies import ExactReplies, normal_form
from hub.ports import Command, Turn
from hub.words import Awaiting, Role
from hub.yaml_file import read_yaml
from tests.bot.asking import ROOT


def turn(text: str, awaiting: str = "nothing", language: str = "en", role: str = "supervised") -> Turn:
    return Turn("c", text, Awaiting(awaiting), Role(role), language)


@pytest.mark.parametrize(
    ("text", "awaiting", "command"),
    [
        ("1", "appointment_confirmation", Command("confirm_attendance")),
        ("YES!!", "appointment_confirmation", Command("confirm_attendance")),
        ("👍🏿", "appointment_confirmation", Command("confirm_attendance")),
        ("2.", "appointment_confirmation", Command("ask_to_move")),
        ("nope", "appointment_confirmation", Command("cannot_attend")),
        ("2nd", "reschedule_time", Command("ask_to_move", {"choice": "2"})),
        ("k7p2", "attendance_code", Command("give_code", {"code": "K7P2"})),
        ("4 8 2 9", "attendance_code", Command("give_code", {"code": "4829"})),
        ("3", "check_in_feeling", Command("report_doing_well", {"rating": "3"})),
        ("5️⃣", "check_in_feeling", Command("report_struggling", {"rating": "5"})),
        ("2", "check_in_help", Command("answer_choice", {"choice": "2"})),
        ("7/10", "survey_rating", Command("answer_rating", {"rating": "7"})),
        ("10 out of 10", "survey_rating", Command("answer_rating", {"rating": "10"})),
        ("0", "survey_rating", Command("answer_rating", {"rating": "0"})),
        ("Skip.", "survey_choice", Command("skip_question")),
        ("later", "survey_yes_no", Command("pause_survey")),
        ("no", "survey_text", Command("answer_text")),
        ("y", "safe_to_talk", Command("answer_yes")),
        ("not now", "safe_to_talk", Command("not_safe_to_talk")),
        ("yes", "thread_invitation", Command("accept_invitation")),
        ("2", "language", Command("change_language", {"language": "cy"})),
        ("no", "identity_check", Command("wrong_person")),
        ("3", "stop_scope", Command("stop_messages", {"choice": "3"})),
    ],
)
def test_an_exact_answer_becomes_the_command_of_the_open_question(
    exact: ExactReplies, text: str, awaiting: str, command: Command
) -> None:
    decision = exact.decide(turn(text, awaiting))
    assert decision is not None
    assert decision.commands == (command,)
    assert decision.decided_by == "exact"


@pytest.mark.parametrize("text", ["yes", "1", "no", "tomorrow maybe", "", "😀", "gr8 m8", "\u0000"])
def test_without_an_open_question_only_the_assistant_can_tell(exact: ExactReplies, text: str) -> None:
    assert exact.decide(turn(text)) is None


def test_an_unclear_ok_is_no_answer_to_is_it_safe_to_talk(exact: ExactReplies) -> None:
    decision = exact.decide(turn("ok", "safe_to_talk", role="victim"))
    assert decision is None or "answer_yes" not in [command.do for command in decision.commands]


def test_a_time_is_never_taken_for_a_code(exact: ExactReplies) -> None:
    assert exact.decide(turn("10:30", "reschedule_time")) is None


def test_welsh_words_count_for_a_welsh_speaker_and_english_ones_still_do(exact: ExactReplies) -> None:
    for word in ("ydw", "yes"):
        decision = exact.decide(turn(word, "safe_to_talk", language="cy"))
        assert decision is not None
        assert decision.commands == (Command("answer_yes"),)
    assert exact.decide(turn("ydw", "safe_to_talk", language="en")) is None


def test_capitals_punctuation_and_skin_tones_do_not_matter() -> None:
    assert normal_form(" Yes!!! ") == normal_form("yes.") == "yes"
    assert normal_form("👍🏽") == normal_form("👍️") == "👍"
    assert normal_form("that’s OK") == "thats ok"


def test_every_question_that_can_be_open_has_an_exact_answer(exact: ExactReplies) -> None:
    texts = ["1", "yes", "K7P2", "3"]
    for awaiting in set(Awaiting) - {Awaiting.NOTHING}:
        assert any(exact.decide(turn(text, awaiting)) for text in texts), awaiting


def test_no_exact_word_has_two_meanings() -> None:
    for file in (ROOT / "flows" / "replies").glob("*.yml"):
        words = read_yaml(file)["words"]
        seen: dict[str, str] = {}
        for intent, spellings in words.items():
            for word in spellings:
                assert seen.setdefault(normal_form(str(word)), intent) == intent, (file.name, word)


# --- what a practitioner can write wrongly ----------------------------------------------------------

RULE = "rules: [{rule: a yes, %s steps: [{intent: affirm}, {action: %s}]}]"


def flows_with(folder: Path, rules: str) -> Path:
    (folder / "replies").mkdir()
    (folder / "topic").mkdir()
    (folder / "replies" / "en.yml").write_text(
        "words: {affirm: ['yes']}\npatterns: {rating: '(?P<number>0)', code: 'x'}"
    )
    (folder / "domain.yml").write_text("responses: {utter_thank: [{custom: {do: thank}}]}")
    (folder / "topic" / "rules.yml").write_text(rules)
    return folder


def test_a_rule_without_conditions_answers_a_bare_yes(tmp_path: Path) -> None:
    exact = ExactReplies.from_flows(flows_with(tmp_path, RULE % ("", "utter_thank")))
    decision = exact.decide(turn("yes"))
    assert decision is not None
    assert decision.commands == (Command("thank"),)


@pytest.mark.parametrize(
    "rules",
    [
        RULE % ("", "utter_nothing_known"),
        RULE % ("condition: [{slot_was_set: [{awaiting: a_bus}]}],", "utter_thank"),
        RULE % ("condition: [{slot_was_set: [{role: officer}]}],", "utter_thank"),
        RULE % ("condition: [{slot_was_set: [{mood: good}]}],", "utter_thank"),
        "rules: [{rule: a yes}]",
        "rules: [{rule: a yes, steps: [{intent: affirm}]}]",
    ],
)
def test_a_rule_that_cannot_work_is_refused_by_file_and_name(tmp_path: Path, rules: str) -> None:
    with pytest.raises(FlowInvalid, match=r"rules\.yml.*'a yes'"):
        ExactReplies.from_flows(flows_with(tmp_path, rules))


def test_two_rules_for_the_same_answer_are_refused(tmp_path: Path) -> None:
    first = RULE % ("", "utter_thank")
    both = first[:-1] + ", " + first.removeprefix("rules: [").replace("a yes", "another yes")
    with pytest.raises(FlowInvalid, match="both answer affirm"):
        ExactReplies.from_flows(flows_with(tmp_path, both))


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FlowInvalid):
        ExactReplies.from_flows(flows_with(tmp_path, "rules: ["))
