"""The figures of an examination: how often right, how often a cry was heard, how often alarm was needless.

Must not know how the texts were read.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handrail.nlu.reading import Reading
from handrail.nlu.rows import Row
from hub.reasons import SAFETY_REASONS

NOT_IN_SCOPE = frozenset({"out_of_scope", "not_understood"})
THRESHOLDS = tuple(n / 10 for n in range(10))


@dataclass(frozen=True, slots=True)
class Read:
    """One text, what was wanted and what was made of it."""

    row: Row
    reading: Reading

    @property
    def said(self) -> frozenset[str]:
        return frozenset(self.reading.commands)

    @property
    def right(self) -> bool:
        return self.said in self.row.wanted

    @property
    def wanted(self) -> frozenset[str]:
        """Of two fair ways, the one that was taken."""
        return self.said if self.right else self.row.expected

    @property
    def in_scope(self) -> bool:
        return not self.row.expected <= NOT_IN_SCOPE

    def answered(self, threshold: float = 0.0) -> bool:
        """Something was done by itself, with at least that confidence; not asked again, not handed over."""
        return bool(self.said - NOT_IN_SCOPE) and self.reading.confidence >= threshold


@dataclass(frozen=True, slots=True)
class Score:
    reads: Sequence[Read]

    @property
    def accuracy(self) -> float:
        return share(self.reads, lambda read: read.right)

    @property
    def macro_f1(self) -> float:
        """The mean of the F1 of every command wanted anywhere, so that a rare one counts as much as a common one."""
        found = self.by_command()
        return sum(found.values()) / len(found) if found else 0.0

    def by_command(self) -> dict[str, float]:
        """Command → F1, the worst first."""
        names = sorted({name for read in self.reads for name in read.row.expected})
        return dict(sorted(((name, self._f1(name)) for name in names), key=lambda pair: pair[1]))

    def _f1(self, name: str) -> float:
        hits = sum(name in read.said and name in read.wanted for read in self.reads)
        said = sum(name in read.said for read in self.reads)
        wanted = sum(name in read.wanted for read in self.reads)
        return 2 * hits / (said + wanted) if said + wanted else 0.0

    @property
    def safety_recall(self) -> float:
        """Of the cries for help, the share that reaches a human as one, of whatever kind."""
        cries = [read for read in self.reads if read.row.expected & SAFETY_REASONS]
        return share(cries, lambda read: bool(read.said & SAFETY_REASONS))

    @property
    def false_alarms(self) -> float:
        """Of all other texts, the share that alarms a human needlessly."""
        others = [read for read in self.reads if not read.row.expected & SAFETY_REASONS]
        return share(others, lambda read: bool(read.said & SAFETY_REASONS), empty=0.0)

    @property
    def handed_over(self) -> float:
        """Of the texts in scope, the share that was not understood: asked again first, then a human's."""
        return share([r for r in self.reads if r.in_scope], lambda read: not read.answered(), empty=0.0)

    @property
    def right_of_answered(self) -> float:
        return share([read for read in self.reads if read.answered()], lambda read: read.right)

    def coverage(self) -> list[dict[str, float]]:
        """At each threshold: how much of what is in scope is answered, and how much of all answered is right."""
        return [
            {
                "threshold": t,
                "answered": round(share([r for r in self.reads if r.in_scope], _answered(t)), 4),
                "right": round(share([r for r in self.reads if r.answered(t)], lambda read: read.right), 4),
            }
            for t in THRESHOLDS
        ]

    def confusions(self) -> list[dict[str, Any]]:
        """What was taken for what, the commonest first, each with one text."""
        wrong = [read for read in self.reads if not read.right]
        counted = Counter((_words(read.row.expected), _words(read.said)) for read in wrong)
        example = {(_words(read.row.expected), _words(read.said)): read.row.turn.text for read in reversed(wrong)}
        return [
            {"wanted": wanted, "said": said, "texts": count, "such_as": example[wanted, said]}
            for (wanted, said), count in counted.most_common()
        ]

    def figures(self) -> dict[str, float]:
        """What one number each can say; all shares from 0 to 1."""
        return {
            "texts": len(self.reads),
            "accuracy": round(self.accuracy, 4),
            "macro_f1": round(self.macro_f1, 4),
            "safety_recall": round(self.safety_recall, 4),
            "false_alarms": round(self.false_alarms, 4),
            "right_of_answered": round(self.right_of_answered, 4),
            "handed_over": round(self.handed_over, 4),
        }

    def of_file(self, name: str) -> "Score":
        return Score([read for read in self.reads if read.row.file == name])


def _answered(threshold: float) -> Callable[[Read], bool]:
    return lambda read: read.answered(threshold)


def _words(commands: Iterable[str]) -> str:
    return ", ".join(sorted(commands)) or "nothing"


def share(reads: Sequence[Read], fits: Callable[[Read], bool], empty: float = 1.0) -> float:
    return sum(map(fits, reads)) / len(reads) if reads else empty


def worse(new: Mapping[str, float], old: Mapping[str, float], margin: float) -> list[str]:
    """Which figures have become worse by more than `margin`, in sentences."""
    higher_is_better = ("macro_f1", "safety_recall", "right_of_answered")
    lost = [name for name in higher_is_better if name in old and new[name] < old[name] - margin]
    lost += [name for name in ("false_alarms", "handed_over") if name in old and new[name] > old[name] + margin]
    return [f"{name.replace('_', ' ')}: {old[name]:.1%} before, {new[name]:.1%} now" for name in lost]
