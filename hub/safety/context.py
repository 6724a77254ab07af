"""What stands around words of danger and takes their weight: denials, the past, films and games, jokes about trifles.

Whenever in doubt, the words count. Knows nothing of kinds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.safety.patterns import Found, Patterns
from hub.safety.plain import Word

_NEAR = 2  # words
_AS_AN_ANSWER = frozenset({"no", "nah", "nope"})


@dataclass(frozen=True, slots=True)
class Context:
    """Word lists and patterns of `words.yml`, under the same names."""

    denials: frozenset[str]
    links: frozenset[str]  # words that may stand between a denial and what it denies
    persons: frozenset[str]
    me: frozenset[str]
    doubt: Patterns
    past: Patterns
    better_now: Patterns
    stories: Patterns
    jokes: Patterns
    trifles: Patterns

    def of(self, words: Sequence[Word]) -> "Surroundings":
        def says(patterns: Patterns) -> bool:
            return any(True for _ in patterns.find(words))

        return Surroundings(
            self,
            words,
            doubtful=says(self.doubt),
            over=says(self.past) and says(self.better_now),
            story=says(self.stories),
            light=says(self.jokes) or says(self.trifles),
        )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """One text, looked through once."""

    context: Context
    words: Sequence[Word]
    doubtful: bool
    over: bool
    story: bool
    light: bool

    def count(self, found: Found, *, weak: bool) -> bool:
        """Whether the words mean what they say."""
        if weak and self.light:
            return False
        if self.story and not self._about_me(found):
            return False
        if self.over and not self.doubtful:
            return False
        return self.doubtful or not self._denied(found)

    def _about_me(self, found: Found) -> bool:
        """The writer is in the words, or shortly before them (“i just want to die”)."""
        near = self.words[max(0, found.start - _NEAR) : found.end]
        return any(word.plain in self.context.me for word in near)

    def _denied(self, found: Found) -> bool:
        """Exactly one denial, joined to what is found by nothing but link words."""
        denials, at = 0, found.start
        while at > 0 and not self.words[at].fresh:
            at -= 1
            word = self.words[at].plain
            if word in self.context.denials:
                denials += self._denies(at, found.start)
            elif word not in self.context.links:
                break
        return denials == 1

    def _denies(self, at: int, start: int) -> bool:
        """“no” before a person answers a question (“no hes got a knife”); before a thing it denies it."""
        beside = self.words[at + 1].plain
        person = beside in self.context.persons
        if self.words[at].plain in _AS_AN_ANSWER:
            return not person and beside not in self.context.denials and beside not in _AS_AN_ANSWER
        return not (person and at + 1 == start)
