"""What stands in the blanks of a route: something of the own side, of the other side, or of nobody at all.

Whose a number in an address is, the word before it tells: `/people/{ref}/cases/{number}` is a row of `cases`. A word
that is no table's name stands in `MEANS`. Words that are of nobody come from the table of tests/web/test_walk.py.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from random import Random
from typing import Any

from fastapi.routing import APIRoute

from hub.words import Side
from inbox.pages import ROUTERS
from tests.wall.marks import OTHER
from tests.wall.rows import TABLES, Row, Rows
from tests.web.quiet import Quiet
from tests.web.test_walk import address

MEANS = {
    "outcomes": "appointments",
    "screen": "appointments",
    "send": "mailings",
    "calendar": "calendar_feeds",
    "danger": "escalations",
    "merge": "people",
    "media": "media_files",
    "contact": "contact_points",
    "contacts": "people",
    "proposals": "proposals",
    "statements": "statements",
    "areas": "support_areas",
    "requests": "support_requests",
    "back": "return_plans",
    "keys": "api_keys",
    "people-who-work-here": "workers",
    "duty": "duties",
    "views": "saved_views",
    "versions": "text_versions",
    "voices": "media_files",
    "services": "support_services",
    "surveys": "survey_runs",
    "safe": "safe_checks",
    "days": "safe_plans",
    "voice": "media_files",
    "supporters": "people",
    "no-contact": "no_contacts",
}
STEPS = ("preview", "s", "q")  # a number after these counts the questions of a survey or a statement
REFS = ("ref", "other", "escalation")  # blanks that hold a reference; other rows go by their id
NOBODYS_REF, NOBODYS_ID, NOBODYS_TOKEN = "22222222", 987_654_321, "a-token-that-was-never-given"
_BLANK = re.compile(r"\{(\w+)[^}]*\}")
_NOTHING: dict[str, Any] = dict.fromkeys((each.name for each in fields(Quiet)), "")
_BOGUS = Quiet(**_NOTHING)
_TABLES = {table.name for table in TABLES}


class Whose(Enum):
    OWN = "own"
    OTHERS = "others"
    NOBODYS = "nobodys"


@dataclass(frozen=True)
class Blank:
    name: str
    table: str  # empty: a word that is of nobody


class Unfilled(Exception):
    """A route with a blank that nobody can fill."""


def blanks_of(path: str) -> list[Blank]:
    """Raises `Unfilled`."""
    words, found = path.split("/"), list[Blank]()
    for place, word in enumerate(words):
        for name in _BLANK.findall(word):
            before = next((each for each in reversed(words[:place]) if "{" not in each), "")
            found.append(Blank(name, _table(path, name, before)))
    return found


def _table(path: str, name: str, before: str) -> str:
    table = MEANS.get(before, before.replace("-", "_"))
    if name in (*REFS, "number", "version") or name.endswith("_id"):
        if table in _TABLES:
            return table
        if before not in STEPS:
            raise Unfilled(
                f"{path}: of which table is {{{name}}}? Add {before!r} to MEANS in tests/wall/places.py, "
                "or to STEPS there when it counts something that is of nobody."
            )
    try:
        name == "token" or address(f"/{before}/{{{name}}}", _BOGUS)
    except KeyError:
        raise Unfilled(f"{path}: what is {{{name}}}? Add a line to `blanks` in tests/web/test_walk.py.") from None
    return ""


def routes(method: str) -> Iterator[str]:
    """The paths of all pages, discovered from the application's own list."""
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and method in (route.methods or ()):
                yield route.path


@dataclass
class Places:
    """Everything that an address can lead to, seen from one side."""

    rows: Rows
    side: Side
    tokens: Mapping[str, str]  # by the first word of the address that they open; of this side
    dice: Random
    words: Mapping[str, str] = field(default_factory=dict)  # blanks that are another word on each side

    def fill(self, path: str, whose: list[Whose], person: int | None = None) -> str | None:
        """With a value for each blank that stands for a row; None when there is none. `person`: whose things."""
        left, blanks = iter(whose), iter(blanks_of(path))
        missing = False

        def value(_: re.Match[str]) -> str:
            nonlocal missing
            blank = next(blanks)
            if not blank.table:
                return self._word(path, blank.name)
            found = self._row(blank, next(left, Whose.OWN), person)
            missing = missing or found is None
            return found or ""

        filled = _BLANK.sub(value, path)
        return None if missing else filled

    def _word(self, path: str, name: str) -> str:
        if name == "token":
            return self.tokens.get(path.split("/")[1], NOBODYS_TOKEN)
        if name in self.words:
            return self.words[name]
        return address(f"{path[: path.index('{' + name)]}{{{name}}}", _BOGUS).rpartition("/")[2]

    def _row(self, blank: Blank, whose: Whose, person: int | None) -> str | None:
        column = "ref" if blank.name in REFS else "id"
        if whose is Whose.NOBODYS:
            return NOBODYS_REF if column == "ref" else str(NOBODYS_ID)
        found = self.rows.of(blank.table, OTHER[self.side] if whose is Whose.OTHERS else self.side)
        theirs = [row for row in found if person in row.people]
        if whose is Whose.OWN and person is not None and blank.name != "other":
            found = theirs or [row for row in found if not row.people]
        return str(self._one(found).values[column]) if found else None

    def value(self, table: str, column: str, whose: Whose) -> str | None:
        """Of any row, for a field of a form."""
        found = self.rows.of(table, OTHER[self.side] if whose is Whose.OTHERS else self.side)
        return str(self._one(found).values[column]) if found else None

    def _one(self, found: list[Row]) -> Row:
        return self.dice.choice(found)


def stand_for_rows(path: str) -> int:
    """How many of its blanks stand for a row of somebody."""
    return sum(bool(blank.table) for blank in blanks_of(path))
