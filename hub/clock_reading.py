"""Reads the hours of a text: "half 2", "14.30", "between 2 and 4", "not before 10", "in the morning".

Takes plain words in which days are marked already (`day_reading`). Every clock time becomes a mark, `t1430`, first;
then ranges and limits are read from the marks. A bare hour is in the daytime: 1 to 7 is the afternoon. Must not know
what day it is.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from hub.date_words import LONG_NAMES, PARTS

EARLIEST = 7  # o'clock: before it nobody is seen, whatever "morning" stands in the text
_HOUR = r"\b(?P<hour>\d{1,2})"
_END = r"(?: ?ish\b)?(?: ?(?P<half>am|pm)\b)?(?: ?ish\b)?"
_FREE = r"(?![\d:./-]*\d)"  # no further digit: "5/3" and "2026" are not hours
_NOT_COUNTED = (  # "2 kids", "3 weeks" and "5th" are no hours
    r"(?![\d:./-]*\d)(?! ?(?:st|nd|rd|th|days?|weeks?|months?|years?|yrs?|mins?|minutes?|hours?|hrs?|kids?|children|"
    r"people|of|more|times?|quid|pounds?|appointments?|per|miles?|buses|stops?|options?)\b)"
)
_DAY_MARK = rf"(?:d\d{{8}}[_\d]*|(?:{'|'.join(LONG_NAMES)})s?)"
_PART = "|".join(PARTS)
_DURATION = re.compile(
    r"\b(?:\d{1,3}|an?|half an?|half|few|couple of|for) ?(?:mins?|minutes?|hours?|hrs?)\b(?! (?:to|past) )"
)
_WORDS = {"half past": 30, "half": 30, "quarter past": 15, "quarter to": -15}
_CLOCKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?P<word>{'|'.join(_WORDS)}) {_HOUR}{_FREE}{_END}",
        rf"\b(?P<past>\d{{1,2}}) ?(?:mins?|minutes?)? ?past {_HOUR}{_FREE}{_END}",
        rf"\b(?P<to>\d{{1,2}}) ?(?:mins?|minutes?) to {_HOUR}{_FREE}{_END}",
        rf"\b(?:(?:at|about|around) (?=5|10)|(?=2[05]))(?P<to>5|10|20|25) to {_HOUR}{_FREE}{_END}",
        rf"{_HOUR}[:.](?P<minute>[0-5]\d) ?h(?:rs?|ours)?\b",
        rf"{_HOUR}[:.](?P<minute>[0-5]\d){_FREE}{_END}",
        rf"{_HOUR}(?P<minute>[0-5]\d) ?(?P<half>am|pm)\b",
        r"\b(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d) ?h(?:rs?|ours)?\b",
        r"\b(?P<hour>[01]?\d|2[0-3])h(?P<minute>[0-5]\d)?\b",
        rf"{_HOUR}(?: ?ish)? ?(?P<half>am|pm)\b",
        rf"{_HOUR} (?P<minute>00|05|[1-5][05])\b{_NOT_COUNTED}(?: oclock)?{_END}",
        rf"{_HOUR} ?(?:oclock|ish)\b{_END}",
        rf"\b(?P<hour>0[7-9]|1\d)(?P<minute>[0-5][05])\b{_FREE}",  # "1430"
        rf"\bat (?P<hour>\d)(?P<minute>[0-5][05])\b{_FREE}",  # "at 930"
    )
)
_BESIDE = r"(?:at|about|around|for|like|after|from|past|before|until|by)"
_BARE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_BESIDE} (?P<hour>\d{{1,2}})\b{_NOT_COUNTED}(?! to \d)",
        rf"\b{_DAY_MARK}(?: (?:{_PART}))? ,? ?(?P<hour>\d{{1,2}})\b{_NOT_COUNTED}(?! to \d)",
        rf"\b(?P<hour>[2-9]|1[0-2]|1(?= in the ))(?= (?:on |in the |at )?(?:the )?(?:{_DAY_MARK}|{_PART})(?![a-z]))",
        rf"\bt\d{{4}} (?:or|and) (?P<hour>\d{{1,2}})\b{_NOT_COUNTED}(?! to \d)",
        r"\b(?P<hour>[2-9]|1[0-2])(?= or t\d{4})",
    )
)
_MARK = r"t(\d{4})"
_RANGE = re.compile(
    rf"(?<![\d:./-])\b(?:(between|from) )?(?:{_MARK}|(\d{{1,2}})) ?(to|-|and|until) ?"
    rf"(?:{_MARK}|(\d{{1,2}})\b{_NOT_COUNTED})(?: ?(am|pm)\b)?"
)
_FROM = r"not before|not until|no before|not by|after|from|past|earliest"
_UNTIL = r"not after|no after|not past|before|until|by|not from|latest"
_LIMIT = re.compile(rf"\b(?:(?P<from>{_FROM})|(?P<until>{_UNTIL})) (?:at |about |around )?{_MARK}")
_TRAILING = re.compile(
    rf"\b{_MARK} (?:(?P<from>onwards?|or after|or later|and after|at the earliest|earliest)"
    r"|(?P<until>or before|or earlier|at the latest|latest|and before))\b"
)


@dataclass(frozen=True, slots=True)
class Hours:
    """Clock times that are named, and from when until when."""

    times: tuple[time, ...] = ()
    earliest: time | None = None
    latest: time | None = None


def read_hours(words: str) -> Hours:
    """The hours that words with marked clock times (`mark_clocks`) ask for."""
    words, earliest, latest = _range(words, _half_of_day(words))
    words, earliest, latest = _limits(words, earliest, latest)
    if earliest and latest and earliest >= latest:  # two wishes in one, for two days perhaps
        earliest, latest = None, None
    times = tuple(dict.fromkeys(_unmark(mark) for mark in re.findall(rf"\b{_MARK}\b", words)))
    if times:
        return Hours(times, earliest, latest)
    start, end = _parts(words)
    return Hours((), earliest or start, latest or end)


def mark_clocks(words: str) -> str:
    """Every clock time as `t1430`; how long something lasts ("2 hours") is left out."""
    words, half = _DURATION.sub(" ", words), _half_of_day(words)
    words = re.sub(r"\bmidday\b", "t1200", words)
    words = re.sub(r"\bmidnight\b", "t0000", words)
    for pattern in _CLOCKS:
        words = pattern.sub(_marker(half), words)
    for pattern in _BARE:
        words = pattern.sub(_marker(half), words)
    return words


def _marker(half: str) -> Callable[[re.Match[str]], str]:
    def mark(found: re.Match[str]) -> str:
        groups = found.groupdict()
        minutes = int(groups.get("minute") or groups.get("past") or 0) - int(groups.get("to") or 0)
        minutes += _WORDS.get(groups.get("word") or "", 0)
        named = half if half == "pm" or int(groups["hour"]) >= EARLIEST else ""
        clock = clock_time(int(groups["hour"]), minutes, groups.get("half") or named)
        if clock is None:
            return found[0]
        start = min(found.start(name) for name in groups if groups[name] is not None) - found.start()
        return f"{found[0][:start]}t{clock:%H%M}"

    return mark


def clock_time(hour: int, minutes: int, half: str) -> time | None:
    """The time `minutes` after (or, negative, before) an hour; None when no clock shows it.

    Without am or pm, an hour from 1 to 7 is the afternoon: nobody is asked to come at three in the night.
    """
    if hour > 23 or abs(minutes) > 59 or (hour == 0 and minutes < 0):
        return None
    if 1 <= hour <= 12 and half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif 1 <= hour <= 7:
        hour += 12
    return (datetime(2000, 1, 2, hour) + timedelta(minutes=minutes)).time()  # noqa: DTZ001 - a clock without a day


def _half_of_day(words: str) -> str:
    """ "8 in the evening": the one half of the day that is named."""
    halves = {"am" for _ in re.findall(r"\b(?:morning|first thing)\b", words)}
    halves |= {"pm" for _ in re.findall(r"\b(?:afternoon|evening|night|teatime)\b", words)}
    return halves.pop() if len(halves) == 1 else ""


def _range(words: str, half: str) -> tuple[str, time | None, time | None]:
    """ "between 2 and 4", "10 to 2", "2-4pm". "2 and 4" alone are two times."""
    for found in _RANGE.finditer(words):
        opening, marked, bare, joint, marked_end, bare_end, end_half = found.groups()
        if joint == "and" and opening != "between":
            continue
        end = _unmark(marked_end) if marked_end else clock_time(int(bare_end), 0, end_half or half)
        start = _unmark(marked) if marked else clock_time(int(bare), 0, half)
        if start and end and start >= end and end < time(12) and not marked_end:  # "8 to 8"
            end = clock_time(int(bare_end), 0, "pm")
        if start and end and start < end:
            return words[: found.start()] + " " + words[found.end() :], start, end
    return words, None, None


def _limits(words: str, earliest: time | None, latest: time | None) -> tuple[str, time | None, time | None]:
    for pattern in (_TRAILING, _LIMIT):
        for found in pattern.finditer(words):
            clock = _unmark(next(mark for mark in found.groups() if mark and mark.isdecimal()))
            earliest, latest = (clock, latest) if found["from"] else (earliest, clock)
        words = pattern.sub(" ", words)
    return words, earliest, latest


def _parts(words: str) -> tuple[time | None, time | None]:
    """From the start of the first part of the day that is named to the end of the last."""
    named = [PARTS[found] for found in re.findall(rf"\b({_PART})\b", words)]
    if not named:
        return None, None
    return min(start for start, _ in named), max(end for _, end in named)


def _unmark(mark: str) -> time:
    return time(int(mark[:2]), int(mark[2:]))
