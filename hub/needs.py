"""What somebody may want help with, in the order of the numbers that a check-in gives them. Knows no text.

The kinds are those that MoJ's online check-in asks about.
"""

import re

NOTHING = "nothing"
OTHER = "other"
NEEDS = ("mental_health", "alcohol", "drugs", "money", "housing", "work_or_education", "family", OTHER, NOTHING)

# Words that earlier check-ins were stored with. Drink and drugs were one: which of them it was, nobody can tell now.
_BEFORE = {
    "home": "housing",
    "feelings": "mental_health",
    "work": "work_or_education",
    "something_else": OTHER,
}


def current(need: str) -> str:
    """The word of today for one that was stored at any time."""
    return _BEFORE.get(need, need)


def by_number(number: int) -> str:
    return NEEDS[number - 1]


# What people write in place of a number, in English and Welsh: the beginnings of words.
_SAID = {
    "mental_health": "mental anxi depress sleep stress meddwl iselder pryder",
    "alcohol": "alcohol drink booze yfed",
    "drugs": "drug weed cocaine heroin cyffur",
    "money": "money cash benefit bills debt arian dyled",
    "housing": "home hous flat rent homeless cartref llety",
    "work_or_education": "work job school college course gwaith swydd ysgol coleg",
    "family": "family kids mum dad partner teulu plant",
}
_SPOKEN = {need: re.compile(rf"\b(?:{'|'.join(words.split())})", re.IGNORECASE) for need, words in _SAID.items()}


def spoken(text: str) -> list[str]:
    """The needs that somebody names in words; none where no word is known."""
    return [need for need, pattern in _SPOKEN.items() if pattern.search(text)]
