"""What a figure is: a table with a definition, and how its numbers are said. Knows no query and no page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from hub.reading.outcomes.small import TOO_FEW

Cell = str | int


class Chart(StrEnum):
    BARS = "bars"
    LINE = "line"  # of weeks or months, in order


@dataclass(frozen=True, slots=True)
class Row:
    """`size` is drawn, `said` stands beside it; a `sum` of the others is not drawn."""

    label: str
    cells: tuple[Cell, ...]
    size: float | None = None
    said: str = ""
    sum: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """`columns` name the label and the cells of each row; `whole` is what a full bar stands for (None: the longest)."""

    key: str
    title: str
    definition: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    drawn: str = ""  # what the chart shows, in words; empty: there is none
    chart: Chart = Chart.BARS
    whole: float | None = None
    notes: Sequence[str] = field(default_factory=tuple)
    if_any: bool = False  # left out where there is nothing to show

    @property
    def empty(self) -> bool:
        return not any(isinstance(cell, int) and cell for row in self.rows for cell in row.cells) and not any(
            TOO_FEW in row.cells for row in self.rows
        )


def shown(count: int | None) -> Cell:
    return TOO_FEW if count is None else count


def say_percent(number: int | None, base: int = 1) -> str:
    """A dash where nobody was there to be counted."""
    if base == 0:
        return "–"
    return TOO_FEW if number is None else f"{number}%"


def say_length(seconds: float | None) -> str:
    """A length in its two largest units: "3 minutes", "2 hours 5 minutes", "1 day 4 hours"."""
    if seconds is None:
        return "None yet"
    minutes = round(seconds / 60)
    if minutes == 0:
        return "under a minute"
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [_counted(days, "day"), _counted(hours, "hour"), _counted(rest, "minute")]
    return " ".join([part for part in parts if part][:2])


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}" if number else ""
