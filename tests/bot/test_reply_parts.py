"""Numbers, codes and times inside longer texts, in every way that people write them."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.handrail_bot.number_first import number_first
from bot.handrail_bot.ratings import number_in
from bot.handrail_bot.spoken_codes import code_in
from bot.handrail_bot.time_spans import time_in

NUMBER_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

RATING_STYLES = (
    "{n}",
    "{n}!!",
    "bout a {n}",
    "about {n} i think",
    "a solid {n}",
    "id say {n} tbh",
    "I'd give it a {n}",
    "prob a {n}",
    "{n} out of 10",
    "{n} out of ten",
    "{n}/10",
    "{n} / 10",
    "{n} outta 10 m8",
    "{n} stars",
    "{n} star service",
    "{w}",
    "{w} stars",
    "{w} out of ten",
    "its a {w} from me",
    "had 2 kids screaming, id say a {n}",
    "not a 3 more like a {n}",
    "{n}/10 would do again",
)


@given(number=st.integers(0, 10), style=st.sampled_from(RATING_STYLES))
def test_a_rating_is_read_back_in_every_style(number: int, style: str) -> None:
    assert number_in(style.format(n=number, w=NUMBER_WORDS[number])) == str(number)


@given(number=st.integers(1, 5), star=st.sampled_from("⭐🌟★"))
def test_stars_are_counted(number: int, star: str) -> None:
    assert number_in(star * number) == str(number)
    assert number_in(f"{number}/5 {star}") == str(number)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4️⃣", "4"),
        ("🔟", "10"),
        ("⭐️⭐️⭐️", "3"),
        ("the second one", "2"),
        ("2nd", "2"),
        ("wyth allan o 10", "8"),
        ("pedwar", "4"),
    ],
)
def test_other_ways_of_writing_a_number(text: str, number: str) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    "text",
    [
        *(
            "👍",
            "👍👍👍",
            "10000/10",
            "11/10",
            "8 out of 5",
            "110%",
            "3 or 4",
            "between 7 and 8",
            "3.5",
            "4 and a half",
        ),
        *(
            "at 3pm",
            "3:30",
            "£5",
            "-1",
            "full marks",
            "in 2 weeks",
            "2 kids",
            "",
            "ten out of a hundred",
            "4/5/2026",
            "3-4",
        ),
    ],
)
def test_what_is_no_one_number_is_refused(text: str) -> None:
    assert number_in(text) is None


CODE_STYLES = (
    "{code}",
    "{lower}",
    "code is {code}",
    "code's {lower}",
    "the code’s {lower} ta",
    "codes {lower}",
    "im here its {code}",
    "Code: {code}.",
    "{spaced}",
    "code is {spaced}",
    "its {dashed}",
    "the code on the wall is {spoken}",
    "{spoken}",
    "i got a {spaced}",
)
codes = st.text("BCDFGHJKLMNPQRSTVWXYZ23456789", min_size=4, max_size=8).filter(
    lambda c: sum(d.isdecimal() for d in c) >= 2
)


@given(code=codes, style=st.sampled_from(CODE_STYLES))
def test_a_code_is_read_back_in_every_style(code: str, style: str) -> None:
    assume(code_in(code) is not None)  # "40HRS" could be a code, but is taken for a length of time
    spoken = " ".join(NUMBER_WORDS[int(c)] if c.isdecimal() else c.lower() for c in code)
    written = style.format(
        code=code, lower=code.lower(), spaced=" ".join(code.lower()), dashed="-".join(code), spoken=spoken
    )
    assert code_in(written) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("five five one two", "5512"),
        ("double five one two", "5512"),
        ("four oh seven one", "4071"),
        ("4 4 7 1", "4471"),
        ("code's mn83", "MN83"),
        ("code is 44 71", "4471"),
        ("code 482 913", "482913"),
        ("code says mn 83", "MN83"),
        ("at the centre, 4471", "4471"),
        ("code is 4471 at 3pm", "4471"),
    ],
)
def test_a_spoken_or_grouped_code_is_put_together(text: str, code: str) -> None:
    assert code_in(text) == code


@pytest.mark.parametrize(
    "text",
    [
        *("gr8 m8", "10:30", "10am", "12th", "30mins", "1430hrs", "£1500", "07700 900123", "+447700900123", "CF10 3AT"),
        *("5 march 2026", "10000/10", "2moro at 3", "one or two", "i have a 2", "see you at 4", "10/03/2026", ""),
    ],
)
def test_what_only_looks_like_a_code_is_none(text: str) -> None:
    assert code_in(text) is None


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("can i do nxt tues about 3 pls", "nxt tues about 3"),
        ("thurs arvo is good", "thurs arvo"),
        ("half 2 suits me", "half 2"),
        ("nxt wk sumtime", "nxt wk"),
        ("bout 10 in the mornin", "bout 10 in the mornin"),
        ("could do it after school run", "after school run"),
        ("1430hrs ok?", "1430hrs"),
        ("a week on tues please", "a week on tues"),
        ("bore dydd Iau os gwelwch", "bore dydd Iau"),
        ("hanner awr wedi dau", "hanner awr wedi dau"),
        ("w czwartek prosze", "czwartek"),
        ("the day before would be better", "the day before"),
        ("between 2 and 4", "between 2 and 4"),
        ("end of the month", "end of the month"),
    ],
)
def test_the_words_of_time_are_found_as_written(text: str, span: str) -> None:
    assert time_in(text) == span


@given(st.text(max_size=200) | st.text("0123456789 /.-:abtphms⭐👍£", max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    number, code = number_in(text), code_in(text)
    time_in(text)
    assert number is None or 0 <= int(number) <= 10
    assert code is None or (4 <= len(code) <= 8 and code.isalnum())


@given(
    number=st.integers(0, 10),
    style=st.sampled_from(
        ("{n}, its the landlord", "{w}. shocking", "{n} - dont ask", "option {n} the one about money")
    ),
)
def test_a_number_that_comes_first_is_the_answer_and_the_rest_says_why(number: int, style: str) -> None:
    found = number_first(style.format(n=number, w=NUMBER_WORDS[number]), "survey_rating")
    assert found is not None
    assert found[0] == str(number)
    assert found[1] in style


@pytest.mark.parametrize("text", ["2 kids ill", "two, no, make it three", "9 out of 10. brilliant", "3.30 then", "7"])
def test_a_number_among_words_is_left_to_the_assistant(text: str) -> None:
    assert number_first(text, "survey_rating") is None


def test_a_number_comes_first_only_where_an_answer_is_counted() -> None:
    assert number_first("2, im outside", "appointment_confirmation") is None
