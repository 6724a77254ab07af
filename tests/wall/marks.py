"""What tells the two sides apart in whatever can be read: marks in words and names, telephone numbers, references.

A mark names its side and its household ("zs017bcdf"): a text that holds one of the other side has crossed the wall, and
says whose it is. Letters without vowels, as in our references, so that no word is one by chance.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from hub.words import Side

LETTER = {Side.SUPERVISION: "s", Side.VICTIMS: "v"}
OTHER = {Side.SUPERVISION: Side.VICTIMS, Side.VICTIMS: Side.SUPERVISION}
_LETTERS = "bcdfghjklmnpqrstvwxz"
_MARK = re.compile(r"z([sv])(\d{3})[a-z]{4}", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\+?44|0)\s?7700\s?(9\d{5})")
_REF = re.compile(r"\b[2-9BCDFGHJKLMNPQRSTVWXZ]{8}\b")


def new_mark(dice: Random, side: Side, household: int) -> str:
    return f"z{LETTER[side]}{household:03}" + "".join(dice.choices(_LETTERS, k=4))


def marks_in(text: str) -> list[str]:
    """Of either side."""
    return [found[0] for found in _MARK.finditer(text)]


@dataclass
class Book:
    """Which side a number or a reference belongs to. What is on both sides tells nothing."""

    numbers: dict[str, set[Side]] = field(default_factory=lambda: defaultdict(set))
    refs: dict[str, Side] = field(default_factory=dict)

    def add_number(self, number: str, side: Side) -> None:
        self.numbers[number[-6:]].add(side)

    def crossed(self, text: str, side: Side) -> list[str]:
        """What in a text that somebody of `side` can read is of the other side alone."""
        other = OTHER[side]
        marks = [found[0] for found in _MARK.finditer(text) if found[1].lower() == LETTER[other]]
        numbers = [found[0] for found in _NUMBER.finditer(text) if self.numbers.get(found[1]) == {other}]
        refs = [ref for ref in _REF.findall(text) if self.refs.get(ref) is other]
        return sorted({*marks, *numbers, *refs})

    def private(self, text: str) -> list[str]:
        """What no log may hold, whoever it is about."""
        return sorted({*marks_in(text), *(found[0] for found in _NUMBER.finditer(text) if found[1] in self.numbers)})


def households_of(crossed: Iterable[str]) -> set[int]:
    """Whose marks they are."""
    return {int(found[2]) for each in crossed if (found := _MARK.search(each))}
