"""A meaning becomes the intent that the assistant should have read, in the context of that text."""

import pytest
import yaml

from hub.candidates import Candidate, as_training_data, intent_for
from hub.flows import Flows
from hub.ports import Turn
from hub.words import Awaiting, Role
from tests.world import MONDAY


@pytest.mark.parametrize(
    ("meant", "awaiting", "intent"),
    [
        ("cannot_attend", Awaiting.NOTHING, "cannot_attend"),
        ("crisis_self", Awaiting.SURVEY_TEXT, "crisis_self"),
        ("answer_yes", Awaiting.SURVEY_YES_NO, "affirm"),
        ("answer_no", Awaiting.CHECK_IN_HELP, "deny"),
        ("skip_question", Awaiting.SURVEY_RATING, "skip"),
        ("pause_survey", Awaiting.SURVEY_CHOICE, "pause"),
        ("answer_yes", Awaiting.NOTHING, None),  # nothing was asked
        ("answer_rating", Awaiting.SURVEY_RATING, None),  # a number is read, not learned
        ("answer_text", Awaiting.SURVEY_TEXT, None),  # any words at all
    ],
)
def test_a_meaning_leads_back_to_its_intent(flows: Flows, meant: str, awaiting: Awaiting, intent: str | None) -> None:
    found = intent_for(flows.exact, meant, Turn("1", "", awaiting, Role.SUPERVISED, "en"))
    assert found == intent


def candidate(text: str, intent: str = "affirm", language: str = "en") -> Candidate:
    return Candidate(1, MONDAY, language, Awaiting.NOTHING, ("greet",), "answer_yes", intent, text, "")


def test_the_file_is_training_data_with_each_text_once() -> None:
    texts = ["yes: it's #1 - ok", "- yeah", "yeah", "yeah", '"quoted" & *starred*']
    content = yaml.safe_load(as_training_data([*map(candidate, texts), candidate("oes", language="cy")]))
    assert [block["intent"] for block in content["nlu"]] == ["affirm", "affirm"]
    assert content["nlu"][0]["examples"] == "- oes\n"
    assert content["nlu"][1]["examples"].splitlines() == [f"- {text}" for text in dict.fromkeys(texts)]


def test_a_file_without_examples_is_still_training_data() -> None:
    assert yaml.safe_load(as_training_data([])) == {"version": "3.1", "nlu": []}
