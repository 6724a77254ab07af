"""Whether somebody is under 18. Kept is one day a month, never a date of birth; no day means an adult, or not known."""

from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from hub.store.tables import Person
from hub.times import local

ADULT = 18


def adult_from(born: date) -> date:
    """The first of the month after the 18th birthday: from then on they surely are, and it tells no birthday."""
    birthday = born + relativedelta(years=ADULT)  # of 29 February: 28 February
    return (birthday.replace(day=1) + timedelta(days=31)).replace(day=1)


def is_minor(person: Person, now: datetime) -> bool:
    """By the agency's own calendar."""
    return person.adult_from is not None and local(now, person.agency.time_zone).date() < person.adult_from
