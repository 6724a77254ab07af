"""A text as plain words: small letters, no accents, double letters once, short forms written out, misspellings mended.

Every plain word knows where it stands in the text, so that a find can be shown in the writer's own words. Knows
nothing of danger.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_LAUGH = "😂🤣😆😹💀"
# A word is letters and digits, with apostrophes and the vowel signs of Gurmukhi and Arabic script, which `\w` lacks.
_WORD = re.compile(rf"[\w'’‘`´\u0300-\u036f\u064b-\u065f\u0670\u0a00-\u0a7f]+|[{_LAUGH}]")
_DROPPED = re.compile(r"['’‘`´_\u0300-\u036f\u064b-\u065f\u0670]")
_REPEATED = re.compile(r"([^\W\d_])\1+")
_STOP = re.compile(r"[.!?;\n]")
# Arabic letters that phones write in place of the Urdu ones; Polish ł, which has no accent to take off.
_SAME = str.maketrans("يىكهةł", "ییکہہl")
MENDABLE = 5  # letters; shorter words are too close to each other ("diet" is not "die")
_BY_SOUND = 7  # letters from which one wrong letter is forgiven too ("suisidal")
_DIFFERENT = "?"


@dataclass(frozen=True, slots=True)
class Word:
    """One plain word and the place of what was written for it. `fresh`: a new sentence begins with it."""

    plain: str
    start: int
    end: int
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Spelling:
    """How words are written out: `short` forms (one word to one or more) and `mended` misspellings."""

    short: Mapping[str, tuple[str, ...]]
    known: frozenset[str] = frozenset()
    mended: Mapping[str, str] | None = None

    def words(self, text: str) -> list[Word]:
        return list(self._words(text))

    def plain(self, text: object) -> tuple[str, ...]:
        return tuple(word.plain for word in self._words(str(text)))

    def _words(self, text: str) -> Iterator[Word]:
        before = 0
        for found in _WORD.finditer(text):
            fresh = _STOP.search(text, before, found.start()) is not None
            before = found.end()
            for plain in self._written_out(_fold(found.group())):
                yield Word(plain, found.start(), found.end(), fresh)
                fresh = False

    def _written_out(self, word: str) -> tuple[str, ...]:
        if not word:
            return ()
        if word in self.short:
            return self.short[word]
        mended = self._mend(word)
        return self.short.get(mended, (mended,))

    def _mend(self, word: str) -> str:
        """The known word that differs by one letter left out, put in, swapped or (long words) mistaken."""
        if self.mended is None or len(word) < MENDABLE - 1 or word in self.known:
            return word
        if word.endswith("s") and word[:-1] in self.known:  # "grandad's", and "cooking's" is no "choking"
            return word[:-1]
        if f"{word}g" in self.known and word.endswith("in"):  # "killin"
            return f"{word}g"
        near = (self.mended[form] for form in (word, *_one_less(word), *_one_wrong(word)) if form in self.mended)
        return next(near, word)


def mendable(words: Iterable[str]) -> dict[str, str]:
    """Each way of misspelling one of `words` by a letter → the word. The first letter is always right."""
    long = sorted(word for word in words if len(word) >= MENDABLE and word.isalpha() and word.isascii())
    forms = {form: word for word in long for form in (*_one_less(word), *_swapped(word), *_one_wrong(word))}
    return forms | {word: word for word in long}


def short_forms(written: Mapping[object, object]) -> dict[str, tuple[str, ...]]:
    """As in `words.yml`: what is written → what is meant."""
    nothing_short = Spelling({})
    return {" ".join(nothing_short.plain(word)): nothing_short.plain(meant) for word, meant in written.items()}


def _fold(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word).casefold().translate(_SAME)
    return _REPEATED.sub(r"\1", _DROPPED.sub("", folded))


def _one_less(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(1, len(word))] if len(word) >= MENDABLE else []


def _swapped(word: str) -> list[str]:
    return [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 1)]


def _one_wrong(word: str) -> list[str]:
    if len(word) < _BY_SOUND:
        return []
    return [f"{word[:i]}{_DIFFERENT}{word[i + 1 :]}" for i in range(1, len(word))]
