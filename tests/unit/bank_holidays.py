"""Bank holidays of 2025 to 2027 as GOV.UK publishes them, typed by hand, with substitute days in place of weekends.

Independent of the library that Handrail counts with: Easter comes from its own computation, and a typed day that the
rules of each nation do not give would be found by tests/unit/test_working_days.py.
"""

from collections.abc import Mapping
from datetime import date

_EVERYWHERE = [
    "2025-01-01", "2025-04-18", "2025-05-05", "2025-05-26", "2025-12-25", "2025-12-26",
    "2026-01-01", "2026-04-03", "2026-05-04", "2026-05-25", "2026-12-25", "2026-12-28",  # Boxing Day is a Saturday
    "2027-01-01", "2027-03-26", "2027-05-03", "2027-05-31", "2027-12-27", "2027-12-28",  # both fall on a weekend
]  # fmt: skip
_EASTER_MONDAYS = ["2025-04-21", "2026-04-06", "2027-03-29"]
_LATE_SUMMER = ["2025-08-25", "2026-08-31", "2027-08-30"]
_ENGLAND_AND_WALES = [*_EVERYWHERE, *_EASTER_MONDAYS, *_LATE_SUMMER]
_SCOTLAND = [
    *_EVERYWHERE,
    *["2025-01-02", "2026-01-02", "2027-01-04"],  # 2 January 2027 is a Saturday
    *["2025-08-04", "2026-08-03", "2027-08-02"],
    *["2025-12-01", "2026-11-30", "2027-11-30"],  # 30 November 2025 is a Sunday
    "2026-06-15",  # the World Cup: Royal Proclamation of 3 February 2026, for Scotland alone
]
_NORTHERN_IRELAND = [
    *_ENGLAND_AND_WALES,
    *["2025-03-17", "2026-03-17", "2027-03-17"],
    *["2025-07-14", "2026-07-13", "2027-07-12"],  # 12 July is a Saturday, then a Sunday
]

BANK_HOLIDAYS: Mapping[str, frozenset[date]] = {
    nation: frozenset(map(date.fromisoformat, days))
    for nation, days in {
        "ENG": _ENGLAND_AND_WALES,
        "WLS": _ENGLAND_AND_WALES,
        "SCT": _SCOTLAND,
        "NIR": _NORTHERN_IRELAND,
    }.items()
}
ZONES = {"ENG": "Europe/London", "WLS": "Europe/London", "SCT": "Europe/London", "NIR": "Europe/Belfast"}


def easter(year: int) -> date:
    """Easter Sunday by Butcher's rule (Nature, 20 April 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    (i, k), m = divmod(c, 4), (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)
