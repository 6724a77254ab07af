"""Words of danger are found however they are written; idioms and clear denials are not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import FlowInvalid
from hub.escalations import SAFETY_REASONS
from hub.safety import SafetyWords

FLOWS = Path(__file__).parents[2] / "flows"
WORDS = SafetyWords.from_flows(FLOWS)

CRIES = {
    "kms": "crisis_self",
    "i wana diiiie": "crisis_self",
    "cba 2 live": "crisis_self",
    "I DON’T WANT TO BE HERE ANYMORE": "crisis_self",
    "i dont want to die": "crisis_self",
    "dwi isio marw": "crisis_self",
    "chcę umrzeć": "crisis_self",
    "مرنا چاہتا ہوں": "crisis_self",
    "ਖੁਦਕੁਸ਼ੀ": "crisis_self",
    "vreau să mor": "crisis_self",
    "cant come my ex is outside": "danger_now",
    "hes got a big knife": "danger_now",
    "need an ambulance!!": "medical_emergency",
    "He hit my daughter": "harm_to_child",
    "I'll kill him": "threat_to_others",
    "my boyfriend hit me": "domestic_abuse",
}


@pytest.mark.parametrize(("text", "kind"), CRIES.items())
def test_a_cry_for_help_is_heard(text: str, kind: str) -> None:
    assert kind in WORDS.match(text)


@pytest.mark.parametrize(
    "text",
    [
        "dying to see you",
        "this bus is killing me",
        "my phones dying",
        "could murder a pint",
        "im not suicidal",
        "i wont kill myself",
        "cant make 2moro kids ill",
        "STOP",
        "yes ill be there",
        "",
    ],
)
def test_idioms_and_clear_denials_are_no_cry(text: str) -> None:
    assert WORDS.match(text) == ()


@pytest.mark.parametrize(
    "text", ["cant promise i wont kill myself", "i wont kill myself yet", "not suicidal but i want to die"]
)
def test_a_denial_that_leaves_a_doubt_is_heard(text: str) -> None:
    assert WORDS.match(text)


def test_the_gravest_comes_first() -> None:
    assert WORDS.match("he hits me and now hes outside my door") == ("danger_now", "domestic_abuse")


def test_every_kind_has_words_and_no_other_is_known() -> None:
    assert set(WORDS.kinds) == SAFETY_REASONS


@given(
    st.sampled_from(["want to die", "kill myself", "hes got a knife"]),
    st.text("!?., ", max_size=5),
    st.integers(1, 4),
)
def test_capitals_punctuation_and_long_letters_hide_nothing(phrase: str, noise: str, times: int) -> None:
    written = phrase.upper().replace("I", "I" * times)
    assert WORDS.match(f"please {noise} {written}{noise}")


@given(st.text(max_size=500))
def test_no_text_breaks_the_search(text: str) -> None:
    WORDS.match(text)
    WORDS.is_plea(text)


def test_a_plea_is_heard_without_a_word_of_danger() -> None:
    assert WORDS.is_plea("nobody ever listens to me")
    assert not WORDS.is_plea("the room was too small")


def test_a_kind_without_its_place_in_the_order_is_refused(tmp_path: Path) -> None:
    (tmp_path / "safety").mkdir()
    (tmp_path / "safety" / "words.yml").write_text("{order: [a], kinds: {b: {}}, idioms: {}, short: {}, pleas: {}}")
    with pytest.raises(FlowInvalid, match="same kinds"):
        SafetyWords.from_flows(tmp_path)
