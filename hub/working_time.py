"""Working hours and bank holidays of an agency. Pure; knows nothing of what is due."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays

from hub.store.tables import Agency
from hub.times import at_local, local


@lru_cache(maxsize=8)
def bank_holidays(subdivision: str) -> holidays.HolidayBase:
    """England, Wales, Scotland, Northern Ireland: "ENG", "WLS", "SCT", "NIR" of the `holidays` library."""
    return holidays.country_holidays("GB", subdiv=subdivision)


def is_working_day(day: date, subdivision: str) -> bool:
    return day.weekday() < 5 and day not in bank_holidays(subdivision)


def add_working_minutes(moment: datetime, minutes: int, agency: Agency) -> datetime:
    """The instant at which `minutes` of the agency's opening hours have passed since `moment`."""
    left, at = timedelta(minutes=minutes), moment
    while True:
        day = local(at, agency.time_zone).date()
        opening = at_local(day, agency.open_from, agency.time_zone)
        closing = at_local(day, agency.open_until, agency.time_zone)
        start = max(at, opening)
        if is_working_day(day, agency.holidays) and start < closing:
            if start + left <= closing:
                return start + left
            left -= closing - start
        at = at_local(day + timedelta(days=1), agency.open_from, agency.time_zone)


def add_working_days(day: date, days: int, subdivision: str) -> date:
    """Victims' Code deadlines: `days` working days after `day` (before it when negative), weekends and bank holidays
    left out.
    """
    step = timedelta(days=1 if days > 0 else -1)
    left = abs(days)
    while left > 0:
        day += step
        left -= is_working_day(day, subdivision)
    return day


def count_working_days(after: date, until: date, subdivision: str) -> int:
    """How many working days lie after `after`, up to and with `until`; below nought when `until` is the earlier."""
    if until < after:
        return -count_working_days(until, after, subdivision)
    days = (after + timedelta(days=number) for number in range(1, (until - after).days + 1))
    return sum(is_working_day(day, subdivision) for day in days)


def working_day_by(day: date, subdivision: str) -> date:
    """The day itself, or the last working day before it."""
    while not is_working_day(day, subdivision):
        day -= timedelta(days=1)
    return day


def end_of(day: date, zone: str) -> datetime:
    """The instant at which a local day is over, whether the clocks gave it 23, 24 or 25 hours."""
    return at_local(day + timedelta(days=1), time(0), zone)


def is_open(moment: datetime, agency: Agency) -> bool:
    """Whether a human answers now."""
    there = local(moment, agency.time_zone)
    return is_working_day(there.date(), agency.holidays) and agency.open_from <= there.time() < agency.open_until
