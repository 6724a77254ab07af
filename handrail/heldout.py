"""How well the assistant reads the held-out texts of nlu_data/heldout/.

Must not know how the assistant is reached.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hub.ports import Assistant, Turn
from hub.words import Awaiting, Role


@dataclass(frozen=True, slots=True)
class Read:
    """One text, what was wanted (two ways where a fair reader could take two), and what was made of it."""

    text: str
    wanted: tuple[frozenset[str], ...]
    kind: str  # the first command wanted: texts are counted by it
    said: tuple[str, ...]

    @property
    def right(self) -> bool:
        return frozenset(self.said) in self.wanted


@dataclass(frozen=True, slots=True)
class Score:
    reads: tuple[Read, ...]

    @property
    def share(self) -> float:
        return _share(self.reads)

    @property
    def macro(self) -> float:
        """The mean over the kinds, so that a rare one counts as much as a common one."""
        kinds = self.by_kind()
        return sum(kinds.values()) / len(kinds)

    def by_kind(self) -> dict[str, float]:
        """Kind → share of right ones, the worst first."""
        found: dict[str, list[Read]] = defaultdict(list)
        for read in self.reads:
            found[read.kind].append(read)
        return dict(sorted(((kind, _share(reads)) for kind, reads in found.items()), key=lambda pair: pair[1]))

    def wrong(self) -> list[Read]:
        return [read for read in self.reads if not read.right]


async def score(assistant: Assistant, folder: Path, language: str = "en") -> Score:
    """Ask about every text. Raises `AssistantUnavailable`."""
    return Score(tuple([await _read(assistant, test, language) for test in _texts(folder, language)]))


def _texts(folder: Path, language: str) -> Iterator[dict[str, Any]]:
    yield from yaml.safe_load((folder / f"{language}.yml").read_text(encoding="utf-8"))["texts"]


async def _read(assistant: Assistant, test: dict[str, Any], language: str) -> Read:
    awaiting, role = Awaiting(test.get("awaiting", "nothing")), Role(test.get("role", "supervised"))
    decision = await assistant.decide(Turn("held-out", test["text"], awaiting, role, language))
    wanted = (frozenset(test["expect"]), frozenset(test.get("or", test["expect"])))
    return Read(test["text"], wanted, test["expect"][0], tuple(command.do for command in decision.commands))


def _share(reads: Sequence[Read]) -> float:
    return sum(read.right for read in reads) / len(reads)
