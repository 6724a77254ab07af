"""The second reader is asked where the first is in doubt or hears a cry, and both count."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from integrations.assistant import second_reader
from integrations.assistant.process import bot_python, rasa_environment

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    second_reader.make(ROOT)
    probe = Path(__file__).with_name("second_reader_probe.py")
    done = subprocess.run(
        [str(bot_python(ROOT)), str(probe)], env=rasa_environment(ROOT), capture_output=True, text=True, check=True
    )
    content: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return content


def test_it_is_asked_only_where_the_first_is_in_doubt_or_hears_a_cry(found: dict[str, Any]) -> None:
    assert found["asked"] == ["in doubt", "perhaps a cry", "surely a cry", "a whole, and"]


def test_both_count(found: dict[str, Any]) -> None:
    """The second says "thank" each time: enough where the first wavers, not where it is sure of a cry."""
    assert found["read"] == {
        "sure": "praise",
        "in doubt": "thank",
        "perhaps a cry": "thank",
        "surely a cry": "crisis_self",
        "in doubt, in Welsh": "praise",
        "a whole, and": "thank",
        "a clause": "praise",
    }


def test_an_intent_it_was_never_taught_keeps_its_confidence(found: dict[str, Any]) -> None:
    for said in found["shares"].values():
        assert said["new_intent"] == pytest.approx(0.5)
        assert sum(said.values()) == pytest.approx(1)


def test_its_share_is_what_its_word_counts(found: dict[str, Any]) -> None:
    shares = found["shares"]
    assert shares["0.0"]["thank"] == pytest.approx(0.2)
    assert shares["1.0"]["thank"] == pytest.approx(0.5 * 0.8)
    # The geometric means are 0.4 for "thank" and 0.245 for "praise".
    assert shares["0.5"]["thank"] == pytest.approx(0.5 * 0.4 / (0.4 + 0.3**0.5 * 0.2**0.5))


def test_the_network_that_is_taught_is_the_graph_that_is_used(found: dict[str, Any]) -> None:
    """Eight bits against whole numbers; another wiring would be far off."""
    assert found["nearest_cosine"] > 0.93


def test_texts_of_one_length_are_read_as_if_each_were_alone(found: dict[str, Any]) -> None:
    assert found["alone_and_together"] < 0.05  # eight bits are shared out anew for each run
    assert found["sums"] == pytest.approx([1, 1, 1, 1])
