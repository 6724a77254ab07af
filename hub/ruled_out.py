"""Reads which days and hours do not suit: "any day but fri", "cant do mornings", "weekends only", "not 2 or 3pm".

Takes marked words (`day_reading`, `clock_reading`) and takes out what is ruled out. Must not read what is wanted.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from hub.date_words import LONG_NAMES, PARTS
from hub.day_reading import DAY, MARK, unmark

_WEEKEND = frozenset({5, 6})
_PART = "|".join(PARTS)
_APPOINTMENT = r"(?: (?:the|my|this|that|appointment|appt|app|apt|meeting|it))*"
_FILL = (  # possessive (*+): tried in one way only, or a long text of such words would take for ever
    r"(?: (?:be able to|be free|make it|make|do|come in|come|attend|get there|get in|go|be there|manage|it|in|on|"
    r"to|for|the|this|that|my|your|appointment|appt|app|apt|meeting|there|sorry|free|available|around|good|ok|possible|a)\b)*+"
)
_BUSY = (
    r"unavailable|busy|working|at work|away|on holiday|in court|in hospital|"
    r"(?:got|have) (?:work|court|college|uni|school)"
)
_NOT = (
    rf"(?:not|no|never|except|avoid|cant{_FILL}|dont want{_FILL}|isnt|{_BUSY}|"
    r"any(?: ?(?:week)?day| ?thing| ?time| of them)? (?:but|except)|all week but)"
)
_ONE_DAY = (
    rf"(?:(?:next |this |the |on )?(?:(?:{DAY})s?\b|{MARK}|week(?:end|day)s?\b)(?: (?:{_PART})\b)?"
    r"(?: (?:at |about )?t\d{4})?)"
)
_DAYS = rf"{_ONE_DAY}(?:(?: ?, ?| or | and | nor | n | ){_ONE_DAY})*"
_BEFORE_DAYS = re.compile(rf"\b{_NOT}{_FILL} (?P<days>{_DAYS})")
_NO_GOOD = r"no good|doesnt|dont|isnt|aint|bad for|impossible|no go|out|cant|no use|wont"
_AFTER_DAYS = re.compile(
    rf"(?<!\w)(?P<days>{_DAYS}) ?(?:is |are |s |im |i |ive )?(?:a )?"
    rf"(?:(?:{_NO_GOOD}|{_BUSY})\b|not\b(?! before| after| until)){_FILL}(?: work)?"
)
_TIMES = re.compile(rf"\b(?:not|no|cant{_FILL}|except) (?:at |do )?t\d{{4}}(?: (?:or|nor) t\d{{4}})*\b")
_PARTS_OUT = re.compile(rf"\b(?:not|no|never|except|cant{_FILL})(?: in the| the| in| any)? (?P<part>{_PART})s?\b")
_MOVE = r"(?:move|moved|change|changed|swap|switch|push|put|bring|rearrange|reschedule)"
_MOVED_FROM = re.compile(
    rf"\b({_MOVE}\b[a-z ,]*?)(?:from )?"
    rf"(?:{DAY}|{MARK}|\d{{1,2}}(?:[:.]\d\d)?(?: ?[ap]m)?) ?(?:to|for|until) (?:the )?"
    rf"(?=(?:next )?(?:{DAY})\b|{MARK}|\d{{1,2}})"
)
_MOVED_TO = re.compile(rf"\b({_MOVE}|make|do)({_APPOINTMENT}(?: back| forward)?) (?:to|until) (?=t?\d)")
_KIND = rf"({DAY}|weekend|weekday)"
_ONLY = re.compile(
    rf"\bonly (?:do |free |make |on |at )*{_KIND}s?\b|\b{_KIND}s? only\b|\b{_KIND}s\b|\bany (weekday|weekend)\b"
)


@dataclass(frozen=True, slots=True)
class RuledOut:
    """Weekdays and days that do not suit, and the bounds that are left by the parts of the day that do not."""

    weekdays: frozenset[int] = frozenset()
    days: frozenset[date] = frozenset()
    earliest: time | None = None
    latest: time | None = None


def moved(words: str) -> str:
    """ "move my thurs to fri": only what it is moved to is wanted."""
    return _MOVED_TO.sub(r"\1\2 at ", _MOVED_FROM.sub(r"\1 to ", words))


def take_out_days(words: str) -> tuple[str, RuledOut]:
    weekdays: set[int] = set()
    days: set[date] = set()
    for pattern in (_BEFORE_DAYS, _AFTER_DAYS):
        for found in pattern.finditer(words):
            weekdays |= _weekdays(found["days"])
            days |= {day for mark in re.findall(MARK, found["days"]) for day in unmark(mark)}
        words = pattern.sub(" ", words)
    words, others = _only(words)
    return words, RuledOut(frozenset(weekdays | others), frozenset(days))


def take_out_hours(words: str) -> tuple[str, time | None, time | None]:
    """Words without the hours that do not suit, and from when until when is left: "no mornings" leaves from 12."""
    words = _TIMES.sub(" ", words)
    parts = [PARTS[found["part"]] for found in _PARTS_OUT.finditer(words)]
    earliest = [end for start, end in parts if start <= time(10)]
    latest = [start for start, _ in parts if start > time(10)]
    return _PARTS_OUT.sub(" ", words), max(earliest, default=None), min(latest, default=None)


def _only(words: str) -> tuple[str, set[int]]:
    """ "weekends only", "mondays": every such day, so all others are ruled out."""
    found = [match for match in _ONLY.finditer(words) if not re.match(r" ?\bweek", words[match.end() :])]
    names = [name for match in found for name in match.groups() if name]
    if not names or re.search(rf"\b(?:{DAY})\b(?!s| only)", _ONLY.sub(" ", words)):
        return words, set()
    return _ONLY.sub(" ", words), set(range(7)).difference(*(_weekdays(name) for name in names))


def _weekdays(words: str) -> set[int]:
    named = {LONG_NAMES.index(name) for name in re.findall(rf"\b({DAY})s?\b", words)}
    if re.search(r"\bweekends?\b", words):
        named |= _WEEKEND
    if re.search(r"\bweekdays?\b", words):
        named |= set(range(5))
    return named


def only_those_days(weekdays: Iterable[int], wanted: Iterable[date]) -> frozenset[int]:
    """Ruled-out weekdays without those that are wanted all the same: "cant do thurs, thurs week?"."""
    return frozenset(weekdays) - {day.weekday() for day in wanted}
