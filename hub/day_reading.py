"""Reads the days of a text: "weds", "5/3", "a week on tues", "in 10 days", "end of the month", "the day before".

Takes plain words and puts a mark for every day or group of days, `d20260305` or `d20260307_20260308`; weekdays by their
bare names stay, since they can be ruled out as such. What could mean two days stays two. Must not know hours.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta

from hub.date_words import LONG_NAMES, MONTHS

Days = Iterable[date]
Reader = Callable[[re.Match[str], date], Days]
HORIZON = 14  # days that "after thursday" looks ahead

DAY = "|".join(LONG_NAMES)
MARK = r"d\d{8}(?:_\d{8})*"
_MONTH = "|".join(MONTHS)
_TH = r"(?:st|nd|rd|th)"
_NO_DAY = (
    r"(?! ?(?:thing|time|one|option|appointment|appt|app|session|slot|choice|week|floor|class|warning|strike|meeting))"
)
_YEAR = r"(?: ?,? ?(20\d\d|2\d)(?![\d:.])(?! ?(?:am|pm|ish|oclock|h|past|to|min)))?"
_UNIT = {"day": 1, "week": 7, "fortnight": 14}
_MANY = {"a": 1, "an": 1, "couple of": 2, "few": 3, "": 1}
_SIGN = {"after": 1, "later": 1, "before": -1, "earlier": -1}
_COUNT = r"(?:a )?(\d{1,2}|couple of|few|an?)"


def mark_days(words: str, today: date, appointment: datetime | None = None) -> str:
    """`words` with a mark for every day but bare weekdays. `appointment` is in local time."""
    words = _MONTH_FOR_BOTH.sub(r"\1 \3 \2 ", words)
    words = _HOUR_OR_DATE.sub(lambda found: _without_unclear_number(found, today), words)
    for pattern, read in _CALENDAR:
        words = _put(pattern, words, read, today)
    if appointment:
        for pattern, around in _AROUND:
            words = _put(pattern, words, around, appointment.date())
    for pattern, read in _RELATIVE:
        words = _put(pattern, words, read, today)
    return words


def days_of(words: str, today: date) -> Iterator[date]:
    """The days of marked words; a weekday beside a week or a month means the one in it."""
    named = {LONG_NAMES.index(found) for found in re.findall(rf"\b({DAY})s?\b", words)}
    for mark in re.findall(MARK, words):
        days = unmark(mark)
        fitting = [day for day in days if day.weekday() in named]
        yield from fitting if len(days) > 1 and fitting else days
    for weekday in named - {day.weekday() for mark in re.findall(MARK, words) for day in unmark(mark)}:
        yield coming(weekday, today)


def unmark(mark: str) -> list[date]:
    return [datetime.strptime(day, "%Y%m%d").date() for day in mark[1:].split("_")]  # noqa: DTZ007 - days only


def coming(weekday: int, after: date) -> date:
    """The first such weekday after a day."""
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def _put(pattern: re.Pattern[str], words: str, read: Reader, seen_from: date) -> str:
    def mark(found: re.Match[str]) -> str:
        days = list(dict.fromkeys(read(found, seen_from)))
        return "d" + "_".join(f"{day:%Y%m%d}" for day in days) + " " if days else found[0]

    return pattern.sub(mark, words)


# --- calendar dates ---------------------------------------------------------------------------------


def _date(day: str, month: int, year: str | None, today: date) -> Days:
    """Without a year the coming one is meant."""
    years = [int(year) + (2000 if len(year) == 2 else 0)] if year else [today.year, today.year + 1]
    for each in years:
        try:
            found = date(each, month, int(day))
        except ValueError:
            continue
        if year or found >= today:
            return [found]
    return []


def _of_month(number: int, first: date) -> Days:
    """The coming day of that number, from `first` on."""
    return [day for n in range(62) if (day := first + timedelta(days=n)).day == number][:1]


def _with_number(weekday: str, number: int, today: date) -> Days:
    """ "tues 24": the coming 24th when it is a Tuesday."""
    return [day for day in _of_month(number, today + timedelta(days=1)) if day.weekday() == LONG_NAMES.index(weekday)]


def _without_unclear_number(found: re.Match[str], today: date) -> str:
    """ "thurs 5" can be five o'clock or the fifth when Thursday is the fifth: then only the day counts."""
    is_date = coming(LONG_NAMES.index(found[1]), today).day == int(found[2])
    return f"{found[1]} " if is_date else found[0]


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


_HOUR_OR_DATE = re.compile(rf"\b({DAY}) (\d{{1,2}})$")
_MONTH_FOR_BOTH = re.compile(rf"\b(\d{{1,2}}){_TH}? ?((?:or|and|,|/)) ?(?=\d{{1,2}}{_TH}?(?: of)? ({_MONTH})\b)")
_MAY = r"(?! (?:be|have|not|need|do|work|suit)\b)"
_CALENDAR: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (
        re.compile(rf"\b(\d{{1,2}}){_TH}?(?: of)? ({_MONTH})\b(?! (?:the )?\d{{1,2}}{_TH}\b){_MAY}{_YEAR}"),
        lambda m, today: _date(m[1], MONTHS[m[2]], m[3], today),
    ),
    (
        re.compile(rf"\b({_MONTH}) (?:the )?(\d{{1,2}}){_TH}?\b(?![:./]\d)(?! ?(?:am|pm|ish|oclock|weeks?|days?)\b)"),
        lambda m, today: _date(m[2], MONTHS[m[1]], None, today),
    ),
    (
        re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|20\d\d)\b(?![/.-]?\d)"),
        lambda m, today: _date(m[1], int(m[2]), m[3], today),
    ),
    (re.compile(r"\b(\d{1,2})/(\d{1,2})\b(?![/\d])"), lambda m, today: _date(m[1], int(m[2]), None, today)),
    (
        re.compile(rf"\b(\d{{1,2}}){_TH} (?:of )?next month\b"),
        lambda m, today: _of_month(int(m[1]), _month_after(today)),
    ),
    (
        re.compile(rf"\b(?:the )?(\d{{1,2}}){_TH}\b(?: of (?:the|this) month)?{_NO_DAY}"),
        lambda m, today: _of_month(int(m[1]), today + timedelta(days=1)),
    ),
    (
        re.compile(rf"\b({DAY}) (?:the )?(1[3-9]|2\d|3[01])\b(?! ?[:./]?\d)(?! ?(?:mins|hrs|hours|days|am|pm)\b)"),
        lambda m, today: _with_number(m[1], int(m[2]), today),
    ),
)

# --- days as seen from today --------------------------------------------------------------------------


def _week(monday: date, first: int = 0, last: int = 4) -> Days:
    return [monday + timedelta(days=n) for n in range(first, last + 1)]


def _week_of(name: str, today: date) -> date:
    """The Monday of "this", "next" or "after next" week."""
    return today - timedelta(days=today.weekday() - 7 * {"this": 0, "next": 1}.get(name, 2))


def _later(days: Days, today: date) -> Days:
    return [day for day in days if day > today]


def _month_part(part: str, first: date, today: date) -> Days:
    """A whole month, or its first, middle or last week."""
    whole = [first + timedelta(days=n) for n in range((_month_after(first) - first).days)]
    start, end = {"start": (0, 7), "beginning": (0, 7), "early": (0, 7), "middle": (10, 20), "mid": (10, 20)}.get(
        part, (0, 31) if not part else (len(whole) - 7, 31)
    )
    return _later(whole[start:end], today)


def _in(many: str, unit: str, today: date) -> Days:
    """ "in 10 days"; "a few" and "a couple of" mean more than one day, or the whole week."""
    number = _MANY.get(many) or int(many)
    day = today + timedelta(days=number * _UNIT[unit])
    if many not in {"few", "couple of"}:
        return [day]
    return [day, day + timedelta(days=1)] if unit == "day" else _week(day - timedelta(days=day.weekday()))


def _next_weekday(name: str, today: date) -> Days:
    """ "next tuesday" can mean two days, unless this week's is over."""
    first = coming(LONG_NAMES.index(name), today)
    return [first] if first >= _week_of("next", today) else [first, first + timedelta(days=7)]


def _between(start: str, end: str, today: date) -> Days:
    first = coming(LONG_NAMES.index(start), today)
    last = coming(LONG_NAMES.index(end), first - timedelta(days=1))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _limit(word: str, day: str, today: date) -> Days:
    """ "after thurs", "from the 5th on", "before weds", "by friday"."""
    limit = unmark(day)[0] if day[1:].isdecimal() or "_" in day else coming(LONG_NAMES.index(day), today)
    if word in {"before", "by", "until"}:
        return [
            d
            for n in range(1, HORIZON + 1)
            if (d := today + timedelta(days=n)) < limit or (word == "by" and d == limit)
        ]
    return [limit + timedelta(days=n) for n in range(1 if word == "after" else 0, HORIZON + 1)]


_OF = r"(?:of |in )?(?:the )?"
_RELATIVE: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (r"\bday after (?:tomorrow|2moro)\b", lambda _, t: [t + timedelta(days=2)]),
        (r"\b(?:(?:a )?week (?:on )?tomorrow|tomorrow week)\b", lambda _, t: [t + timedelta(days=8)]),
        (r"\btomorrow\b", lambda _, t: [t + timedelta(days=1)]),
        (rf"\b{_COUNT} (week|fortnight)s? (?:from )?today\b", lambda m, t: _in(m[1], m[2], t)),
        (r"\btoday (week|fortnight)\b", lambda m, t: _in("a", m[1], t)),
        (r"\b(?:in |within )?(?:a )?fortnights?(?: time)?\b(?! on| [mtwfs])", lambda _, t: _in("a", "fortnight", t)),
        (rf"\b{_COUNT} (day|week)s? time\b", lambda m, t: _in(m[1], m[2], t)),
        (rf"\bin {_COUNT} (day|week)s?\b", lambda m, t: _in(m[1], m[2], t)),
        (r"\btoday\b", lambda _, t: [t]),
        (
            rf"\b(?:a )?(week|fortnight|2 weeks) (?:on )?({DAY})\b",
            lambda m, t: [coming(LONG_NAMES.index(m[2]), t) + timedelta(days=7 if m[1] == "week" else 14)],
        ),
        (
            rf"\b({DAY}) (week|fortnight)\b",
            lambda m, t: [coming(LONG_NAMES.index(m[1]), t) + timedelta(days=_UNIT[m[2]])],
        ),
        (rf"\b({DAY}) after next\b", lambda m, t: [coming(LONG_NAMES.index(m[1]), t) + timedelta(days=7)]),
        (
            rf"\b({DAY})s?,? (?:of |in )?(this|next) week\b",
            lambda m, t: _week(_week_of(m[2], t), LONG_NAMES.index(m[1]), LONG_NAMES.index(m[1])),
        ),
        (
            rf"\b(this|next) week (?:on |maybe )?({DAY})\b(?! or| and)",
            lambda m, t: _week(_week_of(m[1], t), LONG_NAMES.index(m[2]), LONG_NAMES.index(m[2])),
        ),
        (
            rf"\b(?:end|back end|later|late|latter part) {_OF}(this |next )?week\b",
            lambda m, t: _later(_week(_week_of((m[1] or "this").strip(), t), 3, 4), t),
        ),
        (
            rf"\b(?:start|beginning|early) {_OF}(this |next )?week\b",
            lambda m, t: _later(_week(_week_of((m[1] or "next").strip(), t), 0, 1), t),
        ),
        (
            rf"\b(?:mid|middle) ?{_OF}(this |next )?week\b",
            lambda m, t: [coming(2, _week_of((m[1] or "this").strip(), t)) if m[1] else coming(2, t)],
        ),
        (r"\bweek after next\b", lambda _, t: _week(_week_of("after next", t))),
        (r"\bnext week\b", lambda _, t: _week(_week_of("next", t))),
        (r"\bthis week\b", lambda _, t: _later(_week(_week_of("this", t)), t)),
        (r"\bnext weekend\b", lambda _, t: [*_next_weekday("saturday", t), *_next_weekday("sunday", t)]),
        (r"\b(?:this )?weekend\b(?! only)", lambda _, t: [coming(5, t), coming(5, t) + timedelta(days=1)]),
        (
            rf"\b(?:(start|beginning|early|middle|mid|end|late|later) {_OF})?next month\b",
            lambda m, t: _month_part(m[1] or "", _month_after(t), t),
        ),
        (
            rf"\b(?:(start|beginning|early|middle|mid|end|late|later) {_OF}(?:this )?|this )month\b",
            lambda m, t: _month_part(m[1] or "", t.replace(day=1), t) or _month_part(m[1] or "", _month_after(t), t),
        ),
        (
            rf"\b(?:(start|beginning|early|middle|mid|end|late) {_OF})({_MONTH})\b",
            lambda m, t: _month_part(m[1], next(iter(_date("1", MONTHS[m[2]], None, t))), t),
        ),
        (rf"\bnext ({DAY})\b", lambda m, t: _next_weekday(m[1], t)),
        (
            rf"\bday (after|before) ({DAY})\b",
            lambda m, t: [coming(LONG_NAMES.index(m[2]), t) + timedelta(days=_SIGN[m[1]])],
        ),
        (
            rf"\b(?:any day |between |from )?({DAY}) (?:to|until|through|thru) ({DAY})\b",
            lambda m, t: _between(m[1], m[2], t),
        ),
        (
            rf"\b(?:not |away |busy |working )?(?:(before|by|until|after|from) )(?:the )?({DAY}|{MARK})\b",
            lambda m, t: _limit(
                "from" if m[0].split()[0] in {"not", "away", "busy", "working"} and m[1] != "after" else m[1], m[2], t
            ),
        ),
    )
)

# --- days as seen from the appointment ----------------------------------------------------------------

_IT = r"(?: (?:the |my |that |this )?(?:appointment|appt|app|apt|meeting|it|that|session))?"
_NOT_A_DAY = rf"(?! (?:tomorrow|next|{DAY}|{MARK}|the \d|\d))"
_AROUND: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (
            rf"\b(?:{_COUNT} )?(day|week|fortnight)s? (after|later|before|earlier){_IT}\b{_NOT_A_DAY}",
            lambda m, a: [a + timedelta(days=_SIGN[m[3]] * _UNIT[m[2]] * (_MANY.get(m[1] or "") or int(m[1])))],
        ),
        (r"\b(?:the )?(?:following|next) day\b", lambda _, a: [a + timedelta(days=1)]),
        (r"\b(?:the )?following week\b", lambda _, a: _week(_week_of("next", a))),
        (r"\b(?:the )?(?:same|that) day next week\b", lambda _, a: [a + timedelta(days=7)]),
        (r"\b(?:the )?(?:same|that) day(?! (?:as|every))\b", lambda _, a: [a]),
    )
)
