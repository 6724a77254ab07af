"""A rhythm holds over clock changes and bank holidays: on the wall it is always the same time."""

from datetime import date, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hub.rhythm import WEEKDAYS, every_weeks, first_of, on_weekdays, when_somebody_reads
from hub.times import at_local, local
from hub.working_time import bank_holidays, is_working_day

ZONE = "Europe/London"
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
CLOCKS = st.times(time(8), time(19, 59)).map(lambda clock: clock.replace(second=0, microsecond=0))
NATIONS = st.sampled_from(["ENG", "WLS", "SCT", "NIR"])


@given(DAYS, st.integers(0, 4), st.sampled_from([1, 2, 4, 8]), CLOCKS, NATIONS)
def test_each_is_asked_at_its_time_on_a_day_when_somebody_reads_it(
    earliest: date, weekday: int, weeks: int, clock: time, nation: str
) -> None:
    first = first_of(weekday, earliest)
    days = every_weeks(weeks, first, first - timedelta(days=1), first + timedelta(weeks=60))
    assert days[0] == first
    assert {after - before for before, after in pairwise(days)} <= {timedelta(weeks=weeks)}
    moments = [when_somebody_reads(day, clock, ZONE, nation) for day in days]
    assert moments == sorted(set(moments)), "two in one moment, or out of order"
    for day, moment in zip(days, moments, strict=True):
        there = local(moment, ZONE)
        assert there.time() == clock
        assert is_working_day(there.date(), nation)
        assert there.date() == day or day in bank_holidays(nation)


@given(DAYS, st.sets(st.sampled_from(WEEKDAYS), min_size=1), st.times())
def test_evenings_are_the_days_that_were_chosen_and_no_other(first: date, chosen: set[str], clock: time) -> None:
    until = first + timedelta(weeks=30)
    days = on_weekdays(chosen, first, first - timedelta(days=1), until)
    every = [first + timedelta(days=ahead) for ahead in range((until - first).days + 1)]
    assert days == [day for day in every if WEEKDAYS[day.weekday()] in chosen]
    assert len({at_local(day, clock, ZONE) for day in days}) == len(days)


@given(DAYS, st.integers(1, 40))
def test_what_was_made_in_parts_is_what_was_made_at_once(first: date, step: int) -> None:
    """The horizon rolls: nothing is left out and nothing made twice at its edge."""
    last = first + timedelta(days=200)
    at_once = every_weeks(2, first, first - timedelta(days=1), last)
    in_parts, after = [], first - timedelta(days=1)
    while after < last:
        until = min(after + timedelta(days=step), last)
        in_parts += every_weeks(2, first, after, until)
        after = until
    assert in_parts == at_once


def test_easter_monday_waits_for_tuesday() -> None:
    there = local(when_somebody_reads(date(2026, 4, 6), time(11), ZONE, "ENG"), ZONE)
    assert (there.date(), there.time()) == (date(2026, 4, 7), time(11))
