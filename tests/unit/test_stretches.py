"""A long text: read to its end, and not taken for a cry for its length."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handrail_bot.stretches import AGAIN, CERTAIN, CLEAR, READ_WHOLE, WHOLE, stretches, with_clauses, with_stretches


@given(st.integers(0, 400))
def test_every_word_is_read_in_its_order(count: int) -> None:
    words = [f"w{number}" for number in range(count)]
    found = [stretch.split() for stretch in stretches(" ".join(words))]
    if count <= READ_WHOLE:
        assert found == []
        return
    assert all(len(stretch) <= READ_WHOLE for stretch in found)
    assert found[0] + [word for stretch in found[1:] for word in stretch[AGAIN:]] == words


@given(st.integers(READ_WHOLE + 1, 400), st.data())
def test_no_sentence_as_short_as_what_is_read_again_is_ever_cut(count: int, data: st.DataObject) -> None:
    words = [f"w{number}" for number in range(count)]
    at = data.draw(st.integers(0, count - AGAIN))
    sentence = " ".join(words[at : at + AGAIN])
    assert any(f"{sentence} " in f"{stretch} " for stretch in stretches(" ".join(words)))


def parsed(name: str, confidence: float, *others: tuple[str, float]) -> dict[str, Any]:
    ranking = [{"name": each, "confidence": sure} for each, sure in ((name, confidence), *others)]
    return {"intent": ranking[0], "intent_ranking": ranking, "entities": [{"entity": "day", "value": "friday"}]}


CRIES = {"crisis_self", "danger_now", "domestic_abuse"}
THANKS = parsed("thank", 0.8, ("crisis_self", 0.1))


def led_by(whole: dict[str, Any], *read: dict[str, Any]) -> str:
    found = with_stretches(whole, read, CRIES)
    assert found["intent_ranking"][0] == found["intent"]
    assert {intent["name"] for intent in whole["intent_ranking"]} <= {i["name"] for i in found["intent_ranking"]}
    assert found["entities"] == whole["entities"]
    return str(found["intent"]["name"])


def test_a_cry_that_a_stretch_says_clearly_stands() -> None:
    whole = parsed("crisis_self", WHOLE, ("thank", 0.2))
    assert led_by(whole, THANKS, parsed("danger_now", CLEAR)) == "crisis_self"


def test_a_cry_that_no_stretch_says_was_the_length() -> None:
    whole = parsed("crisis_self", 0.5, ("domestic_abuse", 0.2), ("thank", 0.2))
    assert led_by(whole, THANKS, parsed("crisis_self", CLEAR - 0.01)) == "thank"
    assert led_by(parsed("crisis_self", WHOLE - 0.01, ("thank", 0.2)), parsed("crisis_self", CLEAR)) == "thank"


def test_a_certain_cry_in_one_stretch_needs_no_other() -> None:
    assert led_by(THANKS, THANKS, parsed("danger_now", CERTAIN), THANKS) == "danger_now"
    assert led_by(THANKS, parsed("danger_now", CERTAIN - 0.01)) == "thank"


def test_with_nothing_else_in_it_a_cry_stays_one() -> None:
    assert led_by(parsed("crisis_self", 0.4), THANKS) == "crisis_self"


@pytest.mark.parametrize(("sure", "stands"), [(CERTAIN, "domestic_abuse"), (CERTAIN - 0.01, "thank"), (CLEAR, "thank")])
def test_a_cry_that_a_plain_matter_drowns_stands_when_its_clause_is_certain(sure: float, stands: str) -> None:
    clauses = [parsed("thank", 0.99), parsed("domestic_abuse", sure)]
    assert with_clauses(THANKS, clauses, CRIES)["intent"]["name"] == stands


def test_a_clause_takes_no_cry_from_the_whole() -> None:
    whole = parsed("crisis_self", 0.2, ("thank", 0.1))
    assert with_clauses(whole, [parsed("thank", 0.99), parsed("domestic_abuse", 0.99)], CRIES) == whole
