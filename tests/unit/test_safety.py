"""Words of danger are found however they are written; idioms, denials and stories are not."""

import sys
from pathlib import Path
from types import FrameType

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import FlowInvalid
from hub.reasons import SAFETY_REASONS
from hub.safety import Hit, SafetyWords
from hub.yaml_file import read_yaml
from tests.unit import safety_cries, safety_history, safety_near_misses
from tests.world import our_flows

FLOWS = Path(__file__).parents[2] / "flows"
WORDS = our_flows().safety
CRIES = safety_cries.rows()


@pytest.mark.parametrize(("kind", "text"), CRIES)
def test_a_cry_for_help_is_heard(kind: str, text: str) -> None:
    assert kind in WORDS.match(text)


@pytest.mark.parametrize(("text", "kind"), safety_cries.ELSEWHERE.items())
def test_a_cry_for_help_is_heard_in_other_languages(text: str, kind: str) -> None:
    assert kind in WORDS.match(text)


@pytest.mark.parametrize("text", [*safety_near_misses.rows(), *safety_history.WITHOUT_SEQUEL])
def test_no_danger_is_seen_where_there_is_none(text: str) -> None:
    assert WORDS.hits(text) == ()


def test_the_tables_are_large_enough_to_mean_something() -> None:
    assert len(CRIES) >= 150
    assert len(safety_near_misses.rows()) >= 200
    assert {kind for kind, _ in CRIES} == SAFETY_REASONS


@pytest.mark.parametrize(
    "text",
    [
        "cant promise i wont kill myself",
        "i wont kill myself yet",
        "not suicidal but i want to die",
        "no hes got a knife",
    ],
)
def test_a_denial_that_leaves_a_doubt_is_heard(text: str) -> None:
    assert WORDS.match(text)


def test_a_denial_of_something_else_denies_nothing() -> None:
    assert WORDS.match("i dont know what to do he hits me") == ("domestic_abuse",)
    assert WORDS.match("nobody knows he hits me") == ("domestic_abuse",)


def test_a_film_does_not_hide_what_the_writer_says_of_themselves() -> None:
    assert WORDS.match("was watching a film and i just want to die") == ("crisis_self",)


@pytest.mark.parametrize("text", safety_history.PAST)
def test_a_question_about_the_past_is_no_cry(text: str) -> None:
    assert WORDS.hits(text) == ()


@pytest.mark.parametrize("text", safety_history.STILL)
def test_the_past_hides_nothing_that_goes_on(text: str) -> None:
    assert WORDS.match(text)


@pytest.mark.parametrize(("kind", "text"), safety_history.SEQUELS)
def test_what_is_no_cry_by_itself_is_one_with_its_sequel(kind: str, text: str) -> None:
    assert kind in WORDS.match(text)


def test_the_past_of_another_sentence_hides_nothing() -> None:
    assert WORDS.match("he followed me home. my trial was in 2019")
    assert not WORDS.match("he followed me home in 2019. is there a trial")


@pytest.mark.parametrize("text", ["grandad's choking", "grandads collapsed", "me nans not breathing"])
def test_who_is_meant_is_read_with_an_s_behind(text: str) -> None:
    assert WORDS.match(text) == ("medical_emergency",)


def test_what_somebody_else_said_today_is_heard() -> None:
    assert WORDS.match("my mate says hes going to kill himself tonight") == ("crisis_self",)


def test_a_hit_says_which_kind_why_and_which_words() -> None:
    assert WORDS.hits("Cant come, HES OUTSIDE my flat") == (Hit("danger_now", "is_at_the_door", "HES OUTSIDE", 11, 22),)


def test_a_reason_is_a_code_of_the_file_and_never_words_of_a_person() -> None:
    content = read_yaml(FLOWS / "safety" / "words.yml")
    known = {reason for reasons in content["kinds"].values() for reason in reasons}
    assert {hit.reason for _, text in CRIES for hit in WORDS.hits(text)} <= known


def test_the_gravest_comes_first() -> None:
    assert WORDS.match("he hits me and now hes outside my door") == ("danger_now", "domestic_abuse")


def test_every_kind_has_words_and_no_other_is_known() -> None:
    assert set(WORDS.kinds) == SAFETY_REASONS


@pytest.mark.parametrize("text", ["i want a diet", "she has a strange voice", "heat is off", "what a cheese"])
def test_a_real_word_is_no_misspelling_of_a_graver_one(text: str) -> None:
    assert WORDS.match(text) == ()


@pytest.mark.parametrize(
    "text", ["sucidal", "suicidall", "suiicdal", "my bofyriend hit me", "need an ambulence", "hes stranglng me"]
)
def test_a_slip_of_the_finger_hides_nothing(text: str) -> None:
    assert WORDS.match(text)


@given(st.sampled_from(CRIES), st.sampled_from(["please ", "hi ", "sorry ", "hello mate ", "omg "]))
def test_a_courtesy_before_hides_nothing(cry: tuple[str, str], courtesy: str) -> None:
    assert cry[0] in WORDS.match(courtesy + cry[1])


@given(st.sampled_from(CRIES), st.sampled_from([" please", " thanks", " sorry", " x", " pls", ", thank you"]))
def test_a_courtesy_after_hides_nothing(cry: tuple[str, str], courtesy: str) -> None:
    assert cry[0] in WORDS.match(cry[1] + courtesy)


@given(st.sampled_from(CRIES))
def test_capitals_hide_nothing(cry: tuple[str, str]) -> None:
    assert cry[0] in WORDS.match(cry[1].upper())


@given(st.sampled_from(CRIES), st.data())
def test_a_letter_held_down_hides_nothing(cry: tuple[str, str], data: st.DataObject) -> None:
    kind, text = cry
    letters = [i for i, letter in enumerate(text) if letter.isalpha()]
    at = data.draw(st.sampled_from(letters))
    assert kind in WORDS.match(text[: at + 1] + text[at] * data.draw(st.integers(1, 4)) + text[at + 1 :])


@given(st.sampled_from(CRIES), st.text("!?., ", max_size=5))
def test_missing_and_needless_punctuation_hides_nothing(cry: tuple[str, str], noise: str) -> None:
    kind, text = cry
    assert kind in WORDS.match(noise + text + noise)
    assert kind in WORDS.match("".join(letter for letter in text if letter not in ".,!?'’"))


@given(st.text(max_size=500))
def test_no_text_breaks_the_search(text: str) -> None:
    WORDS.match(text)
    WORDS.is_plea(text)


@pytest.mark.parametrize("word", ["he ", "i want to ", "take all my ", "my husband is going to ", "not ", "a", "é "])
def test_the_work_grows_with_the_text_and_not_faster(word: str) -> None:
    short, long = (calls_for((word * 1000)[:length]) for length in (500, 1000))

    assert long <= short * 2.5 + 1000
    assert long < 1_000_000


def calls_for(text: str) -> int:
    """Function calls made while matching: the same on every machine."""
    calls = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        WORDS.match(text)
    finally:
        sys.setprofile(None)
    return calls


def test_a_plea_is_heard_without_a_word_of_danger() -> None:
    assert WORDS.is_plea("nobody ever listens to me")
    assert not WORDS.is_plea("the room was too small")


def test_a_kind_without_its_place_in_the_order_is_refused(tmp_path: Path) -> None:
    (tmp_path / "safety").mkdir()
    (tmp_path / "safety" / "words.yml").write_text("{order: [a], kinds: {b: {}}, idioms: {}, short: {}, pleas: {}}")
    with pytest.raises(FlowInvalid, match="same kinds"):
        SafetyWords.from_flows(tmp_path)


@pytest.mark.parametrize("written", ["<nobody_knows> hit me", "(he) hit me", "hit me *", "* hit"])
def test_a_pattern_that_cannot_mean_anything_is_refused(tmp_path: Path, written: str) -> None:
    content = read_yaml(FLOWS / "safety" / "words.yml")
    content["kinds"]["domestic_abuse"]["is_hit_by_someone_close"]["en"] = [written]
    (tmp_path / "safety").mkdir()
    (tmp_path / "safety" / "words.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(FlowInvalid):
        SafetyWords.from_flows(tmp_path)
