"""Days of the week as a text says them: "every day", "on Mon, Wed, Fri", "bob dydd". Pure."""

from collections.abc import Sequence

from babel.dates import get_day_names

from hub.rhythm import WEEKDAYS

_EVERY = {"en": "every day", "cy": "bob dydd"}
_ON = {"en": "on", "cy": "ar"}


def days_in_words(weekdays: Sequence[str], language: str = "en") -> str:
    known = language if language in _EVERY else "en"
    if len(set(weekdays)) == len(WEEKDAYS):
        return _EVERY[known]
    names = get_day_names("abbreviated", locale=known)
    return f"{_ON[known]} {', '.join(names[WEEKDAYS.index(day)] for day in WEEKDAYS if day in weekdays)}"
