"""On which days, and when on the clock, something that repeats by the week is asked. Pure; knows no table.

A day of the rhythm stays that day when it is a bank holiday; what is asked on it is asked on the next working day, when
somebody is there to read a low answer.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from hub.repeats import Repeats
from hub.times import at_local
from hub.working_time import bank_holidays, is_working_day

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def every_weeks(weeks: int, first_on: date, after: date, until: date) -> Sequence[date]:
    """Every so many weeks from `first_on` on: those after `after`, up to `until`."""
    return Repeats(f"FREQ=WEEKLY;INTERVAL={weeks}").days(first_on, after, until)


def on_weekdays(weekdays: Collection[str], first_on: date, after: date, until: date) -> Sequence[date]:
    """On these days of each week."""
    if not weekdays:
        return []
    days = ",".join(day for day in WEEKDAYS if day in weekdays)
    return Repeats(f"FREQ=WEEKLY;BYDAY={days}").days(first_on, after, until)


def moments_on(
    weekdays: Collection[str], first_on: date, after: date, until: date, clock: time, zone: str
) -> dict[date, datetime]:
    """The same, with the moment of each on that zone's wall."""
    return {day: at_local(day, clock, zone) for day in on_weekdays(weekdays, first_on, after, until)}


def first_of(weekday: int, earliest: date) -> date:
    """The first such day of the week, 0 being Monday, from `earliest` on."""
    return earliest + timedelta(days=(weekday - earliest.weekday()) % 7)


def when_somebody_reads(day: date, clock: time, zone: str, subdivision: str) -> datetime:
    """The moment on the wall: a bank holiday waits for the next working day."""
    if day in bank_holidays(subdivision):
        while not is_working_day(day, subdivision):
            day += timedelta(days=1)
    return at_local(day, clock, zone)
