"""Appointments as an iCalendar file (RFC 5545). Times stand in the agency's zone, which the file explains itself.

Knows nothing of who asks.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from hub.reading.calendar import Entry


def calendar(entries: Sequence[Entry], name: str, public_url: str, now: datetime) -> bytes:
    """`public_url`: where each entry's own page is, and the second half of each UID."""
    made = Calendar()
    made.add("prodid", "-//Handrail//Appointments//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for entry in entries:
        made.add_component(_event(entry, public_url, now))
    made.add_missing_timezones()
    content: bytes = made.to_ical()
    return content


def _event(entry: Entry, public_url: str, now: datetime) -> Event:
    starts = entry.starts_at.astimezone(ZoneInfo(entry.zone))
    # The end is counted on the world's clock: a talk that the clocks change under is no hour longer.
    ends = (entry.starts_at + timedelta(minutes=entry.minutes)).astimezone(ZoneInfo(entry.zone))
    event = Event()
    event.add("uid", f"{entry.ref}@{urlsplit(public_url).hostname}")
    event.add("dtstamp", now)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", f"Appointment, {entry.who}")
    event.add("description", entry.about)
    event.add("status", "CONFIRMED" if entry.firm else "TENTATIVE")
    event.add("class", "PRIVATE")
    event.add("url", f"{public_url}/appointments/{entry.ref}")
    if entry.place:
        event.add("location", entry.place)
    return event
