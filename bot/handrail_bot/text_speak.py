"""Reads text-speak as plain words. Must not change the text itself: only what the classifier learns from.

On noisy texts this was worth as much as a neural classifier, at no cost. The words are in `text_speak.yml`.
"""

import re
from pathlib import Path

from rasa.shared.utils.io import read_yaml_file

WORDS: dict[str, str] = read_yaml_file(Path(__file__).with_suffix(".yml"))
# A word is letters and digits, the vowel signs of Gurmukhi among them.
PIECE = re.compile(r"[\w\u0a00-\u0a7f]+(?:['’`][\w\u0a00-\u0a7f]+)*|[^\w\s.,;:!'\"()\-\ufe0f\U0001F3FB-\U0001F3FF]")
APOSTROPHE = re.compile(r"['’`]")
DRAWN_OUT = re.compile(r"(\w)\1{2,}")  # "pleaaaase", "noooo"


def plain(word: str) -> str:
    """The word as a dictionary has it: `2moro` is `tomorrow`, `can't` is `cant`, `noooo` is `noo`."""
    bare = DRAWN_OUT.sub(r"\1\1", APOSTROPHE.sub("", word.lower()))
    return WORDS.get(bare, bare)


def plain_words(text: str) -> str:
    """All its words and emoji, plain, one space between; the text itself where it has neither."""
    pieces = PIECE.findall(text)
    return " ".join(plain(piece) for piece in pieces) if pieces else text
