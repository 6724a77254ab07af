"""What is a code and what is none, whose name is meant, and from which day on somebody is no longer under 18."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from hub.ages import adult_from
from hub.threads import codes, reading
from hub.threads.checks import _same

CODES = st.from_regex(r"[0-9]{8}", fullmatch=True)
GAPS = st.sampled_from(["", " ", "-", " - ", "  ", "–", "."])
BEFORE = st.sampled_from(["JOIN ", "join: ", "Join", "ymuno ", "YMUNO  ", "hi join ", "hello, JOIN "])
AFTER = st.sampled_from(["", ".", " ", " thanks", "!", " please x"])


@given(CODES, GAPS, BEFORE, AFTER)
def test_a_code_behind_join_is_read_however_it_is_typed(code: str, gap: str, before: str, after: str) -> None:
    assert reading.code_in(f"{before}{code[:4]}{gap}{code[4:]}{after}", alone=False) == code


@given(CODES, GAPS, st.sampled_from(["", ".", " ", "!"]))
def test_eight_digits_alone_are_a_code(code: str, gap: str, after: str) -> None:
    assert reading.code_in(f"{code[:4]}{gap}{code[4:]}{after}") == code
    assert reading.code_in(f"{code[:4]}{gap}{code[4:]}{after}", alone=False) == ""


@given(CODES)
def test_a_code_as_it_is_shown_is_read(code: str) -> None:
    assert reading.code_in(codes.shown(code)) == code


@given(st.text())
def test_whatever_is_written_a_code_has_eight_digits_or_is_none(text: str) -> None:
    found = reading.code_in(text)
    assert found == "" or (len(found) == codes.DIGITS and found.isascii() and found.isdecimal())


@given(st.from_regex(r"[0-9]{1,7}|[0-9]{9,14}", fullmatch=True))
def test_more_or_fewer_digits_are_no_code(digits: str) -> None:
    assert reading.code_in(digits) == ""
    assert reading.code_in(f"JOIN {digits}") == ""


@pytest.mark.parametrize(
    "text",
    [
        "12-03-2026",
        "12 03 2026",
        "2026-03-12",
        "12.3.2026",
        "my number is 07700 900123",
        "0300 000 0000",
        "1",
        "482913",
        "case 48217730 is mine",
        "join me at 10:30 on 12/03/2026",
        "join us",
        "",
    ],
)
def test_a_date_a_phone_number_and_a_sentence_are_no_code(text: str) -> None:
    assert reading.code_in(text) == ""


def test_digits_of_another_script_are_read() -> None:
    assert reading.code_in("JOIN ۴۸۲۱ ۷۷۳۰") == "48217730"
    assert reading.code_in("JOIN ４８２１７７３０") == "48217730"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("jo", "Jo"),
        ("JO HART", "Jo Hart"),
        ("my mum", "Mum"),
        ("it's Jo", "Jo"),
        ("Siân O'Neil", "Siân O'Neil"),
        ("Anne-Marie", "Anne-Marie"),
        ("07700 900123", ""),
        ("Jo 07700 900123", ""),
        ("can I tell you tomorrow please", ""),
        ("me", ""),
        ("{agency}", ""),
    ],
)
def test_a_name_is_a_name_and_never_a_number(text: str, name: str) -> None:
    assert reading.name_in(text) == name


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("REMOVE JO", "Jo"),
        ("tynnu jo", "Jo"),
        ("remove everybody", "everybody"),
        ("remove", ""),
        ("remove me from this list", ""),
        ("remove me", ""),
        ("please remove the appointment", ""),
    ],
)
def test_who_is_to_go(text: str, whom: str) -> None:
    assert reading.to_remove(text) == whom


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Jo Hart", "hart, jo", True),
        ("Jo", "Jo Hart", True),
        ("Jo Hart", "Jo", True),
        ("Jo Hart", "Jo Lane", False),
        ("Hart", "Jo Hart", False),
        ("", "Jo", False),
    ],
)
def test_names_are_compared_by_as_much_as_is_known_of_both(one: str, other: str, same: bool) -> None:
    assert _same(one, other) is same


@given(st.dates(date(1920, 1, 1), date(2060, 1, 1)))
def test_adult_from_is_the_first_of_a_month_soon_after_the_birthday(born: date) -> None:
    day, birthday = adult_from(born), born + relativedelta(years=18)
    assert day.day == 1
    assert birthday < day <= birthday + timedelta(days=31)


@given(st.dates(date(1920, 1, 1), date(2060, 1, 1)), st.integers(0, 400))
def test_who_is_older_is_no_later_an_adult(born: date, days: int) -> None:
    assert adult_from(born) <= adult_from(born + timedelta(days=days))


@pytest.mark.parametrize(
    ("born", "adult"),
    [
        (date(2008, 2, 29), date(2026, 3, 1)),
        (date(2008, 3, 1), date(2026, 4, 1)),
        (date(2008, 12, 31), date(2027, 1, 1)),
        (date(2008, 1, 31), date(2026, 2, 1)),
    ],
)
def test_it_tells_no_birthday(born: date, adult: date) -> None:
    assert adult_from(born) == adult
