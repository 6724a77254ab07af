"""Days and times as people write them."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.dates import Wish, understand, understand_day

MONDAY = date(2026, 3, 2)
DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORT_NAMES = ("mon", "tues", "weds", "thurs", "fri", "sat", "sun")

EXACT = {
    "thursday 2pm": (date(2026, 3, 5), time(14)),
    "Thurs half 2": (date(2026, 3, 5), time(14, 30)),
    "half past two thurs": (date(2026, 3, 5), time(14, 30)),
    "quarter to four on friday": (date(2026, 3, 6), time(15, 45)),
    "2moro at 10": (date(2026, 3, 3), time(10)),
    "2 o'clock tmrw": (date(2026, 3, 3), time(14)),
    "5th march, 9.30am": (date(2026, 3, 5), time(9, 30)),
    "10/3 at 2.30": (date(2026, 3, 10), time(14, 30)),
    "the 12th at 10": (date(2026, 3, 12), time(10)),
    "day after tomorrow noon": (date(2026, 3, 4), time(12)),
    "monday week 3pm": (date(2026, 3, 16), time(15)),
    "dydd Iau 2pm": (date(2026, 3, 5), time(14)),
    "14:30 fri": (date(2026, 3, 6), time(14, 30)),
}


@pytest.mark.parametrize(("words", "meant"), EXACT.items())
def test_a_day_and_a_time_are_understood(words: str, meant: tuple[date, time]) -> None:
    wish = understand(words, MONDAY)
    assert wish is not None
    assert wish.exact == meant


@pytest.mark.parametrize("words", ["hello", "yes", "may be", "my kids are ill", "", "31/2", "🙂"])
def test_a_text_without_a_day_or_a_time_is_none(words: str) -> None:
    assert understand(words, MONDAY) is None


def test_next_tuesday_can_mean_two_days_and_stays_two() -> None:
    wish = understand("next tuesday", MONDAY)
    assert wish is not None
    assert wish.days == (date(2026, 3, 3), date(2026, 3, 10))
    assert wish.exact is None


def test_a_part_of_the_day_narrows_the_hours() -> None:
    wish = understand("thurs arvo", MONDAY)
    assert wish is not None
    assert wish.allows(date(2026, 3, 5), time(14))
    assert not wish.allows(date(2026, 3, 5), time(9))
    assert not wish.allows(date(2026, 3, 6), time(14))


@pytest.mark.parametrize("words", ["any day but fri", "not friday", "cant do fridays", "anytime except friday"])
def test_a_day_that_is_ruled_out_is_left_out(words: str) -> None:
    wish = understand(words, MONDAY)
    assert wish is not None
    assert not wish.allows(date(2026, 3, 6), time(10))
    assert wish.allows(date(2026, 3, 5), time(10))


@pytest.mark.parametrize(("words", "yes", "no"), [("after 3", time(15), time(14, 30)), ("b4 12", time(11), time(12))])
def test_limits_are_kept(words: str, yes: time, no: time) -> None:
    wish = understand(words, MONDAY)
    assert wish is not None
    assert wish.allows(MONDAY, yes)
    assert not wish.allows(MONDAY, no)


def test_a_bare_hour_is_in_the_daytime() -> None:
    assert understand("at 3", MONDAY) == Wish(at=time(15))
    assert understand("at 9", MONDAY) == Wish(at=time(9))


def test_being_somewhere_is_no_time_of_day() -> None:
    wish = understand("i am free tomorrow", MONDAY)
    assert wish is not None
    assert wish.earliest is None


def test_a_date_for_an_answer_has_to_be_one_day() -> None:
    assert understand_day("5 March", MONDAY) == date(2026, 3, 5)
    assert understand_day("tues or weds", MONDAY) is None


days_ahead = st.integers(min_value=1, max_value=300).map(lambda n: MONDAY + timedelta(days=n))
minutes_of_day = st.integers(min_value=8 * 4, max_value=18 * 4 - 1).map(lambda n: time(n // 4, n % 4 * 15))


@given(day=days_ahead, clock=minutes_of_day)
def test_what_we_write_out_in_full_is_read_back(day: date, clock: time) -> None:
    half = "am" if clock.hour < 12 else "pm"
    words = f"{day.day} {day:%B} at {clock.hour % 12 or 12}:{clock.minute:02}{half}"
    wish = understand(words, MONDAY)
    assert wish is not None
    assert wish.exact == (day, clock)


@given(
    ahead=st.integers(min_value=1, max_value=7),
    short=st.booleans(),
    hour=st.integers(min_value=8, max_value=18),
)
def test_a_weekday_is_the_coming_one(ahead: int, short: bool, hour: int) -> None:
    day = MONDAY + timedelta(days=ahead)
    name = (SHORT_NAMES if short else DAY_NAMES)[day.weekday()]
    wish = understand(f"{name} {hour}:00", MONDAY)
    assert wish is not None
    assert wish.exact == (day, time(hour))


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(words: str) -> None:
    understand(words, MONDAY)
