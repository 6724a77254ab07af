"""A table as CSV that a spreadsheet opens well and runs nothing of. Knows no query."""

import csv
import io
from collections.abc import Iterable, Sequence

from fastapi import Response

MARK = "\ufeff"  # tells Excel that the letters are UTF-8
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet takes for a formula, or for the start of one


def as_csv(name: str, columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> Response:
    """A file to keep, by a name that says nothing of anybody."""
    kept = io.StringIO()
    writer = csv.writer(kept)
    writer.writerow(columns)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response((MARK + kept.getvalue()).encode(), media_type="text/csv; charset=utf-8", headers=headers)


def _harmless(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RUNS) else cell
