"""What a benchmark says: our figure beside a peer's or a limit, as a table and in benchmarks/results.json.

Knows nothing of what is measured.
"""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

RESULTS = Path(__file__).with_name("results.json")
ROUNDS = 3
Measure = Callable[[], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class Figure:
    """`target` is a ratio: ours by the other. It is a floor, or a ceiling where lower is better."""

    name: str
    words: str
    ours: float
    other: float
    beside: str  # what the other figure is of
    unit: str
    target: float
    lower_is_better: bool = False

    @property
    def ratio(self) -> float:
        return self.ours / self.other

    @property
    def reached(self) -> bool:
        return self.ratio <= self.target if self.lower_is_better else self.ratio >= self.target


async def in_turns(ours: Measure, other: Measure, rounds: int = ROUNDS) -> tuple[float, float]:
    """Both in turns, because the machine is shared; the round whose ratio is the median."""
    measured = [(await ours(), await other()) for _ in range(rounds)]
    return sorted(measured, key=lambda pair: pair[0] / pair[1])[rounds // 2]


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def table(figures: Sequence[Figure]) -> Table:
    shown = Table("path", "ours", "beside", "ratio", "target", "")
    for figure in figures:
        shown.add_row(
            figure.words,
            f"{figure.ours:,.4g} {figure.unit}",
            f"{figure.beside}: {figure.other:,.4g} {figure.unit}",
            f"{figure.ratio:.2f}",
            f"{'≤' if figure.lower_is_better else '≥'} {figure.target:g}",
            "" if figure.reached else "missed",
        )
    return shown


def keep(figures: Sequence[Figure], file: Path = RESULTS) -> None:
    """Beside what other runs have left there."""
    kept = json.loads(file.read_text()) if file.exists() else {}
    kept |= {figure.name: _plain(figure) for figure in figures}
    file.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")


def _plain(figure: Figure) -> dict[str, float | str | bool]:
    return {
        "ours": round(figure.ours, 3),
        "other": round(figure.other, 3),
        "ratio": round(figure.ratio, 3),
        "target": figure.target,
        "unit": figure.unit,
        "lower_is_better": figure.lower_is_better,
    }
