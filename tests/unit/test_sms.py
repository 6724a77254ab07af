"""Counting as the network counts, held against `smsutil` as the oracle and against the standard's own figures."""

import pytest
import smsutil
from hypothesis import given
from hypothesis import strategies as st

from hub.sms import GSM_BASIC, GSM_EXTENSION, count, dear_characters, sanitise

GSM = st.text(alphabet=sorted(GSM_BASIC | GSM_EXTENSION), max_size=800)


@pytest.mark.parametrize(
    ("text", "encoding", "segments"),
    [
        ("", "GSM-7", 0),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        ("ŵ" * 70, "UCS-2", 1),  # one Welsh letter makes the whole message dear
        ("ŵ" * 71, "UCS-2", 2),
        ("a" * 134 + "ŷ", "UCS-2", 3),
        ("😀" * 35, "UCS-2", 1),
        ("😀" * 36, "UCS-2", 2),
    ],
)
def test_counts_parts_at_the_edges(text: str, encoding: str, segments: int) -> None:
    assert (count(text).encoding, count(text).segments) == (encoding, segments)


def test_an_extension_character_is_not_split_over_two_parts() -> None:
    # 152 + 1 extension character does not fit into 153 septets: the part stays one short.
    text = "a" * 152 + "€" + "a" * 151
    assert count(text).units == 305
    assert count(text).segments == 2
    assert count(text + "a").segments == 3  # a plain division of 306 by 153 would say 2


@given(GSM)
def test_agrees_with_the_oracle_on_gsm_texts(text: str) -> None:
    if text:
        assert count(text).segments == len(smsutil.split(text).parts)


@given(st.text(max_size=300))
def test_what_is_left_always_fits(text: str) -> None:
    found = count(text)
    filler = "a" if found.encoding == "GSM-7" else "ŵ"
    assert count(text + filler * found.left).segments == max(found.segments, 1 if found.left else 0)


@given(st.text(max_size=300))
def test_sanitising_twice_changes_nothing_more(text: str) -> None:
    assert sanitise(sanitise(text)) == sanitise(text)


def test_typographic_characters_do_not_make_a_message_dear() -> None:
    assert count(sanitise("It’s “fine” – really…")).encoding == "GSM-7"


def test_welsh_letters_stay_and_are_named_as_the_cost() -> None:
    assert sanitise("dŵr a tŷ") == "dŵr a tŷ"
    assert dear_characters("dŵr a tŷ a dŵr") == ["ŵ", "ŷ"]


def test_control_characters_are_dropped() -> None:
    assert sanitise("a\x00b\x07c\nd") == "abc\nd"
