"""Saying times to people, in their zone and language. Knows nothing of what happens then."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import get_day_names, get_month_names


def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def at_local(day: date, clock: time, zone: str) -> datetime:
    """The instant of a wall-clock time.

    A time that the spring change leaves out moves forward by the gap (01:30 becomes 02:30); of a time that the
    autumn change repeats, the first is meant (PEP 495, fold=0).
    """
    there = datetime.combine(day, clock, ZoneInfo(zone))
    return there.astimezone(ZoneInfo("UTC"))


def is_on_the_clock(day: date, clock: time, zone: str) -> bool:
    """False for a wall-clock time that the spring change leaves out (31 March 2030, 01:30 in London)."""
    there = datetime.combine(day, clock, ZoneInfo(zone))
    again = there.astimezone(ZoneInfo("UTC")).astimezone(ZoneInfo(zone))
    return again.replace(tzinfo=None) == there.replace(tzinfo=None)


def say_time(moment: datetime, zone: str, language: str = "en") -> str:
    """12-hour clock, as MoJ writes it: 2pm, 9:30am, midday. Welsh: 2pm too, as Welsh services write."""
    there = local(moment, zone)
    if (there.hour, there.minute) in {(12, 0), (0, 0)}:
        words = {"en": ("midday", "midnight"), "cy": ("hanner dydd", "hanner nos")}
        return words.get(language, words["en"])[0 if there.hour else 1]
    minutes = f":{there.minute:02}" if there.minute else ""
    return f"{there.hour % 12 or 12}{minutes}{'am' if there.hour < 12 else 'pm'}"


def say_day(moment: datetime, zone: str, language: str = "en") -> str:
    """Day, date, month: "Tue 3 March", "Maw 3 Mawrth"."""
    there = local(moment, zone)
    locale = language if language in {"en", "cy"} else "en"
    day = get_day_names("abbreviated", locale=locale)[there.weekday()]
    return f"{day} {there.day} {get_month_names('wide', locale=locale)[there.month]}"


def say_when(moment: datetime, zone: str, language: str = "en") -> str:
    """Day before time, never a relative word: a text can be read a day late."""
    joiner = {"cy": "am"}.get(language, "at")
    return f"{say_day(moment, zone, language)} {joiner} {say_time(moment, zone, language)}"


def in_window(moment: datetime, start: time, end: time, zone: str) -> bool:
    """Whether the local time lies in [start, end); a window may pass midnight."""
    clock = local(moment, zone).time()
    return start <= clock < end if start <= end else clock >= start or clock < end


def next_in_window(moment: datetime, start: time, end: time, zone: str) -> datetime:
    """`moment` itself when it lies in the window, else the window's next opening.

    A day whose clock change leaves the whole window out has none; of an opening that the clock shows twice, the first
    that lies ahead counts. A window that ends when it begins is never open: the next such time is given.
    """
    if in_window(moment, start, end, zone):
        return moment
    day = local(moment, zone).date()
    for ahead in range(3):
        for fold in (0, 1):
            opening = at_local(day + timedelta(days=ahead), start.replace(fold=fold), zone)
            if opening > moment and (start == end or in_window(opening, start, end, zone)):
                return opening
    raise ValueError("no window opens within three days")
