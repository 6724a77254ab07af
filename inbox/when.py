"""Until when something is put aside: an hour, tomorrow, a day of one's own, or until they write. Reads a form."""

import re
from datetime import date, datetime, time, timedelta

from starlette.datastructures import FormData

from hub.store.tables import Agency
from hub.times import at_local, local

LATER = {
    "hour": "In one hour",
    "tomorrow": "Tomorrow morning",
    "week": "In one week",
    "date": "On a day that I choose",
    "reply": "When they write to us",
}
FARTHEST = timedelta(days=366)
_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?(am|pm)?")


class NotADay(ValueError):
    """What to tell whoever filled the form in."""


def until_of(form: FormData, agency: Agency, now: datetime) -> datetime | None:
    """None: until they write. Raises `NotADay`."""
    later, zone = str(form.get("later", "")), agency.time_zone
    if later == "hour":
        return now + timedelta(hours=1)
    if later == "reply":
        return None
    today = local(now, zone).date()
    days = {"tomorrow": 1, "week": 7}.get(later)
    if days:
        return at_local(today + timedelta(days=days), agency.open_from, zone)
    if later != "date":
        raise NotADay("Select until when.")
    day = read_day(form)
    if not today < day <= today + FARTHEST:
        raise NotADay("Enter a day after today, and within a year.")
    return at_local(day, agency.open_from, zone)


def read_day(form: FormData, name: str = "until") -> date:
    """Three fields, as GOV.UK asks for a date. Raises `NotADay`."""
    parts = [str(form.get(f"{name}-{part}", "")).strip() for part in ("day", "month", "year")]
    try:
        day, month, year = (int(part) for part in parts)
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        raise NotADay("Enter a day, such as 24 3 2026.") from None


def read_time(typed: str) -> time:
    """ "8am", "5:30pm", "17:30", "17". Raises `NotADay`."""
    found = _TIME.fullmatch(typed.strip().lower().replace(".", ":").replace(" ", ""))
    if not found:
        raise NotADay("Enter a time, such as 8am or 17:30.")
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        raise NotADay("Enter a time, such as 8am or 17:30.")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise NotADay("Enter a time, such as 8am or 17:30.")
    return time(hour, minute)
