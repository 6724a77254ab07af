"""What people write about “are you safe?”, as whole texts: the time that they set, and what they answer.

No model was ever told these, and none is asked: a text counts when all of it is understood. What could mean two hours
of the day means the next of them: to be asked too early does no harm. English and Welsh. Pure.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from hub.clock_reading import mark_clocks, read_hours
from hub.date_words import LONG_NAMES
from hub.rhythm import WEEKDAYS
from hub.times import at_local, local

SOONEST, LATEST = timedelta(minutes=5), timedelta(days=7)
MORE_TIME = timedelta(minutes=30)
LEAST_MORE, MOST_MORE = timedelta(minutes=5), timedelta(hours=1)
AFTER_MIDNIGHT = range(13, 16)  # as the reader of hours has 1 to 3, which it takes for the afternoon


class Said(StrEnum):
    """An answer to “are you safe?”."""

    SAFE = "safe"
    NOT_SAFE = "not_safe"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Time:
    """Once, `at`; or on `weekdays` at `clock`."""

    at: datetime | None = None
    clock: time | None = None
    weekdays: Sequence[str] = ()


_ASKS = re.compile(
    r"(?:please |pls |can you |os gwelwch yn dda )?(?:check (?:in )?on me|gwiriwch arna i|gwirio arna i)\b"
)
_POLITE = r"(?: (?:please|pls|thanks|thank you|ta|diolch|os gwelwch yn dda))*"
_I_AM = r"(?:yes |yeah |yep |ydw )?(?:i am |im |were |we are |dwi n |dwin |rwy n |rwyn )?"
_SAFE = re.compile(
    _I_AM
    + r"(?:safe|ok and safe|safe and well|fine|home|home safe|back safe|all ok|all good|yn ddiogel|ddiogel|saff|iawn)"
    r"(?: (?:now|here|at home|nawr|rwan))?" + _POLITE
)
_ALARM = re.compile(
    r"(?:no |nac ydw |na )?(?:(?:i am |im |were |we are )?(?:not|un) ?safe|help|help me|i need help|need help|get help|"
    r"in danger|im in danger|danger|scared|im scared|not ok|im not ok|call (?:the )?police|call 999|999|sos|"
    r"dwi ddim yn (?:saff|ddiogel)|ddim yn (?:saff|ddiogel)|dim yn saff|helpwch fi|helpwch|help fi|mewn perygl)"
    r"(?: (?:now|here|nawr))?" + _POLITE
)
_NOT_YET = re.compile(
    r"(?:no |na )?(?:not yet|later|a bit later|ask me later|ask later|more time|i need more time|need more time|snooze|"
    r"dim eto|ddim eto|nes ymlaen|wedyn|yn hwyrach|mwy o amser)" + _POLITE
)

_NUMBERS = {"one": 1, "an": 1, "a": 1, "two": 2, "three": 3, "four": 4, "five": 5, "dwy": 2, "dau": 2, "tair": 3}
_N = rf"(?P<n>\d{{1,3}}|{'|'.join(_NUMBERS)})"
_HALF = r"(?P<half> and a half|[.,]5|½)?"
_HOURS = re.compile(rf"{_N}{_HALF} ?(?:more )?(?:hours?|hrs?|h|awr)(?P<late> and a half)?")
_MINUTES = re.compile(r"(?P<n>\d{1,3}) ?(?:more )?(?:minutes?|mins?|m|munud)(?: more)?")
_HALF_HOUR = re.compile(r"(?:(?:an? )?half (?:an? )?(?:more )?hour|hanner awr)")
_AN_HOUR = re.compile(r"awr")
_IN = re.compile(r"^(?:in|for|after|mewn|ymhen|am)? ?(?:about )?(.+?)(?: time| from now| o nawr)?$")

_DAILY = re.compile(r"\b(?:every|each) (?:day|night|evening|morning)\b|\bdaily\b|\bbob (?:dydd|nos|bore)\b")
_WORKDAYS = re.compile(r"\b(?:weekdays|monday to friday|mon to fri|mon-fri|dydd llun i ddydd gwener)\b")
_NEXT_DAY = re.compile(r"\b(?:tomorrow|tmrw|tomoz|yfory)\b")
_TODAY = re.compile(r"\b(?:today|heddiw)\b")
_EVERY = re.compile(r"\b(?:every|each|bob)\b")
_DAY = re.compile(rf"\b(?:on )?({'|'.join(f'{day[:3]}|{day}' for day in LONG_NAMES)}|tues|weds|thur|thurs)s?\b")
_DIGITS = re.compile(r"\b([01]\d|2[0-3])([0-5]\d)\b(?! ?(?:am|pm))")
_SURE = re.compile(r"(?:\b|\d)[ap]m\b|\b0\d|\b(?:1[3-9]|2[0-3])|morning|afternoon|midday|noon|midnight|bore|prynhawn")
_EVENING = re.compile(r"\b(?:tonight|this evening|evening|night|at night|heno|nos)\b")
_AM_IN_WELSH = re.compile(r"\bam (?=\d)")
_WRITTEN = re.compile(r"(0\d|1[3-9]|2[0-3])[:.]?([0-5]\d)")
_MARKED = re.compile(r"\bt\d{4}\b|\b(?:morning|afternoon|bore|prynhawn|yn)\b")
_FILL = re.compile(r"\b(?:at|on|and|in|the|by|about|from|please|pls|thanks|o r gloch|oclock|ac|a|am|i|y)\b|,")


def asks_to_be_checked(text: str) -> bool:
    """Whether it sets a time, or wants to: what stands behind may still not be understood."""
    return _ASKS.match(plain(text)) is not None


def behind(text: str) -> str:
    """What follows “check on me”; the whole text where that is not said."""
    words = plain(text)
    found = _ASKS.match(words)
    return words[found.end() :].strip() if found else words


def time_in(words: str, now: datetime, zone: str) -> Time | None:
    """When they want to be asked, or None: nothing is guessed."""
    words = plain(words)
    length = _length(words)
    if length is not None:
        return Time(now + length)
    weekdays, words = _weekly(words)
    return _on_the_clock(words, weekdays, now, zone)


def answer(text: str) -> Said | None:
    """Yes, no or not yet in words; None where nobody can be sure. Numbers are read by `hub/exact_replies.py`."""
    said = re.sub(r"[^\w½]+", " ", plain(text)).strip()
    if _ALARM.fullmatch(said):
        return Said.NOT_SAFE
    if _NOT_YET.fullmatch(said) or more_time(text) is not None:
        return Said.LATER
    return Said.SAFE if _SAFE.fullmatch(said) else None


def more_time(text: str) -> timedelta | None:
    """How much more they ask for, from five minutes to an hour; None where they name no time."""
    words = re.sub(r"^(?:give me|ask me again|ask again|i need|need|later|not yet)\b,? ?", "", plain(text))
    length = _length(words.removesuffix(" please").removesuffix(" later").strip())
    return min(max(length, LEAST_MORE), MOST_MORE) if length else None


def plain(text: str) -> str:
    """Small letters, one space between words, no apostrophes: times keep their colon or point."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    return " ".join(re.sub(r"[^\w:.,½ -]+", " ", folded).split()).strip(" .,-")


def _length(words: str) -> timedelta | None:
    """ "in 2 hours", "90 mins", "half an hour", "awr"."""
    found = _IN.match(words)
    rest = found[1] if found else words
    if _HALF_HOUR.fullmatch(rest):
        return timedelta(minutes=30)
    if _AN_HOUR.fullmatch(rest):
        return timedelta(hours=1)
    minutes = _MINUTES.fullmatch(rest)
    if minutes:
        return timedelta(minutes=int(minutes["n"]))
    hours = _HOURS.fullmatch(rest)
    if not hours:
        return None
    number = int(hours["n"]) if hours["n"].isdigit() else _NUMBERS[hours["n"]]
    return timedelta(hours=number, minutes=30 if hours["half"] or hours["late"] else 0)


def _weekly(words: str) -> tuple[tuple[str, ...], str]:
    """The days that it repeats on, and the words without them. One day that is not “every” is a day, no rhythm."""
    if _DAILY.search(words):
        part = " night" if re.search(r"night|evening|nos", words) else ""
        return WEEKDAYS, _DAILY.sub(part, words)
    if _WORKDAYS.search(words):
        return WEEKDAYS[:5], _EVERY.sub(" ", _WORKDAYS.sub(" ", words))
    named = [_weekday(found) for found in _DAY.findall(words)]
    if len(named) > 1 or (named and _EVERY.search(words)):
        return tuple(day for day in WEEKDAYS if day in named), _EVERY.sub(" ", _DAY.sub(" ", words))
    return (), words


def _on_the_clock(words: str, weekdays: tuple[str, ...], now: datetime, zone: str) -> Time | None:
    here = local(now, zone)
    ahead: Sequence[int] = (0, 1)
    words = _AM_IN_WELSH.sub("at ", words)
    day = _DAY.search(words)
    if _NEXT_DAY.search(words):
        ahead, words = (1,), _NEXT_DAY.sub(" ", words)
    elif day and not weekdays:
        following = (WEEKDAYS.index(_weekday(day[1])) - here.weekday()) % 7
        ahead = (following, following + 7)
        words = _DAY.sub(" ", words, count=1)
    elif _TODAY.search(words):
        ahead, words = (0,), _TODAY.sub(" ", words)
    clock, sure = _clock(words)
    if clock is None:
        return None
    if weekdays:
        return Time(clock=clock, weekdays=weekdays)
    return _next(clock, sure, ahead, now, zone)


def _clock(words: str) -> tuple[time | None, bool]:
    """The one time of day that all of the words name, and whether its half of the day is named too."""
    written = _WRITTEN.fullmatch(_FILL.sub(" ", words).strip())
    if written:  # "07:30": a nought in front is the clock of 24 hours
        return time(int(written[1]), int(written[2])), True
    evening = _EVENING.search(words) is not None
    with_colon = _DIGITS.sub(r"\1:\2", words)
    marked = mark_clocks("at " + _EVENING.sub(" ", with_colon))
    times = read_hours(marked).times
    if len(times) != 1 or _FILL.sub(" ", _MARKED.sub(" ", marked)).strip(" .,-"):
        return None, False
    return (_at_night(times[0]) if evening else times[0]), evening or _SURE.search(words) is not None


def _at_night(clock: time) -> time:
    """ "10 tonight" is 10pm, "1 tonight" is an hour after midnight."""
    if clock.hour in AFTER_MIDNIGHT:
        return clock.replace(hour=clock.hour - 12)
    return clock.replace(hour=clock.hour + 12) if clock.hour < 12 else clock


def _next(clock: time, sure: bool, ahead: Sequence[int], now: datetime, zone: str) -> Time | None:
    """The next moment at which the clock shows it; where its half of the day is not named, of both halves."""
    today = local(now, zone).date()
    clocks = {clock} if sure else {clock, clock.replace(hour=(clock.hour + 12) % 24)}
    days = [today + timedelta(days=n) for n in ahead]
    moments = [at_local(day, each, zone) for day in days for each in clocks]
    following = min((moment for moment in moments if moment > now), default=None)
    return Time(following) if following else None


def _weekday(name: str) -> str:
    return next(code for code, day in zip(WEEKDAYS, LONG_NAMES, strict=True) if name[:3] == day[:3])
