"""What reading and importing a file gives: rows, problems by row, counts. Knows nothing of the store."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

MOST_SHOWN = 20  # problems listed one by one; more of them usually have one cause

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the file that a person can put right."""

    row: int  # as a spreadsheet counts: the header is row 1
    column: str  # "" when it is about the whole row or file
    sentence: str

    def __str__(self) -> str:
        return f"Row {self.row}{f', {self.column}' if self.column else ''}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Report(Generic[R]):
    """A file that was read: the rows that could be, and what is wrong with the others."""

    rows: tuple[R, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Tally:
    """Counts while an import runs."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)

    def problem(self, row: int, column: str, sentence: str) -> None:
        self.problems.append(Problem(row, column, sentence))


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or would do in a dry run. With problems it did nothing at all."""

    created: int
    changed: int
    unchanged: int
    problems: tuple[Problem, ...]
    dry_run: bool

    @classmethod
    def of(cls, tally: Tally, *, dry_run: bool) -> "ImportResult":
        """All or nothing: a file with a problem changes nothing, so it counts nothing."""
        if tally.problems:
            ordered = sorted(tally.problems, key=lambda problem: problem.row)
            return cls(0, 0, 0, tuple(ordered), dry_run)
        return cls(tally.created, tally.changed, tally.unchanged, (), dry_run)

    def sentences(self) -> list[str]:
        return in_sentences(self.problems)


def in_sentences(problems: Sequence[Problem], most: int = MOST_SHOWN) -> list[str]:
    """The first problems one by one, then how many more there are."""
    shown = [str(problem) for problem in problems[:most]]
    more = len(problems) - len(shown)
    return shown + ([f"And {more} more like these."] if more else [])
