"""Promises in working days, over every day, bank holiday and clock change of three years.

Counted here by other means than Handrail's: a calendar typed by hand, and the positions of days in a list.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.working_time import add_working_days, bank_holidays, count_working_days, end_of, is_working_day, working_day_by
from tests.unit.bank_holidays import BANK_HOLIDAYS, ZONES, easter

NATIONS = sorted(BANK_HOLIDAYS)
YEARS = (2025, 2026, 2027)
DAYS = [date(2025, 1, 1) + timedelta(days=number) for number in range(3 * 365)]
LAST_COUNTED = date(2027, 12, 20)  # five working days on from later ones lie in 2028, which nobody has typed
LATER = st.dates(date(2025, 1, 1), date(2035, 12, 31))
# The last Sundays of March and October, as the Summer Time Order has them.
CLOCKS_FORWARD = (date(2025, 3, 30), date(2026, 3, 29), date(2027, 3, 28))
CLOCKS_BACK = (date(2025, 10, 26), date(2026, 10, 25), date(2027, 10, 31))


def worked(nation: str) -> Sequence[date]:
    """Every working day of the three years, in order, by the typed calendar."""
    return [day for day in DAYS if day.isoweekday() < 6 and day not in BANK_HOLIDAYS[nation]]


@pytest.mark.parametrize("nation", NATIONS)
def test_the_library_knows_the_bank_holidays_of_gov_uk(nation: str) -> None:
    known = {day for day in DAYS if day.isoweekday() < 6 and day in bank_holidays(nation)}
    assert known == BANK_HOLIDAYS[nation]


@pytest.mark.parametrize("nation", NATIONS)
@pytest.mark.parametrize("year", YEARS)
def test_the_typed_calendar_moves_with_easter(nation: str, year: int) -> None:
    sunday = easter(year)
    assert sunday - timedelta(days=2) in BANK_HOLIDAYS[nation]
    assert (sunday + timedelta(days=1) in BANK_HOLIDAYS[nation]) == (nation != "SCT")
    assert all(day.isoweekday() < 6 for day in BANK_HOLIDAYS[nation]), "a substitute day stands for a weekend"


@pytest.mark.parametrize("promise", [1, 5])
@pytest.mark.parametrize("nation", NATIONS)
def test_a_promise_from_every_day_of_three_years(nation: str, promise: int) -> None:
    working = worked(nation)
    for day in DAYS[: DAYS.index(LAST_COUNTED)]:
        due = working[bisect_right(working, day) + promise - 1]
        assert add_working_days(day, promise, nation) == due, day
        assert count_working_days(day, due, nation) == promise, day


@pytest.mark.parametrize("nation", NATIONS)
def test_the_last_working_day_by_every_day_of_three_years(nation: str) -> None:
    working = worked(nation)
    for day in DAYS[1:]:
        assert working_day_by(day, nation) == working[max(bisect_right(working, day) - 1, 0)] or day < working[0]


@pytest.mark.parametrize("nation", NATIONS)
def test_a_day_ends_when_the_wall_says_so_on_every_day_of_three_years(nation: str) -> None:
    zone = ZoneInfo(ZONES[nation])
    for day in DAYS:
        over = end_of(day, ZONES[nation])
        assert (over - timedelta(microseconds=1)).astimezone(zone).date() == day
        assert over.astimezone(zone).date() == day + timedelta(days=1)


@pytest.mark.parametrize("nation", NATIONS)
@pytest.mark.parametrize(
    ("changes", "hours"), [(CLOCKS_FORWARD, 23), (CLOCKS_BACK, 25)], ids=["clocks forward", "clocks back"]
)
def test_the_day_of_a_clock_change_is_as_long_as_it_is(nation: str, changes: Sequence[date], hours: int) -> None:
    for day in changes:
        length = end_of(day, ZONES[nation]) - end_of(day - timedelta(days=1), ZONES[nation])
        assert length == timedelta(hours=hours)


def test_what_is_due_after_a_clock_change_ends_at_the_new_midnight() -> None:
    """Known on the Friday, due on the Monday: midnight in summer time is 11pm by Greenwich."""
    monday = add_working_days(date(2026, 3, 27), 1, "ENG")
    assert end_of(monday, "Europe/London") == datetime(2026, 3, 30, 23, tzinfo=UTC)
    monday = add_working_days(date(2026, 10, 23), 1, "ENG")
    assert end_of(monday, "Europe/London") == datetime(2026, 10, 27, tzinfo=UTC)


@given(LATER, st.integers(-30, 30).filter(bool), st.sampled_from(NATIONS))
def test_counting_on_never_lands_on_a_day_off(day: date, days: int, nation: str) -> None:
    landed = add_working_days(day, days, nation)
    assert is_working_day(landed, nation)
    assert (landed > day) == (days > 0)


@given(LATER, LATER, st.integers(1, 30), st.sampled_from(NATIONS))
def test_what_is_known_later_is_never_due_earlier(one: date, other: date, days: int, nation: str) -> None:
    first, second = sorted((one, other))
    assert add_working_days(first, days, nation) <= add_working_days(second, days, nation)
    assert add_working_days(first, days, nation) < add_working_days(first, days + 1, nation)


@given(LATER, st.integers(0, 60), st.sampled_from(NATIONS))
def test_counting_is_the_way_back_of_adding(day: date, days: int, nation: str) -> None:
    assert count_working_days(day, add_working_days(day, days, nation), nation) == days
    assert count_working_days(add_working_days(day, days, nation), day, nation) == -days
