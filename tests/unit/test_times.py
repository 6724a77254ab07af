"""Times as people read them, and instants across both clock changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.clock import FixedClock
from hub.times import at_local, in_window, local, next_in_window, say_when

LONDON = "Europe/London"
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
CLOCKS = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@pytest.mark.parametrize(
    ("moment", "language", "words"),
    [
        (datetime(2026, 3, 3, 14, tzinfo=UTC), "en", "Tue 3 March at 2pm"),
        (datetime(2026, 3, 3, 9, 30, tzinfo=UTC), "en", "Tue 3 March at 9:30am"),
        (datetime(2026, 3, 3, 12, tzinfo=UTC), "en", "Tue 3 March at midday"),
        (datetime(2026, 7, 1, 13, tzinfo=UTC), "en", "Wed 1 July at 2pm"),  # summer time
        (datetime(2026, 3, 3, 14, tzinfo=UTC), "cy", "Maw 3 Mawrth am 2pm"),
    ],
)
def test_says_day_before_time_in_the_local_clock(moment: datetime, language: str, words: str) -> None:
    assert say_when(moment, LONDON, language) == words


def test_a_time_that_spring_leaves_out_moves_forward() -> None:
    assert at_local(date(2026, 3, 29), time(1, 30), LONDON) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert local(at_local(date(2026, 3, 29), time(1, 30), LONDON), LONDON).time() == time(2, 30)


def test_of_a_time_that_autumn_repeats_the_first_is_meant() -> None:
    assert at_local(date(2026, 10, 25), time(1, 30), LONDON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(MOMENTS, CLOCKS, CLOCKS)
def test_the_next_permitted_time_is_permitted_and_never_earlier(moment: datetime, start: time, end: time) -> None:
    found = next_in_window(moment, start, end, LONDON)
    assert moment <= found <= moment + timedelta(hours=50)  # a day whose window spring leaves out has none
    if start != end:
        assert in_window(found, start, end, LONDON)


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 30, 0, tzinfo=UTC)),  # spring leaves it out
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, tzinfo=UTC)),  # autumn: the first
        (datetime(2026, 10, 25, 0, 59, tzinfo=UTC), datetime(2026, 10, 25, 0, 59, tzinfo=UTC)),
    ],
)
def test_a_window_of_the_hour_that_the_clock_change_takes_or_repeats(moment: datetime, opening: datetime) -> None:
    assert next_in_window(moment, time(1), time(2), LONDON) == opening


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        FixedClock(datetime(2026, 3, 3))  # noqa: DTZ001
