"""One cell read as a date, a time, a yes or no …, or refused with a sentence. Knows no column and no file."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import TypeVar

from hub.addresses import parse_mobile
from hub.errors import BadAddress, BadImport
from integrations.case_systems.report import Problem, Report
from integrations.case_systems.table import Column, Row, read_table

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

# What Excel writes for a British reader, and ISO 8601. Never month first.
_DATE_FORMS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%b-%y", "%d-%b-%Y", "%d/%m/%y", "%d %b %Y", "%d %B %Y", "%d.%m.%Y")
_MIDNIGHT = re.compile(r"[ T]00:00(:00(\.0+)?)?$")  # what a spreadsheet hangs on to a date
_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?::00)?\s*(?:(?P<half>[ap])\.?m\.?)?")
_SLUG = re.compile(r"[a-z][a-z0-9_]{1,39}")
_LANGUAGE = re.compile(r"[a-z]{2}(-[a-z]{2,8})?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LANGUAGE_NAMES = {
    "english": "en",
    "welsh": "cy",
    "cymraeg": "cy",
    "polish": "pl",
    "romanian": "ro",
    "urdu": "ur",
}
_YES, _NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}


class CellReader:
    """Reads the cells of one row and keeps what is wrong with them, so that all of it is told at once."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.problems: list[Problem] = []

    def needed(self, column: str, read: Callable[[str], T], otherwise: T) -> T:
        """The cell as a value; an empty one is a problem."""
        if not self.row.cells[column]:
            self.problem(column, "It is empty.")
            return otherwise
        return self.optional(column, read, otherwise)

    def optional(self, column: str, read: Callable[[str], T], otherwise: T) -> T:
        """The cell as a value; `otherwise` when it is empty or wrong."""
        cell = self.row.cells[column]
        if not cell:
            return otherwise
        try:
            return read(cell)
        except BadImport as wrong:
            self.problem(column, wrong.detail)
        except BadAddress as wrong:
            self.problem(column, str(wrong))
        return otherwise

    def problem(self, column: str, sentence: str) -> None:
        self.problems.append(Problem(self.row.number, column, sentence))


def read_rows(content: bytes, columns: Sequence[Column], read: Callable[[CellReader], T]) -> Report[T]:
    """Every row of a CSV file as `read` makes it, with what is wrong in the file and in its cells."""
    table = read_table(content, columns)
    rows, problems = [], list(table.problems)
    for row in table.rows:
        cells = CellReader(row)
        rows.append(read(cells))
        problems += cells.problems
    return Report(tuple(rows), tuple(problems))


def read_date(cell: str) -> date:
    plain = _MIDNIGHT.sub("", cell).replace("Sept", "Sep")
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    if re.fullmatch(r"\d{5}(\.\d+)?", plain):
        raise BadImport(f"“{cell}” is a spreadsheet's inner number. Format the column as a date, then save as CSV.")
    raise BadImport(f"“{cell}” is not a date. Write it as 31/12/2026 (day first) or 2026-12-31.")


def read_time(cell: str) -> time:
    """Raises `BadImport` for what could be two times, such as "9"."""
    if cell.lower() in {"midday", "noon", "12 midday", "12 noon"}:
        return time(12)
    found = _TIME.fullmatch(cell.lower())
    clock = _clock(found) if found else None
    if clock is None:
        raise BadImport(f"“{cell}” is not a time. Write it as 14:00 or 2pm.")
    return clock


def _clock(found: re.Match[str]) -> time | None:
    hour, half = int(found["hour"]), found["half"]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    elif found["minute"] is None:
        return None
    minute = int(found["minute"] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def read_minutes(cell: str) -> int:
    minutes = re.sub(r"\s*(min|mins|minutes)$", "", cell.lower())
    if not minutes.isascii() or not minutes.isdigit() or not 5 <= int(minutes) <= 600:
        raise BadImport(f"“{cell}” is not a length. Write the minutes as a number from 5 to 600.")
    return int(minutes)


def read_yes_no(cell: str) -> bool:
    if cell.lower() not in _YES | _NO:
        raise BadImport(f"“{cell}” is neither yes nor no.")
    return cell.lower() in _YES


def read_email(cell: str) -> str:
    if not _EMAIL.fullmatch(cell):
        raise BadImport(f"“{cell}” is not an e-mail address.")
    return cell.lower()


def read_language(cell: str) -> str:
    code = _LANGUAGE_NAMES.get(cell.lower(), cell.lower())
    if not _LANGUAGE.fullmatch(code):
        raise BadImport(f"“{cell}” is not a language. Write a code such as en or cy.")
    return code


def read_slug(cell: str) -> str:
    """A word of a list that the agency keeps: "Conditional caution" is conditional_caution."""
    slug = re.sub(r"[\s-]+", "_", cell.lower())
    if not _SLUG.fullmatch(slug):
        raise BadImport(f"“{cell}” is not a kind. Write it in letters, such as conditional_caution.")
    return slug


def read_mobile(*, fictional: bool) -> Callable[[str], str]:
    return lambda cell: parse_mobile(cell, fictional=fictional).e164


def one_of(choices: type[E]) -> Callable[[str], E]:
    def read(cell: str) -> E:
        try:
            return choices(re.sub(r"[\s-]+", "_", cell.lower()))
        except ValueError:
            raise BadImport(f"“{cell}” is not one of: {', '.join(choices)}.") from None

    return read
