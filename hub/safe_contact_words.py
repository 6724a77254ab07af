"""What people write about when to text them, what to call them and their code word. English and Welsh. Pure."""

import re
from datetime import time

from hub.clock_reading import mark_clocks, read_hours
from hub.plain_words import plain_words

Hours = tuple[time | None, time | None]  # both None: any time

BY_NUMBER: dict[str, Hours] = {
    "1": (None, None),
    "2": (time(8), time(12)),
    "3": (time(12), time(17)),
    "4": (time(17), time(21)),
}
FIRST, LAST = time(8), time(21)  # what "before 3" begins with and "after 6" ends with
_ANY = re.compile(r"\b(?:any ?time|whenever|always|all day|unrhyw (?:bryd|amser)|trwyr dydd)\b")
_PARTS = (
    (re.compile(r"(?:in the |yn y )?(?:mornings?|boreu?au?|bore)(?: only)?"), "2"),
    (re.compile(r"(?:in the |yn y )?(?:afternoons?|prynhawn(?:iau)?)(?: only)?"), "3"),
    (re.compile(r"(?:in the |gydar |gyda r )?(?:evenings?|nos(?:weithiau)?|noswaith)(?: only)?"), "4"),
)
_CALL_ME = re.compile(
    r"^(?:please )?(?:call me|my name is|its|it is|i am|im|use|galwch fi(?:'n| yn)?)\s+", re.IGNORECASE
)
MOST_NAMES = 3  # words; a longer answer says something else
LONGEST_CODE_WORD = 20  # characters: it takes its place in every text
_CODE_WORD = re.compile(r"[^\W_]+(?: [^\W_]+)?")


def hours_of(text: str) -> Hours | None:
    """The hours that a number of the question or their own words name; None where they name none."""
    said = text.strip()
    if said in BY_NUMBER:
        return BY_NUMBER[said]
    words = plain_words(said)
    if _ANY.search(words):
        return BY_NUMBER["1"]
    for part, number in _PARTS:
        if part.fullmatch(words):
            return BY_NUMBER[number]
    hours = read_hours(mark_clocks(words))
    start, end = hours.earliest, hours.latest
    if start is None and end is None:
        return None
    start, end = max(start or FIRST, FIRST), end or LAST
    return (start, end) if start < end else None


def name_in(text: str) -> str:
    """The name in "call me Sam"; empty where it is longer than names are."""
    name = _CALL_ME.sub("", " ".join(text.split()))
    return name if len(name.split()) <= MOST_NAMES else ""


def code_word_in(text: str) -> str:
    """One or two short words; empty for anything else."""
    words = " ".join(text.split()).strip(".!\"'")
    return words if len(words) <= LONGEST_CODE_WORD and _CODE_WORD.fullmatch(words) else ""
