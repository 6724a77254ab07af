"""Patterns of words, as a practitioner writes them in `words.yml`.

    he is outside          these words, one after the other
    kick/punch me          one or the other
    <they> hit me          any word or words of the family `they`
    hit (the) child        may be missing
    take my * tablets      up to three words between, within one sentence
    ^ gun $                the text begins, the text ends

Matching costs a few steps a word: nothing here can run away. Knows nothing of what a match means.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hub.errors import FlowInvalid
from hub.safety.plain import Spelling, Word

GAP = 3  # words that "*" stands for at most
START, END = "^", "$"
_PART = re.compile(r"\([^)]*\)|\S+")
NOTHING = Word("|", 0, 0)  # what was taken out: matches no pattern, bridges no gap

Options = Mapping[str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """One place of a pattern: by its first word, what may follow it; `gap` words may stand before it."""

    options: Options
    optional: bool
    gap: int


@dataclass(frozen=True, slots=True)
class Pattern:
    written: str
    steps: tuple[Step, ...]
    needs: frozenset[str]  # of its rarest place: a text without any of these is not looked at closer

    def end(self, words: Sequence[Word], at: int) -> int | None:
        """Where the match that begins at `at` ends, the shortest way; None when there is none."""
        return next(_ends(self.steps, 0, words, at), None)


@dataclass(frozen=True, slots=True)
class Found:
    pattern: Pattern
    start: int
    end: int


@dataclass(slots=True)
class Patterns:
    """Many patterns at once, found by the words that they begin with."""

    by_first: dict[str, list[Pattern]] = field(default_factory=lambda: defaultdict(list))

    def add(self, pattern: Pattern) -> None:
        for first in pattern.steps[0].options:
            self.by_first[first].append(pattern)

    def find(self, words: Sequence[Word]) -> Iterator[Found]:
        said = {word.plain for word in words}
        for at, word in enumerate(words):
            for pattern in self.by_first.get(word.plain, ()):
                end = None if pattern.needs.isdisjoint(said) else pattern.end(words, at)
                if end is not None:
                    yield Found(pattern, at, end)

    def without(self, words: Sequence[Word]) -> list[Word]:
        """The words with every match taken out."""
        left = list(words)
        for found in self.find(words):
            left[found.start : found.end] = [NOTHING] * (found.end - found.start)
        return left


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads patterns with the families of `words.yml`."""

    spelling: Spelling
    families: Mapping[str, tuple[tuple[str, ...], ...]]
    _read: dict[str, Options] = field(default_factory=dict)  # a part stands in many patterns

    def pattern(self, written: str) -> Pattern:
        """Raises `FlowInvalid` for an unknown family, or a beginning or an end that may be missing."""
        steps: list[Step] = []
        gap = 0
        for part in _PART.findall(written):
            if part == "*":
                gap = GAP
                continue
            steps.append(self._step(part, gap, written))
            gap = 0
        if gap or not steps or steps[0].optional or steps[0].gap:
            raise FlowInvalid(f"flows/safety/words.yml: “{written}” begins or ends with what may be missing.")
        rarest = min((step for step in steps if not step.optional), key=lambda step: len(step.options))
        return Pattern(written, tuple(steps), frozenset(rarest.options))

    def patterns(self, written: Iterable[str]) -> Patterns:
        made = Patterns()
        for each in written:
            made.add(self.pattern(str(each)))
        return made

    def members(self, written: str) -> Iterable[tuple[str, ...]]:
        """The phrases of one member of a family; a member can be a family itself."""
        return self._phrases(written, written)

    def _step(self, part: str, gap: int, written: str) -> Step:
        if part not in self._read:
            choices = part.strip("()").split("/")
            self._read[part] = _by_first(p for choice in choices for p in self._phrases(choice, written))
        return Step(self._read[part], part.startswith("(") and part.endswith(")"), gap)

    def _phrases(self, choice: str, written: str) -> Iterable[tuple[str, ...]]:
        if choice in (START, END):
            return [(choice,)]
        if not choice.startswith("<"):
            return [self.spelling.plain(choice)]
        if choice.strip("<>") not in self.families:
            raise FlowInvalid(f"flows/safety/words.yml: “{written}” names a family that is not there.")
        return self.families[choice.strip("<>")]


def _by_first(phrases: Iterable[tuple[str, ...]]) -> Options:
    options: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for phrase in sorted(set(phrases), key=len, reverse=True):
        if phrase:
            options[phrase[0]].append(phrase[1:])
    return {first: tuple(rests) for first, rests in options.items()}


def _ends(steps: tuple[Step, ...], which: int, words: Sequence[Word], at: int) -> Iterator[int]:
    """Where the steps from `which` on can end when they begin at `at`."""
    if which == len(steps):
        yield at
        return
    step = steps[which]
    for begin in _begins(step, words, at):
        for rest in step.options.get(words[begin].plain, ()):
            end = begin + 1 + len(rest)
            if tuple(word.plain for word in words[begin + 1 : end]) == rest:
                yield from _ends(steps, which + 1, words, end)
    if step.optional:
        yield from _ends(steps, which + 1, words, at)


def _begins(step: Step, words: Sequence[Word], at: int) -> Iterator[int]:
    """Where a step can begin: a gap bridges neither the end of a sentence nor what was taken out."""
    for begin in range(at, min(at + step.gap + 1, len(words))):
        if begin > at and (words[begin].fresh or words[begin - 1] is NOTHING):
            return
        yield begin


def overlap(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end
