"""The ways in which people write a day and a clock time: tables of writers for the round trip in `test_date_styles`.

A day writer gives None where nobody would write that day so ("tomorrow" for a day in June).
"""

from collections.abc import Callable
from datetime import date, time, timedelta

DayWriter = Callable[[date, date], str | None]
ClockWriter = Callable[[time], str | None]

WORDS = ("", *["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"])
WELSH_WORDS = (
    *["", "un", "dau", "tri", "pedwar", "pump", "chwech", "saith", "wyth", "naw", "deg", "un ar ddeg", "deuddeg"],
)
WELSH_SOFT = (
    *["", "un", "ddau", "dri", "bedwar", "bump", "chwech", "saith", "wyth", "naw", "ddeg", "un ar ddeg", "ddeuddeg"],
)
WELSH_MONTHS = (
    *("", "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin"),
    *("Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"),
)
WELSH_SOFT_MONTHS = {
    2: "Chwefror",
    3: "Fawrth",
    5: "Fai",
    6: "Fehefin",
    7: "Orffennaf",
    9: "Fedi",
    11: "Dachwedd",
    12: "Ragfyr",
}
WEEKDAY_NAMES = {
    "full": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "short": "mon tues weds thurs fri sat sun",
    "shorter": "mon tue wed thur fri sat sun",
    "typos": "munday teusday wendsday thirsday fryday satday sunady",
    "more typos": "mondya tuesady wensday thurdsay firday saterday sundey",
    "Welsh": "dydd_Llun dydd_Mawrth dydd_Mercher dydd_Iau dydd_Gwener dydd_Sadwrn dydd_Sul",
    "Polish": "poniedziałek wtorek środa czwartek piątek sobota niedziela",
    "in Polish": "w_poniedziałek we_wtorek w_środę w_czwartek w_piątek w_sobotę w_niedzielę",
    "Romanian": "luni marți miercuri joi vineri sâmbătă duminică",
    "Urdu": "somwar mangal budh jumerat juma sanichar itwar",
    "Punjabi": "somvar mangalvar budhvar veervar shukarvar shanivar aitvar",
}
TOMORROW = [
    "tomorrow",
    "tomoz",
    "tmrw",
    "2moro",
    "2morrow",
    "tommorow",
    "tomorow",
    "2moz",
    "yfory",
    "fory",
    "jutro",
    "mâine",
    "kal",
    "bhalke",
]


def th(number: int) -> str:
    return f"{number}{'th' if 10 < number < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def welsh_th(number: int) -> str:
    low = {
        1: "af",
        2: "il",
        3: "ydd",
        4: "ydd",
        5: "ed",
        6: "ed",
        11: "eg",
        13: "eg",
        14: "eg",
        16: "eg",
        17: "eg",
        19: "eg",
    }
    return f"{number}{'ain' if number > 20 else low.get(number, 'fed')}"


def _ahead(first: int, last: int, write: Callable[[date, int], str]) -> DayWriter:
    def writer(day: date, today: date) -> str | None:
        ahead = (day - today).days
        return write(day, ahead) if first <= ahead <= last else None

    return writer


def _weekday(names: str, frame: str = "{}", first: int = 1, last: int = 7) -> DayWriter:
    listed = [name.replace("_", " ") for name in names.split()]
    return _ahead(first, last, lambda day, _: frame.format(listed[day.weekday()]))


def _next_week(day: date, today: date) -> str | None:
    monday = today + timedelta(days=7 - today.weekday())
    return f"{day:%a} next wk" if monday <= day < monday + timedelta(days=7) else None


_FULL = WEEKDAY_NAMES["full"]
DAY_STYLES: dict[str, DayWriter] = {
    "5 March": _ahead(1, 300, lambda d, _: f"{d.day} {d:%B}"),
    "5th march": _ahead(1, 300, lambda d, _: f"{th(d.day)} {d:%B}".lower()),
    "the 5th of mar": _ahead(1, 300, lambda d, _: f"the {th(d.day)} of {d:%b}"),
    "March 5th": _ahead(1, 300, lambda d, _: f"{d:%B} {th(d.day)}"),
    "5 March 2026": _ahead(1, 700, lambda d, _: f"{d.day} {d:%B} {d.year}"),
    "5/3": _ahead(1, 300, lambda d, _: f"{d.day}/{d.month}"),
    "05/03/26": _ahead(1, 700, lambda d, _: f"{d:%d/%m/%y}"),
    "5.3.2026": _ahead(1, 700, lambda d, _: f"{d.day}.{d.month}.{d.year}"),
    "5-3-26": _ahead(1, 700, lambda d, _: f"{d.day}-{d.month}-{d:%y}"),
    "Thursday 5th March": _ahead(1, 300, lambda d, _: f"{d:%A} {th(d.day)} {d:%B}"),
    "thu the 5th": _ahead(1, 27, lambda d, _: f"{d:%a} the {th(d.day)}".lower()),
    "the 5th": _ahead(1, 27, lambda d, _: f"the {th(d.day)}"),
    "5 Mawrth": _ahead(1, 300, lambda d, _: f"{d.day} {WELSH_MONTHS[d.month]}"),
    "5ed o Fawrth": _ahead(
        1, 300, lambda d, _: f"{welsh_th(d.day)} o {WELSH_SOFT_MONTHS.get(d.month, WELSH_MONTHS[d.month])}"
    ),
    "in 10 days": _ahead(1, 99, lambda _, n: f"in {n} days"),
    "ten days time": _ahead(2, 12, lambda _, n: f"{WORDS[n]} days time"),
    "ymhen 10 diwrnod": _ahead(2, 99, lambda _, n: f"ymhen {n} diwrnod"),
    "in 2 weeks": lambda d, t: f"in {(d - t).days // 7} weeks" if (d - t).days in range(14, 90, 7) else None,
    "a week today": _ahead(7, 7, lambda *_: "a week today"),
    "in a fortnight": _ahead(14, 14, lambda *_: "in a fortnight"),
    "pythefnos": _ahead(14, 14, lambda *_: "mewn pythefnos"),
    "day after tomorrow": _ahead(2, 2, lambda *_: "day after 2moro"),
    "trennydd": _ahead(2, 2, lambda *_: "trennydd"),
    "this Thursday": _weekday(_FULL, "this {}"),
    "thursday week": _weekday(_FULL, "{} week", 8, 14),
    "a week on thurs": _weekday(WEEKDAY_NAMES["short"], "a wk on {}", 8, 14),
    "wythnos i ddydd Iau": _weekday(WEEKDAY_NAMES["Welsh"].replace("dydd", "ddydd"), "wythnos i {}", 8, 14),
    "a fortnight on thursday": _weekday(_FULL, "a fortnight on {}", 15, 21),
    "Thu next wk": _next_week,
    **{f"weekday, {kind}": _weekday(names) for kind, names in WEEKDAY_NAMES.items()},
    **{word: _ahead(1, 1, lambda *_, word=word: word) for word in TOMORROW},
}


def _hour(clock: time) -> int:
    return clock.hour % 12 or 12


def _half(clock: time) -> str:
    return "am" if clock.hour < 12 else "pm"


def _part(clock: time) -> str:
    return "morning" if clock.hour < 12 else "afternoon" if clock.hour < 18 else "evening"


def _at_minute(minute: int | None, write: Callable[[time, int], str]) -> ClockWriter:
    """Only for that minute of the hour; the number is the hour that people say (the next one for "quarter to")."""

    def writer(clock: time) -> str | None:
        said = _hour(clock) % 12 + 1 if clock.minute > 30 else _hour(clock)
        return write(clock, said) if minute in {None, clock.minute} else None

    return writer


CLOCK_STYLES: dict[str, ClockWriter] = {
    "2:30pm": lambda c: f"{_hour(c)}:{c:%M}{_half(c)}",
    "2.30 pm": lambda c: f"{_hour(c)}.{c:%M} {_half(c)}",
    "2.30 p.m.": lambda c: f"{_hour(c)}.{c:%M} {_half(c)[0]}.m.",
    "230pm": lambda c: f"{_hour(c)}{c:%M}{_half(c)}",
    "14:30": lambda c: f"{c:%H:%M}",
    "14.30": lambda c: f"{c:%H.%M}",
    "1430hrs": lambda c: f"{c:%H%M}hrs",
    "14h30": lambda c: f"{c.hour}h{c:%M}",
    "2.30 in the afternoon": lambda c: f"{_hour(c)}.{c:%M} in the {_part(c)}",
    "2pm": _at_minute(0, lambda c, h: f"{h}{_half(c)}"),
    "2 PM": _at_minute(0, lambda c, h: f"{h} {_half(c).upper()}"),
    "2 o'clock": _at_minute(0, lambda _, h: f"{h} o'clock"),
    "two oclock": _at_minute(0, lambda _, h: f"{WORDS[h]} oclock"),
    "2ish": _at_minute(0, lambda _, h: f"{h}ish"),
    "bout 2": _at_minute(0, lambda _, h: f"bout {h}"),
    "at two": _at_minute(0, lambda _, h: f"at {WORDS[h]}"),
    "2 in the afternoon": _at_minute(0, lambda c, h: f"{h} in the {_part(c)}"),
    "am ddau": _at_minute(0, lambda _, h: f"am {WELSH_SOFT[h]}"),
    "dau o'r gloch": _at_minute(0, lambda _, h: f"{WELSH_WORDS[h]} o'r gloch"),
    "2 baje": _at_minute(0, lambda _, h: f"{h} baje"),
    "half 2": _at_minute(30, lambda _, h: f"half {h}"),
    "half two ish": _at_minute(30, lambda _, h: f"half {WORDS[h]} ish"),
    "half past 2": _at_minute(30, lambda _, h: f"half past {h}"),
    "two thirty": _at_minute(30, lambda _, h: f"{WORDS[h]} thirty"),
    "hanner awr wedi dau": _at_minute(30, lambda _, h: f"hanner awr wedi {WELSH_WORDS[h]}"),
    "saadhe 2 baje": _at_minute(30, lambda _, h: f"saadhe {h} baje"),
    "quarter past 2": _at_minute(15, lambda _, h: f"quarter past {h}"),
    "chwarter wedi dau": _at_minute(15, lambda _, h: f"chwarter wedi {WELSH_WORDS[h]}"),
    "quarter to 2": _at_minute(45, lambda _, h: f"a quarter to {WORDS[h]}"),
    "chwarter i ddau": _at_minute(45, lambda _, h: f"chwarter i {WELSH_SOFT[h]}"),
    "ten past 2": _at_minute(10, lambda _, h: f"ten past {h}"),
    "at ten to two": _at_minute(50, lambda _, h: f"at ten to {WORDS[h]}"),
    "20 to 2": _at_minute(40, lambda _, h: f"20 to {h}"),
    "twenty five past 2": _at_minute(25, lambda _, h: f"twenty five past {h}"),
}
FRAMES = (
    "{day} {clock}",
    "{clock} {day}",
    "{clock} on {day} pls",
    "cud i do {day}, {clock}?",
    "Hi its Sam. {day} {clock} is better 4 me thanks",
)
