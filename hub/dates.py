"""Understanding the days and times that people write: "2moro", "thurs arvo", "half 2", "any day but fri",
"a week on tues", "bore dydd Iau".

The text is put into plain words (`plain_words`), its days are marked (`day_reading`), what does not suit is taken out
(`ruled_out`), and the hours are read (`clock_reading`). What could mean two days stays two: the caller asks. Knows
nothing of who is free.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hub.clock_reading import Hours, mark_clocks, read_hours
from hub.date_words import LONG_NAMES
from hub.day_reading import coming, days_of, mark_days
from hub.plain_words import plain_words
from hub.ruled_out import RuledOut, moved, only_those_days, take_out_days, take_out_hours

_ANY = re.compile(r"\bany ?(?:day|time|thing|of them)\b|\bwhenever\b")
_DAY = "|".join(LONG_NAMES)
_PAST = re.compile(
    rf"\b(?:day before yesterday|yesterday|last (?:week|month|night|{_DAY})|"
    rf"(?P<many>\d{{1,2}}|an?|couple of) (?P<unit>day|week)s? ago"
    rf"|\w+ (?:month|year|hour|minute|min)s? ago)\b"
)
_SHIFT = re.compile(
    r"\b(?P<many>\d{1,2}|an?|half an?|couple of) ?(?P<unit>hours?|hrs?|mins?|minutes?) "
    r"(?P<way>later|after|earlier|before|sooner)\b"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for. No days: any; `earliest` to `latest` is the part of the day; `without` are
    weekdays and `not_on` days that do not suit; `or_at` are further clock times that would do."""

    days: tuple[date, ...] = ()
    at: time | None = None
    earliest: time | None = None
    latest: time | None = None
    without: frozenset[int] = frozenset()
    not_on: frozenset[date] = frozenset()
    or_at: tuple[time, ...] = ()

    @property
    def exact(self) -> tuple[date, time] | None:
        """The one day and time that is meant, where nothing is left open."""
        return (self.days[0], self.at) if len(self.days) == 1 and self.at and not self.or_at else None

    def allows(self, day: date, clock: time) -> bool:
        within = (self.earliest is None or clock >= self.earliest) and (self.latest is None or clock < self.latest)
        suits = day.weekday() not in self.without and day not in self.not_on
        on_day = suits and (not self.days or day in self.days)
        return on_day and within and (self.at is None or clock in {self.at, *self.or_at})


def understand(text: str, today: date, appointment: datetime | None = None) -> Wish | None:
    """What day or time `text` asks for, seen from `today` (local); None when it speaks of neither.

    `appointment` (local time) is what "the day before", "an hour later" and "same time" start from; without it
    they say nothing.
    """
    words = _PAST.sub(" ", plain_words(text))
    words = _from_appointment(words, appointment) if appointment else words
    words = moved(mark_days(moved(words), today, appointment))
    words, out = take_out_days(mark_clocks(words))
    words, earliest, latest = take_out_hours(words)
    days = tuple(sorted(set(days_of(words, today)) - out.days - {coming(day, today) for day in out.weekdays}))
    wish = _wish(days, read_hours(words), out, earliest, latest)
    return wish if wish != Wish() or _ANY.search(words) else None


def understand_day(text: str, today: date) -> date | None:
    """The one day that `text` names, past or future (for an answer to "when was it?")."""
    past = _PAST.search(plain_words(text))
    if past:
        return _past_day(past, today)
    wish = understand(text, today)
    return wish.days[0] if wish and len(wish.days) == 1 else None


def _wish(days: tuple[date, ...], hours: Hours, out: RuledOut, earliest: time | None, latest: time | None) -> Wish:
    return Wish(
        days,
        hours.times[0] if hours.times else None,
        hours.earliest or earliest,
        hours.latest or latest,
        only_those_days(out.weekdays, days),
        out.days,
        hours.times[1:],
    )


def _past_day(found: re.Match[str], today: date) -> date | None:
    """ "yesterday", "last tues", "3 days ago"; "last week" is no one day."""
    if found["unit"]:
        number = {"a": 1, "an": 1, "couple of": 2}.get(found["many"]) or int(found["many"])
        return today - timedelta(days=number * (7 if found["unit"] == "week" else 1))
    if "yesterday" in found[0]:
        return today - timedelta(days=2 if "before" in found[0] else 1)
    if found[0] == "last night":
        return today - timedelta(days=1)
    name = found[0].removeprefix("last ")
    if name not in LONG_NAMES:
        return None
    return today - timedelta(days=(today.weekday() - LONG_NAMES.index(name) - 1) % 7 + 1)


def _from_appointment(words: str, appointment: datetime) -> str:
    """ "an hour later" and "same time" as a day and a clock time."""

    def shifted(found: re.Match[str]) -> str:
        unit = timedelta(minutes=1) if found["unit"].startswith("min") else timedelta(hours=1)
        number = {"half a": 0.5, "half an": 0.5, "a": 1, "an": 1, "couple of": 2}.get(found["many"])
        number = int(found["many"]) if number is None else number
        sign = 1 if found["way"] in {"later", "after"} else -1
        moment = appointment + sign * number * unit
        return f"{'' if _names_a_day(words) else 'same day '}at {moment:%H:%M}"

    its_weekday = LONG_NAMES[appointment.weekday()]
    words = re.sub(rf"\b{its_weekday} to (?=(?:{_DAY})\b)(?!friday)", "", words)  # "tues to thurs": move it
    words = _SHIFT.sub(shifted, words)
    words = re.sub(r"\b(?:the )?same time\b", f"at {appointment:%H:%M}", words)
    words = re.sub(r"\b(?:later|after) (?=(?:on )?(?:that|the same) day)", f"after {appointment:%H:%M} ", words)
    return re.sub(r"\bearlier (?=(?:on )?(?:that|the same) day)", f"before {appointment:%H:%M} ", words)


def _names_a_day(words: str) -> bool:
    return bool(re.search(rf"\b(?:{_DAY}|day|tomorrow|today|week)\b", words))
