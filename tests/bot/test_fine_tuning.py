"""The encoder that is taught and the one that is used are one; what it learns is kept small and put back whole."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from integrations.assistant.process import bot_python, rasa_environment

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One teaching of eight texts, in the assistant's environment, which the tests have not."""
    probe, folder = Path(__file__).with_name("fine_tuning_probe.py"), tmp_path_factory.mktemp("taught")
    done = subprocess.run(
        [str(bot_python(ROOT)), str(probe), str(folder)],
        env=rasa_environment(ROOT),
        capture_output=True,
        text=True,
        check=True,
    )
    content: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return content


def test_the_network_that_is_taught_is_the_graph_that_is_used(found: dict[str, Any]) -> None:
    """Eight bits against whole numbers: 0.98 and more; another wiring would be far off."""
    assert found["nearest_cosine"] > 0.97


def test_texts_with_the_same_words_are_told_apart(found: dict[str, Any]) -> None:
    assert found["told_apart"] == 8


def test_what_was_learned_is_put_back(found: dict[str, Any]) -> None:
    """In 15 steps a number: a fiftieth of the change is lost, as it was on all examples."""
    assert found["kept_of_change"] > 0.95


def test_a_head_that_is_kept_names_its_intents_in_the_order_of_its_scores(found: dict[str, Any]) -> None:
    assert found["intents_of_head"] == ["crisis_self", "thank"]


def test_some_texts_have_slips_and_most_have_none(found: dict[str, Any]) -> None:
    with_slips = [text for text in found["slips"] if text != "can i come on thursday"]
    assert 4 < len(with_slips) < 25
    assert all(abs(len(text) - len("can i come on thursday")) <= 2 for text in with_slips)


def test_some_texts_have_others_beside_them(found: dict[str, Any]) -> None:
    lengths = [len(text.split()) for text, _ in found["joined"]]
    assert 40 < sum(length > 5 for length in lengths) < 130  # of 400; the longest example has five words
    assert max(lengths) > 16


def test_a_cry_stays_one_beside_whatever_else_is_said_and_nothing_becomes_one(found: dict[str, Any]) -> None:
    cries = ("i want to be dead", "im killing myself", "i am dying inside", "i could murder him")
    for text, intent in found["joined"]:
        assert sum(text.count(cry) for cry in cries) == (intent == "crisis_self"), text


def test_small_talk_beside_a_matter_becomes_the_matter(found: dict[str, Any]) -> None:
    assert {intent for text, intent in found["small_talk"] if "where" in text} == {"ask_where"}
    assert {text for text, intent in found["small_talk"] if intent == "acknowledge"} == {"ok"}
