"""The reading age of a text: a hint that grows with the length of words and sentences."""

import pytest

from hub.reading_age import reading_age


def test_short_words_in_short_sentences_are_for_children() -> None:
    assert reading_age("The cat sat on the mat. It was fat.") == 5


def test_the_formula_is_the_published_one() -> None:
    # 12 words, 1 sentence, 24 syllables: 0.39 × 12 + 11.8 × 2 − 15.59 = 12.69, so grade 13 and age 18.
    assert reading_age("paper lemon tiger robin silver metal candy happy ticket basket window garden.") == 18


@pytest.mark.parametrize(("easy", "hard"), [("We will help you.", "We will provide assistance immediately.")])
def test_longer_words_need_older_readers(easy: str, hard: str) -> None:
    assert (reading_age(easy) or 0) < (reading_age(hard) or 0)


def test_a_fact_counts_as_one_short_word() -> None:
    assert reading_age("You see {with_whom} on {when}.") == reading_age("You see Sam on Sam.")


def test_there_is_no_number_for_other_languages_and_for_nothing() -> None:
    assert reading_age("Diolch yn fawr.", "cy") is None
    assert reading_age("123.") is None
