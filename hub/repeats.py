"""How an appointment repeats: plain words or an RRULE (RFC 5545, section 3.3.10) in, local days out.

A rule is kept in days and the time of day apart from it, so that 14:00 on the wall stays 14:00 when the clocks change.
`dateutil` expands it. Pure; knows no appointment.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from dateutil import rrule

from hub.errors import BadRepeats
from hub.times import at_local, local

PARTS = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "COUNT", "UNTIL", "WKST"})
FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CODES = {name: name[:2].upper() for name in _DAYS}
_NUMBERS = {"": 1, "other": 2, "second": 2, "two": 2, "three": 3, "third": 3, "four": 4, "fourth": 4}
_PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_UNITS = {"day": "DAILY", "week": "WEEKLY", "fortnight": "WEEKLY", "month": "MONTHLY"}
_SHORT = {
    "daily": "every day",
    "weekly": "every week",
    "fortnightly": "every 2 weeks",
    "every fortnight": "every 2 weeks",
    "monthly": "every month",
    "every weekday": "every working day",
}

_DAY_NAME = rf"(?:{'|'.join(_DAYS)})s?"
_EVERY = re.compile(r"every (?:(?P<number>\d{1,2}|[a-z]+) )?(?P<unit>day|week|month)s?")
_ON_DAYS = re.compile(rf"every (?:(?P<number>[a-z]+) )?(?P<days>{_DAY_NAME}(?:(?:,| and|, and) {_DAY_NAME})*)")
_IN_MONTH = re.compile(
    rf"(?:every |the )?(?P<place>{'|'.join(_PLACES)}) (?P<day>{'|'.join(_DAYS)}) (?:of|in) (?:the|every|each) month"
)
_TAIL = re.compile(r"(?P<base>.*?)(?:,? until (?P<until>.*?)|,? (?P<count>\d{1,3}) times)?(?:,? except (?P<out>.*))?")


@dataclass(frozen=True, slots=True)
class Repeats:
    rule: str  # RRULE whose UNTIL, if any, is a local day
    left_out: tuple[date, ...] = ()

    def days(self, first_on: date, after: date, until: date) -> list[date]:
        """The days after `after` up to `until`. `first_on` is what the rule counts from."""
        found = _expanded(self.rule, first_on, until)
        return [day for day in found if day > after and day not in self.left_out]


def read(words: str, first_on: date, clock: time, zone: str) -> Repeats:
    """`clock` and `zone` tell which local day the UNTIL of an RRULE means.

    Raises
    ------
    BadRepeats
        when the words are no rule, or the first day is not one of its days.
    """
    text = " ".join(words.split())
    is_rule = text.upper().removeprefix("RRULE:").startswith("FREQ=")
    found = _from_rule(text, clock, zone) if is_rule else _from_words(text.lower(), first_on)
    try:
        first = _expanded(re.sub(r";?COUNT=\d+", "", found.rule), first_on, first_on)
    except ValueError as wrong:
        raise BadRepeats(f"(“{words}”)") from wrong
    if first != [first_on]:
        raise BadRepeats(f"(“{words}” does not fall on its first day, {first_on:%A %-d %B %Y})")
    return found


def in_words(repeats: Repeats) -> str:
    """For lists of staff: "every 2 weeks on Tuesday"; a rule that is not so simple is shown as it is written."""
    parts = dict(part.split("=") for part in repeats.rule.split(";"))
    days = [name.capitalize() for code in parts.get("BYDAY", "").split(",") for name in _DAYS if _CODES[name] == code]
    unit = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}[parts["FREQ"]]
    number = int(parts.get("INTERVAL", "1"))
    plain = parts.keys() <= {"FREQ", "INTERVAL", "BYDAY", "UNTIL", "COUNT"} and len(days) == parts.get(
        "BYDAY", ""
    ).count(",") + ("BYDAY" in parts)
    if not plain:
        return repeats.rule
    said = f"every {unit}" if number == 1 else f"every {number} {unit}s"
    said += f" on {' and '.join(days)}" if days else ""
    said += f" until {_day_of(parts['UNTIL']):%-d %B %Y}" if "UNTIL" in parts else ""
    return said + (f", {parts['COUNT']} times" if "COUNT" in parts else "")


def _expanded(rule: str, first_on: date, until: date) -> list[date]:
    """Stopped at `until`, since a rule such as 30 February would be looked for until the year 9999."""
    start = datetime.combine(first_on, time())
    expanded = rrule.rrulestr(rule, dtstart=start)
    assert isinstance(expanded, rrule.rrule)  # noqa: S101 - one rule is no set; the types cannot say so
    last = datetime.combine(until, time())
    if "COUNT=" not in rule:
        own = re.search(r"UNTIL=(\d{8})", rule)
        last = min(last, datetime.combine(_day_of(own[1]), time())) if own else last
        expanded = expanded.replace(until=last)
    return [moment.date() for moment in expanded.between(start, last, inc=True)]


def _from_rule(text: str, clock: time, zone: str) -> Repeats:
    parts = dict(part.partition("=")[::2] for part in text.upper().removeprefix("RRULE:").strip(";").split(";"))
    if not parts.keys() <= PARTS or parts.get("FREQ") not in FREQUENCIES or {"COUNT", "UNTIL"} <= parts.keys():
        raise BadRepeats(f"(of an RRULE we read {', '.join(sorted(PARTS))}, by the day or longer)")
    if "BYMONTH" in parts and parts["FREQ"] != "YEARLY":  # a day that never comes would be looked for day by day
        raise BadRepeats("(BYMONTH needs FREQ=YEARLY)")
    if "UNTIL" in parts:
        parts["UNTIL"] = f"{_last_day(parts['UNTIL'], clock, zone):%Y%m%d}"
    return Repeats(";".join(f"{name}={value}" for name, value in parts.items()))


def _last_day(until: str, clock: time, zone: str) -> date:
    """A moment in UTC is the last at which one may begin (RFC 5545); a day alone counts to its end."""
    found = re.fullmatch(r"(\d{8})(?:T(\d{6})Z?)?", until)
    if not found:
        raise BadRepeats(f"(UNTIL={until})")
    if found[2] is None:
        return _day_of(found[1])
    last = _moment_of(found[1] + found[2])
    moment = last.replace(tzinfo=UTC) if until.endswith("Z") else at_local(last.date(), last.time(), zone)
    day = local(moment, zone).date()
    return day if at_local(day, clock, zone) <= moment else day - timedelta(days=1)


def _from_words(words: str, first_on: date) -> Repeats:
    tail = _TAIL.fullmatch(words)
    parts = _base(_SHORT.get(tail["base"], tail["base"]), first_on) if tail else None
    if tail is None or parts is None:
        raise BadRepeats(f"(“{words}”)")
    if tail["until"]:
        parts["UNTIL"] = f"{_read_day(tail['until']):%Y%m%d}"
    if tail["count"]:
        parts["COUNT"] = tail["count"]
    out = tuple(_read_day(day) for day in re.split(r", and |, | and ", tail["out"])) if tail["out"] else ()
    return Repeats(";".join(f"{name}={value}" for name, value in parts.items()), out)


def _base(words: str, first_on: date) -> dict[str, str] | None:
    """None for words that say no rule."""
    if words == "every working day":
        return {"FREQ": "WEEKLY", "BYDAY": "MO,TU,WE,TH,FR"}
    if found := _IN_MONTH.fullmatch(words):
        return {"FREQ": "MONTHLY", "BYDAY": f"{_PLACES[found['place']]}{_CODES[found['day']]}"}
    if found := _ON_DAYS.fullmatch(words):
        number = _NUMBERS.get(found["number"] or "")
        days = ",".join(_CODES[name] for name in _DAYS if name in found["days"])
        return {"FREQ": "WEEKLY", "INTERVAL": str(number), "BYDAY": days} if number else None
    if found := _EVERY.fullmatch(words):
        spoken = found["number"] or ""
        number = int(spoken) if spoken.isdigit() else _NUMBERS.get(spoken)
        on = {"week": {"BYDAY": _CODES[_DAYS[first_on.weekday()]]}, "month": {"BYMONTHDAY": str(first_on.day)}}
        return {"FREQ": _UNITS[found["unit"]], "INTERVAL": str(number), **on.get(found["unit"], {})} if number else None
    return None


def _read_day(text: str) -> date:
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    raise BadRepeats(f"(“{text}” is not a day: write 31/12/2026)")


def _day_of(digits: str) -> date:
    return _moment_of(f"{digits}000000").date()


def _moment_of(digits: str) -> datetime:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S")  # noqa: DTZ007 - on a wall that is known elsewhere
    except ValueError as wrong:
        raise BadRepeats(f"({digits})") from wrong
