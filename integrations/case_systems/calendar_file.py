"""The appointments of an iCalendar file (RFC 5545), as rows like those of a CSV file. Knows no store.

An entry says whose it is by the property X-PERSON-REF, by “Ref: K6LPRKRF” in its summary or description, or by the
last part of its summary (“Appointment, K6LPRKRF”), as our own calendar links write it. Times of any zone become the
agency's; a time without a zone is the agency's already.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from hub.times import at_local
from integrations.case_systems.appointment_rows import USUAL_MINUTES, AppointmentRow, How
from integrations.case_systems.report import Problem, Report

COLUMNS = ("date", "time", "minutes", "person_ref", "place", "with_whom", "repeats")
MOST_BYTES = 5 * 1024 * 1024
MOST_ENTRIES = 5_000
_REFERENCE = re.compile(r"\bref(?:erence)?[:.]?\s+([A-Za-z0-9][\w/-]{2,40})", re.IGNORECASE)
_ALONE = re.compile(r"[A-Za-z0-9][\w/-]{2,40}")
_BY_PHONE = re.compile(r"\b(?:tele)?phone\b|\bcall\b", re.IGNORECASE)
_BY_VIDEO = re.compile(r"\bvideo\b|\bteams\b|\bzoom\b|^https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CalendarReport:
    report: Report[AppointmentRow]
    cells: tuple[Mapping[str, str], ...]  # as read, for whoever looks at them; the first entry is row 1


def is_calendar(content: bytes) -> bool:
    return b"BEGIN:VCALENDAR" in content[:1000].upper()


def read_calendar(content: bytes, zone: str, with_whom: str) -> CalendarReport:
    """`with_whom`: whom people meet where an entry names nobody."""
    if len(content) > MOST_BYTES:
        return _unreadable("The file is larger than 5 MB. Export fewer weeks.")
    try:
        events = [event for calendar in Calendar.from_ical(content, multiple=True) for event in calendar.events]
    except (ValueError, KeyError, IndexError, AttributeError):
        return _unreadable("This is not a calendar file. Export the calendar as .ics and import that.")
    if not 0 < len(events) <= MOST_ENTRIES:
        many = f"The file has more than {MOST_ENTRIES:,} entries. Export fewer weeks."
        return _unreadable(many if events else "There are no entries in this calendar.")
    read = [_Entry(number, event, zone, with_whom) for number, event in enumerate(events, 1)]
    rows, cells = tuple(entry.row() for entry in read), tuple(entry.cells() for entry in read)
    return CalendarReport(Report(rows, tuple(problem for entry in read for problem in entry.problems())), cells)


def _unreadable(sentence: str) -> CalendarReport:
    return CalendarReport(Report((), (Problem(1, "", sentence),)), ())


class _Entry:
    """One VEVENT, read once."""

    def __init__(self, number: int, event: Event, zone: str, with_whom: str) -> None:
        self.number, self.event, self.zone = number, event, zone
        self.starts = _instant(event, "DTSTART", zone)
        self.with_whom = _with(event) or with_whom
        self.location = _text(event, "LOCATION")
        self.how = _how(self.location)

    @property
    def there(self) -> datetime:
        """On the agency's wall; what has no time stands at the end of all days, and is a problem."""
        return self.starts.astimezone(ZoneInfo(self.zone)) if self.starts else datetime.combine(date.max, time(12))

    def row(self) -> AppointmentRow:
        return AppointmentRow(
            row=self.number,
            external_id=_text(self.event, "UID"),
            person_ref=_reference(self.event),
            day=self.there.date(),
            clock=self.there.time().replace(tzinfo=None, fold=0),
            minutes=_minutes(self.event, self.starts, self.zone),
            with_whom=self.with_whom,
            place="" if self.how is How.PHONE else self.location,
            how=self.how,
            bring="",
            directions="",
            proof_wanted=False,
            worker_email="",  # the person's own worker
            repeats=self._repeats(),
        )

    def cells(self) -> Mapping[str, str]:
        row = self.row()
        said = (
            f"{row.day:%d/%m/%Y}" if self.starts else "",
            f"{row.clock:%H:%M}" if self.starts else "",
            str(row.minutes),
            row.person_ref,
            row.place or row.how.replace("_", " "),
            row.with_whom,
            row.repeats,
        )
        return dict(zip(COLUMNS, said, strict=True))

    def problems(self) -> list[Problem]:
        row = self.row()
        found = {
            "date": "It has no time of day." if self.starts is None else "",
            "time": "The clock shows this time twice on that day: move it." if self._twice() else "",
            "minutes": "" if 5 <= row.minutes <= 600 else f"{row.minutes} minutes is no length: 5 to 600.",
            "person_ref": "" if row.person_ref else "It does not say whose it is. Write “Ref: K6LPRKRF” in its title.",
            "place": "" if row.place or self.how is How.PHONE else "It is empty. People need to know where to go.",
            "repeats": self._unread_repeats(),
            "": "" if row.external_id else "It has no UID, so it could not be found again.",
        }
        if _text(self.event, "STATUS").upper() == "CANCELLED":
            found[""] = "It is cancelled there. Take it out of the file; cancel it here if it is here."
        return [Problem(self.number, column, sentence) for column, sentence in found.items() if sentence]

    def _twice(self) -> bool:
        return self.starts is not None and at_local(self.row().day, self.row().clock, self.zone) != self.starts

    def _repeats(self) -> str:
        rule = self.event.get("RRULE")
        return f"RRULE:{rule.to_ical().decode()}" if rule is not None and not isinstance(rule, list) else ""

    def _unread_repeats(self) -> str:
        if any(self.event.get(name) is not None for name in ("EXDATE", "RDATE", "RECURRENCE-ID", "EXRULE")):
            return "Days that are left out or moved are not read. Import them one by one."
        return "It repeats by two rules." if isinstance(self.event.get("RRULE"), list) else ""


def _text(event: Event, name: str) -> str:
    value: Any = event.get(name)
    first = value[0] if isinstance(value, list) and value else value
    return " ".join(str(first).split())[:500] if first is not None else ""


def _instant(event: Event, name: str, zone: str) -> datetime | None:
    value = getattr(event.get(name), "dt", None)
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else at_local(value.date(), value.time(), zone)


def _minutes(event: Event, starts: datetime | None, zone: str) -> int:
    ends, lasts = _instant(event, "DTEND", zone), getattr(event.get("DURATION"), "dt", None)
    if starts and ends:
        lasts = ends - starts
    return round(lasts.total_seconds() / 60) if isinstance(lasts, timedelta) else USUAL_MINUTES


def _reference(event: Event) -> str:
    said = _text(event, "X-PERSON-REF")
    for name in ("SUMMARY", "DESCRIPTION"):
        found = _REFERENCE.search(_text(event, name))
        said = said or (found[1] if found else "")
    last = _text(event, "SUMMARY").rpartition(", ")[2]
    return said or (last if _ALONE.fullmatch(last) and last != _text(event, "SUMMARY") else "")


def _with(event: Event) -> str:
    organiser: Any = event.get("ORGANIZER")
    name = str(getattr(organiser, "params", {}).get("CN", ""))
    return name.split(" ")[0].strip('"') if name and "@" not in name else ""


def _how(location: str) -> How:
    if _BY_PHONE.search(location):
        return How.PHONE
    return How.VIDEO if _BY_VIDEO.search(location) else How.IN_PERSON
