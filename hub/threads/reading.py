"""What a text means around a circle of supporters, before any model: a code, a name to add, a name to take out. Pure.

English and Welsh. Too little is better than too much: what is no code here is read by all the other steps.
"""

import re
import unicodedata

from hub.exact_replies import normal_form

MOST_NAMES, LONGEST_NAME = 3, 40  # words, characters
_DIGITS = r"\d(?:[\s\-\u2010-\u2015.]{0,3}\d){7}"
_CODE_ALONE = re.compile(rf"(?:code|cod)?[\s:#]*({_DIGITS})")
_CODE_AFTER_JOIN = re.compile(rf"\b(join|ymuno|ymunwch)[\s:#,\-]*({_DIGITS})(?![\s\-]?\d)")
_DATE = re.compile(r"\d{1,2}\D\d{1,2}\D\d{4}|\d{4}\D\d{1,2}\D\d{1,2}")  # "12-03-2026" is no code
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*\.?")
_OPENING = re.compile(
    r"^(?:(?:it is|its|it's|please|my|fy|her name is|his name is|mae|add|ychwanegu)\s+)+", re.IGNORECASE
)
# Behind REMOVE or INVITE these are no names: "remove me from this", "invite someone".
_NO_NAMES = frozenset(
    [
        "me",
        "my",
        "i",
        "you",
        "us",
        "it",
        "this",
        "that",
        "these",
        "them",
        "from",
        "the",
        "a",
        "an",
        "to",
        "of",
        "off",
        "please",
        "everything",
        "number",
        "text",
        "texts",
        "message",
        "messages",
        "someone",
        "somebody",
        "anyone",
        "no",
        "not",
        "yes",
        "ok",
        "fi",
        "hwn",
        "hon",
        "rhywun",
        "neges",
    ]
)
EVERYBODY = frozenset({"everybody", "everyone", "all", "both", "all of them", "pawb", "y ddau", "i gyd"})
_REMOVE = frozenset({"remove", "tynnu", "tynnwch", "dileu"})
_LEAVE = frozenset({"leave", "gadael"})
_INVITE = frozenset({"invite", "gwahodd", "gwahoddwch"})
_OVER = frozenset(
    {"no", "back", "no thanks", "forget it", "never mind", "nevermind", "not now", "na", "nol", "nôl", "yn ol"}
)


def code_in(text: str, *, alone: bool = True) -> str:
    """The eight digits; empty where there is no code. `alone`: digits count without JOIN when they are all it says."""
    said = _plain(text)
    found = _CODE_AFTER_JOIN.search(said)
    if found:
        return _only_digits(found.group(2))
    bare = _CODE_ALONE.fullmatch(said.strip(" .!,;\"'()")) if alone else None
    if bare is None or _DATE.fullmatch(bare.group(1)):
        return ""
    return _only_digits(bare.group(1))


def is_welsh(text: str) -> bool:
    """Whether the word before the code is Welsh: somebody unknown is then answered in it."""
    found = _CODE_AFTER_JOIN.search(_plain(text))
    return bool(found) and found is not None and found.group(1) != "join"


def name_in(text: str) -> str:
    """A first name, or first name and surname, as it is to be said; empty for numbers and for whole sentences."""
    words = _OPENING.sub("", " ".join(text.split())).strip(' .!,;"').split()
    if not 1 <= len(words) <= MOST_NAMES or not all(_NAME_WORD.fullmatch(word) for word in words):
        return ""
    name = " ".join(word.title() if word.isupper() else word[:1].upper() + word[1:] for word in words)
    return name if len(name) <= LONGEST_NAME and not {word.casefold() for word in words} & _NO_NAMES else ""


def to_invite(text: str) -> str:
    """Jo of “INVITE JO”."""
    return _behind(_INVITE, text)


def to_remove(text: str) -> str:
    """Jo of “REMOVE JO”, or a word for everybody."""
    return _behind(_REMOVE, text)


def to_leave(text: str) -> str:
    """Alex of “LEAVE ALEX”, or a word for all."""
    return _behind(_LEAVE, text)


def is_everybody(text: str) -> bool:
    return normal_form(text) in EVERYBODY


def is_over(text: str) -> bool:
    """Whether somebody has changed their mind in the middle."""
    return normal_form(text) in _OVER


def _behind(words: frozenset[str], text: str) -> str:
    first, _, rest = " ".join(text.split()).partition(" ")
    if normal_form(first) not in words or not rest:
        return ""
    return rest if is_everybody(rest) else name_in(rest)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _only_digits(found: str) -> str:
    return "".join(str(int(each)) for each in found if each.isdigit())
