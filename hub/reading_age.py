"""How old a reader has to be for a text: the Flesch-Kincaid grade (Kincaid et al. 1975) and the years before school.

    grade = 0.39 × words a sentence + 11.8 × syllables a word − 15.59

Made for English prose. For Welsh no published formula gives an age, and this one would count its syllables wrong, so
other languages have no number: they are held to their length and to a reader. Of a few words it is a hint, no verdict.
"""

import re

_FACT = re.compile(r"\{\w+\}")
_SENTENCE = re.compile(r"[.!?:]+(?=\s|$)")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]|[aeiouy]l)e$|(?<![td])ed$|[^cgsxz]es$")
SCHOOL_STARTS = 5
YOUNGEST = 5


def reading_age(text: str, language: str = "en") -> int | None:
    """In whole years; a fact that is filled in counts as one short word. None where the formula does not apply."""
    if language != "en":
        return None
    plain = _FACT.sub("Sam", text)
    words = _WORD.findall(plain.lower().replace("’", "'"))
    if not words:
        return None
    sentences = max(1, len([part for part in _SENTENCE.split(plain) if _WORD.search(part.lower())]))
    syllables = sum(map(_syllables, words))
    grade = 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
    return max(YOUNGEST, round(grade) + SCHOOL_STARTS)


def _syllables(word: str) -> int:
    groups = len(_VOWELS.findall(word))
    return max(1, groups - (1 if groups > 1 and _SILENT.search(word) else 0))
