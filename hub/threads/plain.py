"""A text as it is compared: small letters, no accents, no invisible characters, digits 0 to 9. Knows no meaning.

Every plain character knows which piece of the text it stands for, so that the piece can be taken out.
"""

import unicodedata
from dataclasses import dataclass

_UNSEEN = {"Mn", "Me", "Cf"}  # accents by themselves, the ring of a keycap, joiners and soft hyphens
_ALIKE = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "ø": "o", "ł": "l", "đ": "d", "ß": "s"})


@dataclass(frozen=True, slots=True)
class Plain:
    """`at` and `end`: for each character of `text`, its place in what was written."""

    text: str
    at: tuple[int, ...]
    end: tuple[int, ...]


def plain(words: str) -> Plain:
    text, at, end = "", list[int](), list[int]()
    for place, written in enumerate(words):
        for letter in _plain_letters(written):
            text += letter
            at.append(place)
            end.append(place + 1)
        if end and not _plain_letters(written):  # an accent goes with its letter
            end[-1] = place + 1
    return Plain(text, tuple(at), tuple(end))


def simple(words: str) -> str:
    """Letters and digits only: what is the same in every way of writing it."""
    return "".join(letter for letter in plain(words).text if letter.isalnum())


def _plain_letters(written: str) -> str:
    letters = unicodedata.normalize("NFKD", written).casefold().translate(_ALIKE)
    kept = (each for each in letters if unicodedata.category(each) not in _UNSEEN)
    return "".join(str(unicodedata.digit(each, each)) for each in kept)
