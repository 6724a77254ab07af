"""Finds the one number from 0 to 10 that a text says: "bout a 4", "8 out of 10", "⭐⭐⭐". Must not choose between two.

A thumb up is a yes and no number; what is more than its scale ("10000/10", "8 out of 5") is no number either.
"""

import re
import unicodedata

ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
WELSH = ("sero", "un", "dau", "tri", "pedwar", "pump", "chwech", "saith", "wyth", "naw", "deg")  # alone or beside a cue
WORDS = {
    **{word: n for n, word in enumerate(ENGLISH)},
    **{word: n for n, word in enumerate(WELSH)},
    **dict.fromkeys(("nil", "nought", "naught"), 0),
}
ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]

STAR = re.compile("[\u2b50\U0001f31f\u2605\u2606]")
KEYCAP = re.compile("[\ufe0e\ufe0f\u20e3\u200d]")
NUMBER = re.compile(
    rf"(?<![\w:.,£/$€-])(10|\d|{'|'.join(ENGLISH)})(?![\w:£%/-]|[.,]\d| and a half| ?½)"
    r"(?! ?(?:am|pm|mins?|minutes?|hrs?|hours?|o ?clock|"
    r"days?|weeks?|months?|years?|yrs?|kids?|children|times?|quid|pounds?)\b)"
)
ORDINAL = re.compile(rf"\b(?:({'|'.join(ORDINALS)})|([1-9])(?:st|nd|rd|th))\b(?! (?:thing|time|of all))")
_ANY = "|".join(WORDS)
SCALED = re.compile(
    rf"(?<![\w:.,£/-])(\d+|{_ANY}) ?(?:out ?of|outta|outa|out a|/|of|allan o) ?(?:the |an? )?"
    rf"(\d+|{_ANY}|hundred|thousand|million)(?![\w/:]|\.\d)"
)
STARRED = re.compile(rf"(?<![\w:.,£/-])(\d+|{_ANY})[ -]?(?:stars?\b|seren\b|\*(?!\*))")
CUED = re.compile(
    rf"\b(?:solid|about|bout|abt|around|say|give (?:it|you|u|them|him|her|ya)|"
    rf"rate(?: it| you| u| them)?|score|rating|"
    rf"more like|"
    rf"probs|prob|probably)(?: (?:a|an|of|like|about|bout|at least|maybe|solid))* (10|\d|{_ANY})(?![\w:%/]|[.,]\d)"
)
DENIED = re.compile(rf"\b(?:not|wasnt|isnt|never)(?: even| quite)?(?: an?)? (?:10|\d|{_ANY})\b")
A_SCALE = frozenset({5, 10})


def number_in(text: str) -> str | None:
    """The number of a text that has exactly one: "id say 7", "the second one", but not "3 or 4"."""
    said = plain(text)
    for read in (_scaled, _starred, _ordinal, _cued, _bare):
        found = read(said)
        if found:
            return str(found.pop()) if len(found) == 1 and max(found) <= 10 else None
    return None


def plain(text: str) -> str:
    """Small letters; keycaps and wide digits as digits, without apostrophes and what is denied ("not a 5")."""
    folded = KEYCAP.sub("", unicodedata.normalize("NFKC", text.replace("🔟", "10"))).casefold()
    return DENIED.sub(" ", " ".join(re.sub(r"['’`]", "", folded).split()))


def _scaled(said: str) -> set[int]:
    """ "8 out of 10", "4/5"; a scale of ours has an end of 5 or 10."""
    pairs = [(_value(number), _value(end)) for number, end in SCALED.findall(said)]
    return {number if number <= end and end in A_SCALE else 11 for number, end in pairs}


def _starred(said: str) -> set[int]:
    stars = len(STAR.findall(said))
    return {_value(number) for number in STARRED.findall(said)} | ({stars} if stars else set())


def _ordinal(said: str) -> set[int]:
    """Before the bare ones: "the second one" has both."""
    return {int(digit) if digit else ORDINALS.index(word) + 1 for word, digit in ORDINAL.findall(said)}


def _cued(said: str) -> set[int]:
    """ "2 kids ill, id say a 4": the number that is said to be the answer, where no other could be."""
    found = {_value(number) for number in CUED.findall(said)}
    return set() if re.search(r"\d (?:or|to|and|-) ?\d|\d-\d", said) else found


def _bare(said: str) -> set[int]:
    return {_value(number) for number in NUMBER.findall(said)} | ({WORDS[said]} if said in WORDS else set())


def _value(number: str) -> int:
    """A number that is too large for a scale, "hundred" too, is 11."""
    return WORDS[number] if number in WORDS else min(int(number[:6]), 11) if number.isdecimal() else 11
