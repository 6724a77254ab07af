"""Every way of writing a day and a time is read back as the same day and time."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hub.dates import understand, understand_day
from hub.times import at_local, say_when
from tests.unit.date_styles import CLOCK_STYLES, DAY_STYLES, FRAMES

LONDON = "Europe/London"
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # the clocks change
TODAYS = st.sampled_from(
    [SPRING - timedelta(days=1), SPRING, AUTUMN - timedelta(days=2), AUTUMN, date(2026, 12, 31), date(2028, 2, 27)]
) | st.dates(date(2026, 1, 1), date(2030, 12, 31))
APPOINTMENT_FROM = datetime.combine(date(2026, 3, 20), time(9))  # the spring change lies between
APPOINTMENT_TO = datetime.combine(date(2026, 4, 5), time(17))
CLOCKS = st.integers(8 * 12, 18 * 12 + 11).map(lambda n: time(n // 12, n % 12 * 5))  # in the working day
NEAR_OR_FAR = st.integers(1, 21) | st.integers(1, 300)


@pytest.mark.parametrize("style", DAY_STYLES)
@settings(max_examples=25, deadline=None)
@given(data=st.data(), today=TODAYS)
def test_a_day_is_read_back_in_every_style(style: str, data: st.DataObject, today: date) -> None:
    ahead = [n for n in range(1, 301) if DAY_STYLES[style](today + timedelta(days=n), today)]
    day = today + timedelta(days=data.draw(st.sampled_from(ahead)))
    written = DAY_STYLES[style](day, today)
    assert written is not None
    wish = understand(f"can i do {written} pls", today)
    assert wish is not None, written
    assert wish.days == (day,), written


@pytest.mark.parametrize("style", CLOCK_STYLES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_time_is_read_back_in_every_style(style: str, data: st.DataObject) -> None:
    clocks = [c for n in range(8 * 12, 19 * 12) if CLOCK_STYLES[style](c := time(n // 12, n % 12 * 5))]
    clock = data.draw(st.sampled_from(clocks))
    written = CLOCK_STYLES[style](clock)
    assert written is not None
    wish = understand(f"Tuesday {written}", SPRING)
    assert wish is not None, written
    assert (wish.at, wish.or_at) == (clock, ()), written


@settings(max_examples=200, deadline=None)
@given(
    today=TODAYS,
    ahead=NEAR_OR_FAR,
    clock=CLOCKS,
    day_style=st.sampled_from(sorted(DAY_STYLES)),
    clock_style=st.sampled_from(sorted(CLOCK_STYLES)),
    frame=st.sampled_from(FRAMES),
)
def test_a_day_and_a_time_together_name_one_moment(
    today: date, ahead: int, clock: time, day_style: str, clock_style: str, frame: str
) -> None:
    day = today + timedelta(days=ahead)
    written_day, written_clock = DAY_STYLES[day_style](day, today), CLOCK_STYLES[clock_style](clock)
    assume(written_day and written_clock)
    # "am wyth March 29th" is in no one's language: the hour would be read as the day of March.
    assume(not (clock_style.startswith("am ") and day_style.startswith("March")))
    text = frame.format(day=written_day, clock=written_clock)
    wish = understand(text, today)
    assert wish is not None, text
    assert wish.exact == (day, clock), text
    there = at_local(*wish.exact, LONDON).astimezone(ZoneInfo(LONDON))
    assert (there.date(), there.time()) == (day, clock)


@settings(max_examples=100, deadline=None)
@given(today=TODAYS, ahead=st.integers(1, 300), clock=CLOCKS, language=st.sampled_from(["en", "cy"]))
def test_what_we_write_ourselves_is_read_back(today: date, ahead: int, clock: time, language: str) -> None:
    day = today + timedelta(days=ahead)
    text = say_when(at_local(day, clock, LONDON), LONDON, language)
    wish = understand(text, today)
    assert wish is not None, text
    assert wish.exact == (day, clock), text


@settings(max_examples=100, deadline=None)
@given(appointment=st.datetimes(APPOINTMENT_FROM, APPOINTMENT_TO), count=st.integers(1, 9))
def test_days_around_the_appointment_are_counted_from_it(appointment: datetime, count: int) -> None:
    today = date(2026, 3, 19)
    for words, days in (
        ("the day after the appointment", 1),
        ("day b4", -1),
        (f"{count} days later", count),
        (f"{count} days before my appt", -count),
        ("a week later", 7),
        ("same day", 0),
    ):
        wish = understand(words, today, appointment)
        assert wish is not None, words
        assert wish.days == (appointment.date() + timedelta(days=days),), words


@given(today=TODAYS, ahead=st.integers(1, 60))
def test_past_days_are_read_for_an_answer_to_when_was_it(today: date, ahead: int) -> None:
    day = today - timedelta(days=ahead)
    assert understand_day(f"{ahead} days ago", today) == day
    if ahead <= 7:
        assert understand_day(f"last {day:%A}", today) == day


PIECES = st.sampled_from(
    [
        "half",
        "quarter",
        "to",
        "past",
        "2",
        "31",
        "99",
        "tues",
        "thurs",
        "fri",
        "week",
        "month",
        "end",
        "of",
        "next",
        "not",
        "any",
        "but",
        "in",
        "days",
        "fortnight",
        "31/2",
        "0/0",
        "29",
        "feb",
        "24:00",
        "99:99",
        "after",
        "before",
        "between",
        "and",
        "wedi",
        "chwarter",
        "i",
        "dydd",
        "mawrth",
        "the",
        "32nd",
        "0th",
        "same",
        "time",
        "later",
        "day",
        "-",
        ".",
        ":",
        "/",
        "2026",
        "⭐",
    ]
)
ANY_TEXT = st.text(max_size=200) | st.lists(PIECES, max_size=25).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(text=ANY_TEXT, today=TODAYS)
def test_no_text_breaks_the_reading(text: str, today: date) -> None:
    appointment = datetime.combine(today + timedelta(days=3), time(14))
    for wish in (understand(text, today), understand(text, today, appointment)):
        assert wish is None or list(wish.days) == sorted(set(wish.days))
        assert wish is None or wish.or_at == () or wish.at is not None
    understand_day(text, today)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", ["make it in on to for the ", "thurs or fri and ", "half past ", "2 to ", "move my ", "1 2 3 "]
)
def test_no_repeated_words_make_the_reading_take_long(piece: str) -> None:
    understand("cant " + piece * 200, SPRING)
