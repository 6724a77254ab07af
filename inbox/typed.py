"""What people type into forms, read kindly: days, times, numbers. None: it cannot be read.

Knows no page.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time

from starlette.datastructures import FormData

_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*([ap])?\.?m?\.?", re.IGNORECASE)
LONGEST = 500  # characters of one field


def fields(form: FormData) -> Mapping[str, str]:
    """The text fields of a form, without spaces round them, each cut at the longest that makes sense."""
    return {name: value.strip()[:LONGEST] for name, value in form.items() if isinstance(value, str)}


def day(text: str) -> date | None:
    """2026-03-24, as browsers send it, or 24/03/2026, as people write it."""
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d %m %Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    return None


def clock(text: str) -> time | None:
    """14:30, 2.30pm, 2pm; not "9", which could be two times."""
    found = _TIME.fullmatch(text.strip())
    if found is None or (found[2] is None and found[3] is None):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[3].lower() == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def number(text: str, low: int, high: int) -> int | None:
    """A whole number from `low` to `high`."""
    return int(text) if text.isascii() and text.isdigit() and low <= int(text) <= high else None
