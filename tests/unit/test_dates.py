"""Days and times as people write them."""

from datetime import date, datetime, time, timedelta

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
    "move my thurs to fri at 3": (date(2026, 3, 6), time(15)),
    "cant do thurs 2pm can u do weds bout 10 in the mornin": (date(2026, 3, 4), time(10)),
    "cant make tomorrow, thursday 3": (date(2026, 3, 5), time(15)),
    "not 2 but 4 thurs": (date(2026, 3, 5), time(16)),
    "2 kids and no childcare so thurs 2pm": (date(2026, 3, 5), time(14)),
    "good morning can i do 3 on fri": (date(2026, 3, 6), time(15)),
    "i missed it last tuesday, can i come friday 11am": (date(2026, 3, 6), time(11)),
    "three o'clock on the twenty first": (date(2026, 3, 21), time(15)),
    "half ten thurs": (date(2026, 3, 5), time(10, 30)),
    "hanner awr wedi dau dydd Iau": (date(2026, 3, 5), time(14, 30)),
    "w czwartek o 10": (date(2026, 3, 5), time(10)),
    "joi la 10": (date(2026, 3, 5), time(10)),
    "kal subah 10 baje": (date(2026, 3, 3), time(10)),
    "8 in the evening friday": (date(2026, 3, 6), time(20)),
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


SEVERAL_DAYS = {
    "mon or weds": ["2026-03-04", "2026-03-09"],
    "mon tues n weds": ["2026-03-03", "2026-03-04", "2026-03-09"],
    "5th or 6th march": ["2026-03-05", "2026-03-06"],
    "nxt wk sumtime": ["2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"],
    "wythnos nesa": ["2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"],
    "early next week": ["2026-03-09", "2026-03-10"],
    "end of next week": ["2026-03-12", "2026-03-13"],
    "end of the month": [f"2026-03-{day}" for day in range(25, 32)],
    "this weekend": ["2026-03-07", "2026-03-08"],
    "weds to fri": ["2026-03-04", "2026-03-05", "2026-03-06"],
    "by thurs": ["2026-03-03", "2026-03-04", "2026-03-05"],
    "before thurs": ["2026-03-03", "2026-03-04"],
    "a thursday next month": ["2026-04-02", "2026-04-09", "2026-04-16", "2026-04-23", "2026-04-30"],
    "cant do thurs, how about next thurs": ["2026-03-12"],
    "tues 24": ["2026-03-24"],
    "tues next wk": ["2026-03-10"],
}


@pytest.mark.parametrize(("words", "days"), SEVERAL_DAYS.items())
def test_several_days_stay_several(words: str, days: list[str]) -> None:
    wish = understand(words, MONDAY)
    assert wish is not None
    assert [day.isoformat() for day in wish.days] == days
    assert wish.exact is None


def test_two_clock_times_stay_two() -> None:
    wish = understand("fri 3 or 4", MONDAY)
    assert wish is not None
    assert wish.exact is None
    assert [c for c in (time(14), time(15), time(16)) if wish.allows(date(2026, 3, 6), c)] == [time(15), time(16)]


def test_a_number_that_is_the_date_too_is_no_clear_time() -> None:
    assert understand("thurs 5", MONDAY) == Wish(days=(date(2026, 3, 5),))
    assert understand("thurs 4", MONDAY) == Wish(days=(date(2026, 3, 5),), at=time(16))


HOURS = {
    "between 2 and 4": (time(14), time(16)),
    "2-4": (time(14), time(16)),
    "10am-12": (time(10), time(12)),
    "10 to 4": (time(10), time(16)),  # or ten minutes to four: offered, not taken
    "rhwng 2 a 4": (time(14), time(16)),
    "not before 10": (time(10), None),
    "no later than 3": (None, time(15)),
    "2pm onwards": (time(14), None),
    "after 9.30 but before 12": (time(9, 30), time(12)),
    "i finish work at 3": (time(15), None),
    "after school run": (time(9, 15), None),
    "after i drop the kids off": (time(9, 15), None),
    "b4 the school run": (None, time(14, 45)),
    "after school": (time(15, 30), None),
    "dinner time": (time(12), time(14)),
    "teatime": (time(16), time(18, 30)),
    "first thing": (time(0), time(10)),
    "no mornings": (time(12), None),
    "cant do afternoons": (None, time(12)),
    "prynhawn": (time(12), time(17)),
}


@pytest.mark.parametrize(("words", "hours"), HOURS.items())
def test_hours_have_their_bounds(words: str, hours: tuple[time | None, time | None]) -> None:
    assert understand(words, MONDAY) == Wish(earliest=hours[0], latest=hours[1])


WITHOUT = {
    "weekends only": {0, 1, 2, 3, 4},
    "any weekday": {5, 6},
    "mondays or tuesdays": {2, 3, 4, 5, 6},
    "unrhyw ddiwrnod ond dydd Gwener": {4},
    "not mon or weds": {0, 2},
    "fri is no good": {4},
    "im working thurs n fri": {3, 4},
    "cant do monday morning": {0},
}


@pytest.mark.parametrize(("words", "weekdays"), WITHOUT.items())
def test_weekdays_that_do_not_suit_are_ruled_out(words: str, weekdays: set[int]) -> None:
    assert understand(words, MONDAY) == Wish(without=frozenset(weekdays))


def test_a_day_that_does_not_suit_is_not_a_wish() -> None:
    assert understand("cant do today", MONDAY) == Wish(not_on=frozenset({MONDAY}))
    assert understand("cant do 3pm", MONDAY) is None


APPOINTMENT = datetime.combine(date(2026, 3, 10), time(14))  # a Tuesday
AROUND = {
    "the day before": Wish(days=(date(2026, 3, 9),)),
    "day after the appointment": Wish(days=(date(2026, 3, 11),)),
    "same time thursday": Wish(days=(date(2026, 3, 5),), at=time(14)),
    "an hour later": Wish(days=(date(2026, 3, 10),), at=time(15)),
    "half an hour earlier": Wish(days=(date(2026, 3, 10),), at=time(13, 30)),
    "later that day": Wish(days=(date(2026, 3, 10),), earliest=time(14)),
    "a week later": Wish(days=(date(2026, 3, 17),)),
    "tues to thurs": Wish(days=(date(2026, 3, 5),)),
}


@pytest.mark.parametrize(("words", "meant"), AROUND.items())
def test_words_around_the_appointment_count_from_it(words: str, meant: Wish) -> None:
    assert understand(words, MONDAY, APPOINTMENT) == meant


def test_without_an_appointment_the_day_before_says_nothing() -> None:
    assert understand("the day before", MONDAY) is None
    assert understand("an hour later", MONDAY) is None


@pytest.mark.parametrize(
    "words",
    [
        "i have 2 kids",
        "my first appointment",
        "i may be late",
        "peer mentor",
        "i missed it last tuesday",
        "20 mins late",
        "5-3",
    ],
)
def test_what_only_sounds_like_a_day_or_a_time_is_none(words: str) -> None:
    assert understand(words, MONDAY) is None


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
    assert understand_day("last friday", MONDAY) == date(2026, 2, 27)
    assert understand_day("yesterday", MONDAY) == date(2026, 3, 1)
    assert understand_day("last week", MONDAY) is None


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
