"""Understanding the days and times that people write: "2moro", "thurs arvo", "half 2", "any day but fri",
"5th march".

The text is put into plain words first (short forms, slang, Welsh), then days, clock times and parts of the
day are
read one after the other; a calendar date is read by `dateparser`. What could mean two days stays two: the
caller asks.
A bare hour means daytime: 1 to 7 is the afternoon. Knows nothing of appointments or of who is free.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import dateparser

from hub.date_words import MONTHS, NUMBERS, PARTS, REPLACEMENTS, WEEKDAYS

_DAY = "|".join(WEEKDAYS)
_MONTH = "|".join(MONTHS)
_NOT = (
    r"(?:not|no|never|except|bar|apart from|avoid|(?:cant|cannot)(?: do| make)?"
    r"|any(?: ?day| ?thing| ?time)? but)"
)
_EXCLUDED = re.compile(rf"\b{_NOT} (?:on )?((?:(?:{_DAY})s?(?: or | and |, | )?)+)")
_CLOCK = re.compile(r"\b(?:at |about |around |@ ?)?(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)\b|\b(\d{1,2})[:.](\d{2})\b")
_BARE = re.compile(r"\b(?:at|about|around|by|@) ?(\d{1,2})\b(?! ?(?:days?|weeks?))|\b(\d{1,2}) oclock\b")
_HALF = re.compile(r"\b(half past|half|quarter past|quarter to) (\d{1,2})(?:\s*(am|pm))?\b")
_LIMIT = re.compile(r"\b(after|from|before|until|by) (\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?\b")
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTH})(?: \d{{4}})?\b"
    rf"|\b(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?\b"
    r"|\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b"
)
_OF_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b")
_IN = re.compile(r"\bin (?:a|(\d{1,2})) (day|week)s?\b")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for. No days: any; `earliest` to `latest` is the part of the day; `without` are
    weekdays."""

    days: tuple[date, ...] = ()
    at: time | None = None
    earliest: time | None = None
    latest: time | None = None
    without: frozenset[int] = frozenset()

    @property
    def exact(self) -> tuple[date, time] | None:
        """The one day and time that is meant, where nothing is left open."""
        return (self.days[0], self.at) if len(self.days) == 1 and self.at else None

    def allows(self, day: date, clock: time) -> bool:
        within = (self.earliest is None or clock >= self.earliest) and (self.latest is None or clock < self.latest)
        on_day = (not self.days or day in self.days) and day.weekday() not in self.without
        return on_day and within and self.at in {None, clock}


def understand(text: str, today: date) -> Wish | None:
    """What day or time `text` asks for, seen from `today` (local); None when it speaks of neither."""
    words = normalise(text)
    words, without = _excluded(words)
    words, at, earliest, latest = _clock(words)
    days = tuple(dict.fromkeys(_days(words, today)))
    wish = Wish(days, at, earliest, latest, without)
    return wish if wish != Wish() or re.search(r"\bany\b", words) else None


def understand_day(text: str, today: date) -> date | None:
    """The one day that `text` names, past or future (for an answer to "when was it?")."""
    wish = understand(text, today)
    return wish.days[0] if wish and len(wish.days) == 1 else None


def normalise(text: str) -> str:
    """Plain words: small letters, slang and Welsh in English words, number words as digits."""
    words = " ".join(re.sub(r"[^\w\s:./@,]", "", text.casefold()).split())
    for pattern, plain in REPLACEMENTS:
        words = pattern.sub(plain, words)
    return re.sub(r"[a-z]+", lambda found: NUMBERS.get(found[0], found[0]), words)


def _excluded(words: str) -> tuple[str, frozenset[int]]:
    found = [WEEKDAYS[name] for part in _EXCLUDED.findall(words) for name in re.findall(_DAY, part)]
    return _EXCLUDED.sub(" any ", words), frozenset(found)


def _clock(words: str) -> tuple[str, time | None, time | None, time | None]:
    """The time of day: exact, or from when until when. What was read is taken out of the words."""
    earliest, latest = None, None
    for found in _LIMIT.finditer(words):
        clock = _time(int(found[2]), int(found[3] or 0), found[4] or "")
        earliest, latest = (clock, latest) if found[1] in {"after", "from"} else (earliest, clock)
    words = _LIMIT.sub(" ", words)
    words, at = _exact_clock(words)
    for name, (start, end) in PARTS.items():
        if re.search(rf"\b{name}\b", words) and at is None:
            earliest, latest = earliest or start, latest or end
            break
    return words, at, earliest, latest


def _exact_clock(words: str) -> tuple[str, time | None]:
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], time | None]], ...] = (
        (_HALF, lambda m: _time(int(m[2]) - (m[1] == "quarter to"), _MINUTES[m[1]], m[3] or "")),
        (_CLOCK, lambda m: _time(int(m[1] or m[4]), int(m[2] or m[5] or 0), m[3] or "")),
        (_BARE, lambda m: _time(int(m[1] or m[2]), 0, "")),
        (re.compile(r"\bmidday\b"), lambda _: time(12)),
    )
    for pattern, read in readers:
        if found := pattern.search(words):
            return pattern.sub(" ", words, count=1), read(found)
    return words, None


_MINUTES = {"half past": 30, "half": 30, "quarter past": 15, "quarter to": 45}


def _time(hour: int, minute: int, half: str) -> time | None:
    """Without am or pm, an hour from 1 to 7 is the afternoon: nobody is asked to come at three in the
    night."""
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif 0 <= hour <= 7:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _days(words: str, today: date) -> Iterator[date]:
    yield from _dates(words, today)
    words = _DATE.sub(" ", words)
    if re.search(r"\bday after tomorrow\b", words):
        yield today + timedelta(days=2)
    elif re.search(r"\btomorrow\b", words):
        yield today + timedelta(days=1)
    if re.search(r"\btoday\b", words):
        yield today
    for found in _IN.finditer(words):
        yield today + timedelta(days=int(found[1] or 1) * (7 if found[2] == "week" else 1))
    yield from _weekdays(words, today)


def _dates(words: str, today: date) -> Iterator[date]:
    """Calendar dates; without a year the coming one is meant. "the 5th" is the coming fifth."""
    settings = {
        "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": "future",
        "RELATIVE_BASE": datetime.combine(today, time()),
        "REQUIRE_PARTS": ["day", "month"],
    }
    found = False
    for piece in _DATE.findall(words):
        parsed = dateparser.parse(piece, languages=["en"], settings=settings)
        if parsed:
            found = True
            yield parsed.date()
    for number in _OF_MONTH.findall(words) if not found else ():
        yield from _coming_day_of_month(int(number), today)


def _coming_day_of_month(number: int, today: date) -> Iterator[date]:
    coming = (today + timedelta(days=n) for n in range(1, 63))
    yield from (day for day in list(coming) if day.day == number and number > 0 and _first(day, number, today))


def _first(day: date, number: int, today: date) -> bool:
    return not any((today + timedelta(days=n)).day == number for n in range(1, (day - today).days))


def _weekdays(words: str, today: date) -> Iterator[date]:
    """Days of the week, as the next such day. "next tuesday" can mean two, unless this week's is over."""
    monday = today - timedelta(days=today.weekday())
    named = list(re.finditer(rf"\b(next |this )?({_DAY})s?( week)?\b", words))
    for found in named:
        coming = today + timedelta(days=(WEEKDAYS[found[2]] - today.weekday() - 1) % 7 + 1)
        if found[3]:  # "tuesday week"
            yield coming + timedelta(days=7)
            continue
        yield coming
        if found[1] == "next " and coming < monday + timedelta(days=7):
            yield coming + timedelta(days=7)
    if not named and re.search(r"\bnext week\b", words):
        yield from (monday + timedelta(days=7 + n) for n in range(5))
    if not named and re.search(r"\bthis week\b", words):
        yield from (monday + timedelta(days=n) for n in range(today.weekday() + 1, 5))
