"""What stands around words of danger and takes their weight: denials, the past, films and games, jokes about trifles.

The past alone takes nothing. It does with a word that all is well now, or with a question of its own (“he hit me in
2021, any trial date”), unless something says that it goes on. Whenever in doubt, the words count. Knows nothing of
kinds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from hub.safety.patterns import Found, Patterns
from hub.safety.plain import Word

_NEAR = 2  # words
_CLAUSE = 5  # words from “who” to what was done: “the lad who jacked my bike at knifepoint”
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
    dates: Patterns  # of what was, perhaps lately
    better_now: Patterns
    business: Patterns  # courts, claims, records, groups: what somebody asks about the past
    recent: Patterns
    present: frozenset[str]  # words that say by themselves: it is so now
    relative: Patterns  # “the man who”: a question is about what somebody did
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
            business=says(self.business) and not says(self.recent),
            old=self._old(words),
            deeds=frozenset(found.end for found in self.relative.find(words)),
            story=says(self.stories),
            light=says(self.jokes) or says(self.trifles),
        )

    def _old(self, words: Sequence[Word]) -> list[bool]:
        sentence = list(accumulate(word.fresh for word in words))
        old = {sentence[found.start] for past in (self.past, self.dates) for found in past.find(words)}
        return [which in old for which in sentence]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """One text, looked through once."""

    context: Context
    words: Sequence[Word]
    doubtful: bool
    over: bool
    business: bool
    old: Sequence[bool]  # of each word: its sentence speaks of the past
    deeds: frozenset[int]  # where “who” is followed by what was done
    story: bool
    light: bool

    def count(self, found: Found, *, weak: bool) -> bool:
        """Whether the words mean what they say."""
        if weak and self.light:
            return False
        if self.story and not self._about_me(found):
            return False
        if (self.over and not self.doubtful) or self._is_history(found):
            return False
        return self.doubtful or not self._denied(found)

    def _is_history(self, found: Found) -> bool:
        """Something is asked about what was done then, and nothing says that it is so now."""
        if not self.business or self._names(self.context.present, found, before=1):
            return False
        return self.old[found.start] or not self.deeds.isdisjoint(range(found.start - _CLAUSE, found.end))

    def _names(self, some: frozenset[str], found: Found, *, before: int) -> bool:
        return any(word.plain in some for word in self.words[max(0, found.start - before) : found.end])

    def _about_me(self, found: Found) -> bool:
        """The writer is in the words, or shortly before them (“i just want to die”)."""
        return self._names(self.context.me, found, before=_NEAR)

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
