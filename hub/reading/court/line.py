"""One line of a timeline, and the moments that it is put in order by."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Line:
    """`source`: the record, message or row by which it can be checked. `group`: lines of one moment that are one."""

    at: datetime
    words: str
    source: str
    group: str = ""
    record: int = 0


def in_order(lines: Iterable[Line]) -> list[Line]:
    """By time; what was written at one moment in the order in which it was recorded, planned ones together."""
    ordered = sorted(lines, key=lambda line: (line.at, line.record))
    return [line for _, same in groupby(ordered, _together) for line in _one(list(same))]


def _together(line: Line) -> tuple[datetime, str, int]:
    return line.at, line.group, 0 if line.group else line.record


def _one(lines: list[Line]) -> list[Line]:
    """Many of one group: the first says the others too."""
    first = lines[0]
    if not first.group or len(lines) == 1:
        return lines
    words = first.words + "; " + "; ".join(line.words.partition(": ")[2] for line in lines[1:])
    return [replace(first, words=words, source=f"{first.source} to record {lines[-1].record}")]
