"""Whose yes is needed at which age, in England and Wales. Pure: knows dates only.

- Under 10 nobody is criminally responsible (Children and Young Persons Act 1933, section 50, as amended in 1963), so
  diversion is not for them: they are not taken, and the referrer is told whom to turn to.
- 10 to 15: who looks after them agrees first, then they themselves. A child who understands fully what is proposed can
  decide alone (Gillick v West Norfolk and Wisbech AHA [1986] AC 112): a worker judges that, never the hub.
- 16 and 17: their own yes (Family Law Reform Act 1969, section 8, says so of treatment; the Mental Capacity Act 2005
  presumes capacity from 16). Who looks after them is told only if they wish.
- 18 and more: their own yes, where the agency takes adults.

An age is reached at the beginning of the birthday (Family Law Reform Act 1969, section 9). Somebody born on 29 February
has it on 1 March in other years: they are never taken for older than they are.
"""

from datetime import date
from enum import StrEnum

from hub.ages import ADULT

YOUNG, GUARDIAN = "young", "guardian"
FIRST_TAKEN, DECIDES_ALONE = 10, 16
OLDEST = 120  # years; more is a slip of the pen


class Band(StrEnum):
    UNDER_10 = "under_10"
    CHILD = "10_15"
    YOUNG = "16_17"
    ADULT = "18_up"


def age_on(born: date, day: date) -> int:
    """Full years on that day; below nought for somebody who is not born yet."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def band_on(born: date, day: date) -> Band:
    age = age_on(born, day)
    if age < FIRST_TAKEN:
        return Band.UNDER_10
    if age < DECIDES_ALONE:
        return Band.CHILD
    return Band.YOUNG if age < ADULT else Band.ADULT


def needed(band: Band) -> tuple[str, ...]:
    """Whose yes, in the order in which they are asked."""
    if band is Band.UNDER_10:
        return ()
    return (GUARDIAN, YOUNG) if band is Band.CHILD else (YOUNG,)
