"""Which right is asked for by its number, and what is no such text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.right_words import number_in


@pytest.mark.parametrize(
    "said", ["RIGHTS 7", "right 7", "Right no 7", "rights number 7!", "hawl 7", "Hawliau rhif 7", "my right 7"]
)
def test_a_right_is_asked_for_as_people_write_it(said: str) -> None:
    assert number_in(said) == 7


@pytest.mark.parametrize(
    "said", ["7", "rights", "all right 7pm", "right turn 7", "7 rights", "rights 777", "right 7 and 8"]
)
def test_other_texts_with_a_seven_are_none(said: str) -> None:
    assert number_in(said) is None


@given(st.integers(0, 99), st.sampled_from(["rights {}", "RIGHT  {}", "hawl {}.", "Hawliau {}"]))
def test_every_number_comes_out_as_it_was_written(number: int, form: str) -> None:
    assert number_in(form.format(number)) == number


@given(st.text(max_size=40))
def test_whatever_comes_is_a_small_number_or_nothing(said: str) -> None:
    found = number_in(said)
    assert found is None or 0 <= found <= 99
