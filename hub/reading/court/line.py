"""One line of a timeline, and the moments that it is put in order by."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Line:
    """`source`: the record, message or row by which it can be checked, and by whom.

    `group`: lines of one moment that are said in one; then `words` are what is in the group, `tail` what ends it.
    """

    at: datetime
    words: str
    source: str
    record: int = 0
    group: str = ""
    tail: str = ""


def in_order(lines: Iterable[Line]) -> list[Line]:
    """By time; what happened at one moment in the order in which it was recorded."""
    ordered = sorted(lines, key=lambda line: (line.at, line.record))
    return [_one(list(same)) for _, same in groupby(ordered, _together)]


def _together(line: Line) -> tuple[datetime, str, str, int]:
    return line.at, line.group, line.tail, 0 if line.group else line.record


def _one(lines: list[Line]) -> Line:
    """Many of one group: the first says the others too."""
    first, last = lines[0], lines[-1]
    if not first.group:
        return first
    words = f"{first.group}: {'; '.join(line.words for line in lines)}{first.tail}"
    source = first.source.replace(f"Record {first.record}", f"Records {first.record} to {last.record}")
    return replace(first, words=words, source=source if last is not first else first.source)
