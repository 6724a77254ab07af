"""Back, not yet, or nothing that anybody should guess at."""

import pytest

from hub.return_words import says

BACK = [
    "im back",
    "I'm home",
    "home now",
    "Just got in!",
    "yes im home now",
    "Back.",
    "in",
    "ive just got home safe thanks",
]
BACK_IN_WELSH = ["adref", "ydw dwi adre", "dwi'n ôl", "rydw i yn ol nawr"]
NOT_YET = [
    "not yet",
    "On my way",
    "nearly there",
    "in 10 mins",
    "no im at work",
    "bus is late",
    "im not back yet",
    "soon",
]
NOT_YET_IN_WELSH = ["dim eto", "ar y ffordd"]
NOBODY_CAN_TELL = [
    "im back at work",
    "home is a mess",
    "my back hurts",
    "im not going home",
    "who is this",
    "at my mums",
    "im home but he is here",
    "be back later maybe",
    "",
]


@pytest.mark.parametrize("text", BACK + BACK_IN_WELSH)
def test_back(text: str) -> None:
    assert says(text) is True


@pytest.mark.parametrize("text", NOT_YET + NOT_YET_IN_WELSH)
def test_not_yet(text: str) -> None:
    assert says(text) is False


@pytest.mark.parametrize("text", NOBODY_CAN_TELL)
def test_what_says_more_is_not_guessed_at(text: str) -> None:
    assert says(text) is None
