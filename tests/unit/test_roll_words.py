"""What providers answer to "who came?"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.roll_words import MOST, away


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0", set()),
        ("All came", set()),
        ("pawb", set()),
        ("2", {2}),
        ("1 3", {1, 3}),
        ("1,3", {1, 3}),
        ("1 and 2", {1, 2}),
        ("nobody came", {1, 2, 3}),
    ],
)
def test_it_is_understood(text: str, numbers: set[int]) -> None:
    assert away(text, 3) == numbers


@pytest.mark.parametrize("text", ["", "4", "0 1", "all but 2", "sam came late", "07700 900101", "at 2 there were 3"])
def test_what_could_mean_something_else_is_not_guessed_at(text: str) -> None:
    assert away(text, 3) is None


@given(st.sets(st.integers(1, MOST), min_size=1), st.sampled_from([" ", ", ", ",", " and ", " & "]))
def test_any_list_of_numbers_is_read_whole(numbers: set[int], between: str) -> None:
    assert away(between.join(map(str, sorted(numbers))), MOST) == numbers
