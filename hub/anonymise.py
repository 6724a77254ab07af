"""Takes personal data out of a text so that the assistant may learn from its words.

What is known (names, numbers, addresses) is replaced by neutral stand-ins; what cannot be cleaned for certain is left
out, with the reason. Knows no store, no language's grammar, and nothing of what the text means.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

from hub import identifiers
from hub.first_names import COMMON, STAND_INS, SURNAMES

LONGEST = 200  # characters: a longer text tells too much of somebody's life to be cleaned by rules
ALIKE = 0.8  # of letters in common: "prya" is Priya
LONG_NAME = 4  # letters; shorter ones are found as whole words only, or "al" would be found in "also"
_FIRST_MARK = 0xE000  # Unicode's private use: in no text, since those characters are taken out first

# Written with a capital by everybody, and nobody's name.
_CAPITALS = """
i im ill ive id monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat
sun january february march april may june july august september october november december jan feb mar apr jun jul aug
sep sept oct nov dec english welsh cymraeg polish romanian urdu punjabi christmas xmas easter eid ramadan diwali ok gp
nhs uk dwp asap pip uc tv covid whatsapp telegram am pm
"""
CAPITALS = frozenset(_CAPITALS.split())
# Before a rare word in small letters these make a name or a place of it: "its bartek", "moved to tywyn".
_BEFORE_NAMES = """names|name is|name's|name’s|called|its|it's|it’s|im|i'm|i’m|this is|tell|told|ask|asked|see|saw|with
|from|thanks|cheers|hi|hiya|hello|hey|dear|love|mr|mrs|ms|miss|dr|pc|sgt|dc|judge|officer|worker|boss|mate|mates|son
|daughter|brother|sister|partner|girlfriend|boyfriend|husband|wife|ex|mum|mam|dad|nan|cousin|in|near|at|to|live|enw|wrth
"""
_AFTER = re.compile(rf"(?i)\b(?:{_BEFORE_NAMES.replace(chr(10), '')})[ .]+$")


class LeftOut(StrEnum):
    """Why a text is no example. Stored with the correction; `WHY` has the words."""

    ERASED = "erased"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    NAME_IS_A_WORD = "name_is_a_word"
    MAY_BE_A_NAME = "may_be_a_name"
    MAY_HOLD_BIRTH = "may_hold_birth"
    MAY_HOLD_NUMBER = "may_hold_number"
    MAY_HOLD_HANDLE = "may_hold_handle"
    NOT_CLEAN = "not_clean"


WHY = {
    LeftOut.ERASED: "the person has been erased",
    LeftOut.EMPTY: "no words",
    LeftOut.TOO_LONG: f"longer than {LONGEST} characters",
    LeftOut.NAME_IS_A_WORD: "a name in it is also an ordinary word",
    LeftOut.MAY_BE_A_NAME: "a rare word that may be a name or a place",
    LeftOut.MAY_HOLD_BIRTH: "may hold a date of birth",
    LeftOut.MAY_HOLD_NUMBER: "may hold a number in words",
    LeftOut.MAY_HOLD_HANDLE: "may hold an address or a name on another service",
    LeftOut.NOT_CLEAN: "a name or number was still in it",
}


def form(word: str) -> str:
    """How words are compared: small letters, no accents, no apostrophes."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    return "".join(c for c in plain if c.isalnum() or unicodedata.category(c) == "Mc")


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """The words of texts that are known to name nobody, as forms, common first names left out."""
    words = {word for text in texts for word in text.split()}  # each read once: 60,000 examples share 20,000 words
    return frozenset(reading for word in words for reading in _forms(word)) - COMMON


@dataclass(frozen=True, slots=True)
class Known:
    """Names that the hub knows around one person, as forms: first names, other names, names of agencies."""

    first: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()

    @classmethod
    def of(cls, people: Iterable[str], agencies: Iterable[str] = (), ordinary: frozenset[str] = frozenset()) -> "Known":
        """From full names. An initial names nobody; nor does an ordinary word in an agency's name ("support")."""
        first: set[str] = set()
        last: set[str] = set()
        for name in people:
            start, *rest = [*_forms(name), ""]
            first |= {start}
            last |= set(rest)
        named = {word for agency in agencies for word in _forms(agency)} - ordinary
        return cls(_names(first), _names(last - first), _names(named - first - last))

    @property
    def all(self) -> frozenset[str]:
        return self.first | self.last | self.agencies


def clean(text: str, known: Known, ordinary: frozenset[str]) -> str | LeftOut:
    """The text with stand-ins, on one line, or why it is left out.

    `ordinary` holds words (as forms) that are nobody's name: those of the examples that the assistant learns from.
    """
    line = " ".join("".join(c if _may_stay(c) else " " for c in unicodedata.normalize("NFKC", text)).split())
    if not line:
        return LeftOut.EMPTY
    if len(line) > LONGEST:
        return LeftOut.TOO_LONG
    work = _Work(known, ordinary)
    marked = identifiers.replace(line, work.put)
    doubt = next(identifiers.doubts(marked, any("1990" in each for each in work.put_in)), "")
    if doubt:
        return LeftOut(doubt)
    marked = "".join(work.word(word) if is_word else word for word, is_word in _split(marked))
    if work.ambiguous:
        return LeftOut.NAME_IS_A_WORD
    if _may_name(marked, ordinary):
        return LeftOut.MAY_BE_A_NAME
    cleaned = work.fill(marked)
    if re.search(r"\d{5}", marked) or any(_readings(word) & known.all for word, is_word in _split(cleaned) if is_word):
        return LeftOut.NOT_CLEAN
    return cleaned


@dataclass(slots=True)
class _Work:
    """One text: what was put in for what. The same name gets the same stand-in."""

    known: Known
    ordinary: frozenset[str]
    put_in: list[str] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    ambiguous: bool = False

    def put(self, stand_in: str) -> str:
        """A mark in the text: no later step takes a stand-in for somebody's data."""
        self.put_in.append(stand_in)
        return chr(_FIRST_MARK + len(self.put_in) - 1)

    def fill(self, marked: str) -> str:
        marks = {_FIRST_MARK + place: stand_in for place, stand_in in enumerate(self.put_in)}
        return marked.translate(marks)

    def word(self, word: str) -> str:
        name = self._name_in(word)
        if name is None:
            return word
        if name in self.ordinary:
            self.ambiguous = True
            return word
        whose = next((end for end in ("'s", "’s", "s") if form(word) == f"{name}s" and word.lower().endswith(end)), "")
        return self.put(_like(self._stand_in(name), word)) + whose

    def _name_in(self, word: str) -> str | None:
        """The known or common name that a word is, holds or nearly is."""
        readings = _readings(word)
        names = self.known.all | COMMON
        for reading in (*readings, *(each[:-1] for each in readings if each.endswith("s"))):
            if reading in names:
                return reading
        if not readings or readings <= self.ordinary:
            return None
        return next((name for name in sorted(self.known.all) if any(_alike(name, each) for each in readings)), None)

    def _stand_in(self, name: str) -> str:
        if name not in self.given:
            pool: tuple[str, ...] = SURNAMES if name in self.known.last else STAND_INS
            if name in self.known.agencies:
                pool = ("Northfield", "Southfield")
            taken = self.known.all | {form(each) for each in self.given.values()}
            self.given[name] = next((each for each in pool if form(each) not in taken), pool[0])
        return self.given[name]


def _alike(name: str, word: str) -> bool:
    if min(len(name), len(word)) < LONG_NAME:
        return False
    return name in word or SequenceMatcher(None, name, word).ratio() >= ALIKE


def _like(stand_in: str, word: str) -> str:
    """In the same letters: "sam" → "alex", "SAM" → "ALEX"."""
    if word.isupper() and len(word) > 1:
        return stand_in.upper()
    return stand_in if word[:1].isupper() else stand_in.lower()


def _may_name(marked: str, ordinary: frozenset[str]) -> bool:
    """Whether a rare word is left that looks like a name: by its capital, by what stands before it, or in a script
    that has no capitals.
    """
    shouted = marked.upper() == marked
    before = ""
    for word, is_word in _split(marked):
        if is_word and not _ordinary(word, ordinary):
            looks_it = len(word) > 2 if shouted else not word.lstrip("'’")[0].islower()
            if looks_it or _AFTER.search(before):
                return True
        before += word
    return False


def _ordinary(word: str, ordinary: frozenset[str]) -> bool:
    """Digits and signs are no names; an old word with an ending is still that word."""
    reading = form(word)
    plain = {reading, reading.removesuffix("s"), reading.removesuffix("ing"), reading.removesuffix("ed")}
    a_name = len(reading) > 1 and reading[0].isalpha()
    return not a_name or bool(plain & (ordinary | CAPITALS))


def _may_stay(c: str) -> bool:
    return unicodedata.category(c)[0] not in "CZ" and c not in "[]{}\\"  # brackets mark facts in examples


def _is_of_word(c: str) -> bool:
    return c.isalnum() or unicodedata.category(c)[0] == "M" or c in "'’"


def _split(text: str) -> Iterator[tuple[str, bool]]:
    """Pieces of the text in order, each with whether it is a word. Marks of Indic scripts belong to their word."""
    for is_word, characters in groupby(text, _is_of_word):
        piece = "".join(characters)
        yield piece, is_word and bool(form(piece))


def _readings(word: str) -> frozenset[str]:
    """A word as one and by the pieces between its apostrophes."""
    return frozenset(filter(None, (form(each) for each in (word, *re.split("['’]", word)))))


def _forms(name: str) -> list[str]:
    return [form(word) for word, is_word in _split(unicodedata.normalize("NFKC", name)) if is_word]


def _names(forms: Iterable[str]) -> frozenset[str]:
    return frozenset(each for each in forms if len(each) > 1)
