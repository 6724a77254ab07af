"""A CSV file as rows of named cells, from whatever program wrote it. Knows no column of its own.

Takes UTF-8 with or without a byte order mark, UTF-16 and Windows-1252; commas, semicolons and tabs. Columns
that are not expected are refused: they are spelled wrongly, or are personal data that has no business here.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from integrations.case_systems.report import Problem

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 20_000
LONGEST_CELL = 500  # characters; a text message of three parts has 459


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    needed: bool = False  # every row must fill it in


@dataclass(frozen=True, slots=True)
class Row:
    number: int  # as a spreadsheet counts
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


class _Unreadable(ValueError):
    """Carries the sentence why a file is no table; never leaves this file."""


def read_table(content: bytes, columns: Sequence[Column]) -> Table:
    """The rows of a CSV file; everything that is wrong with the file as a whole is a problem of row 1."""
    try:
        text = _decoded(content)
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
        return _rows(records, columns)
    except (_Unreadable, csv.Error) as wrong:
        sentence = str(wrong) if isinstance(wrong, _Unreadable) else f"This is not a CSV file ({wrong})."
        return Table((), (Problem(1, "", sentence),))


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise _Unreadable("The file is larger than 20 MB. Split it.")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise _Unreadable("This is an Excel workbook. Save it as “CSV UTF-8” and import that.")
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _Unreadable("This is not a text file. Save the table as “CSV UTF-8” and import that.")


def _delimiter(text: str) -> str:
    """The separator that the header uses most; Excel writes semicolons where a comma is the decimal sign."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=header.count)


def _rows(records: list[list[str]], columns: Sequence[Column]) -> Table:
    filled = [(number, cells) for number, cells in enumerate(records, 1) if any(map(str.strip, cells))]
    if not filled:
        raise _Unreadable("The file is empty.")
    if len(filled) > MOST_ROWS + 1:
        raise _Unreadable(f"The file has more than {MOST_ROWS:,} rows. Split it.")
    (_, first), *body = filled
    header = [_column_name(cell) for cell in first]
    while header and not header[-1]:
        header.pop()
    _check_header(header, columns)
    rows, problems = [], []
    for number, cells in body:
        problem = _wrong_shape(number, cells, header)
        if problem:
            problems.append(problem)
        else:
            named = dict(zip(header, (" ".join(cell.split()) for cell in cells), strict=False))
            rows.append(Row(number, {column.name: named.get(column.name, "") for column in columns}))
    return Table(tuple(rows), tuple(problems))


def _column_name(cell: str) -> str:
    return "_".join(cell.strip().lower().replace("-", " ").split())


def _check_header(header: Sequence[str], columns: Sequence[Column]) -> None:
    expected = [column.name for column in columns]
    missing = [column.name for column in columns if column.needed and column.name not in header]
    strange = [name for name in header if name not in expected]
    twice = sorted({name for name in header if header.count(name) > 1})
    if not (missing or strange or twice):
        return
    said = [f"Expected columns: {', '.join(expected)}. Found: {', '.join(header)}."]
    said += [f"Missing: {', '.join(missing)}."] if missing else []
    said += [f"“{name}” is there twice." for name in twice]
    said += [_strange_column(name, expected, header) for name in strange]
    raise _Unreadable(" ".join(said))


def _strange_column(name: str, expected: Sequence[str], header: Sequence[str]) -> str:
    free = [column for column in expected if column not in header]
    near = get_close_matches(name, free, n=1, cutoff=0.6)
    return f"Is “{name}” meant to be “{near[0]}”?" if near else f"Take “{name}” out: it is not used here."


def _wrong_shape(number: int, cells: Sequence[str], header: Sequence[str]) -> Problem | None:
    if any(cell.strip() for cell in cells[len(header) :]):
        sentence = f"It has {len(cells)} cells and the header {len(header)}. Put quotes round a cell with a comma."
        return Problem(number, "", sentence)
    for name, cell in zip(header, cells, strict=False):
        if len(cell) > LONGEST_CELL:
            return Problem(number, name, f"It is longer than {LONGEST_CELL} characters.")
    return None
