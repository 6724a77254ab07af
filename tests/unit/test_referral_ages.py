"""Whose yes is needed at which age: over birth dates and days, with leap days and birthdays among them."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.ages import adult_from
from hub.referrals.ages import GUARDIAN, YOUNG, Band, age_on, band_on, needed

BORN = st.dates(date(1990, 1, 1), date(2030, 12, 31))
DAYS = st.integers(0, 40 * 366)


def birthday(born: date, age: int) -> date:
    """In years without a 29 February: 1 March, never a day too early."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


@given(BORN, st.integers(0, 40))
@example(date(2008, 2, 29), 10)
@example(date(2008, 2, 29), 16)
@example(date(2008, 2, 29), 18)
@example(date(2012, 12, 31), 10)
def test_an_age_is_reached_with_the_birthday_and_not_the_day_before(born: date, age: int) -> None:
    day = birthday(born, age)
    assert age_on(born, day) == age
    assert age_on(born, day - timedelta(days=1)) == age - 1


@given(BORN, DAYS)
@example(date(2016, 2, 29), 10 * 365 + 2)
def test_nobody_is_taken_for_older_than_they_are(born: date, days: int) -> None:
    """Under 10 nobody is asked; from 10 to 15 a guardian comes first; their own yes is needed at every age."""
    day = born + timedelta(days=days)
    band = band_on(born, day)
    order = needed(band)
    assert (order == ()) == (day < birthday(born, 10))
    assert (GUARDIAN in order) == (birthday(born, 10) <= day < birthday(born, 16))
    assert (band is Band.ADULT) == (day >= birthday(born, 18))
    assert not order or order[-1] == YOUNG


@given(BORN, DAYS, DAYS)
def test_growing_older_never_needs_more_of_others(born: date, first: int, later: int) -> None:
    one, other = sorted((first, later))
    bands = [list(Band).index(band_on(born, born + timedelta(days=days))) for days in (one, other)]
    assert bands == sorted(bands)


@given(BORN)
@example(date(2008, 2, 29))
@example(date(2009, 12, 31))
def test_from_the_first_of_the_month_after_it_somebody_is_18_for_certain(born: date) -> None:
    from_then = adult_from(born)
    assert from_then.day == 1
    assert age_on(born, from_then) >= 18
    assert (from_then - birthday(born, 18)).days <= 31
    assert age_on(born, from_then - timedelta(days=32)) < 18


@pytest.mark.parametrize(
    ("born", "day", "band"),
    [
        (date(2016, 3, 3), date(2026, 3, 2), Band.UNDER_10),
        (date(2016, 3, 2), date(2026, 3, 2), Band.CHILD),
        (date(2010, 3, 3), date(2026, 3, 2), Band.CHILD),
        (date(2010, 3, 2), date(2026, 3, 2), Band.YOUNG),
        (date(2008, 3, 3), date(2026, 3, 2), Band.YOUNG),
        (date(2008, 3, 2), date(2026, 3, 2), Band.ADULT),
        (date(2008, 2, 29), date(2026, 2, 28), Band.YOUNG),
        (date(2008, 2, 29), date(2026, 3, 1), Band.ADULT),
    ],
)
def test_on_the_day(born: date, day: date, band: Band) -> None:
    assert band_on(born, day) is band
