"""The ways to show that one was there, and how much each says. One table, read by screens and rules.

Strength is a word for the human who looks at it, never a sum: nothing here accepts or rejects.
"""

from dataclasses import dataclass
from enum import StrEnum


class Strength(StrEnum):
    STRONG = "Strong"
    FAIR = "Fair"
    WEAK = "Weak"


@dataclass(frozen=True, slots=True)
class Kind:
    """`name`: in a list. `why`: what it rests on. `by_itself`: who decided, when no human of ours did."""

    name: str
    strength: Strength
    why: str
    by_itself: str = ""

    @property
    def in_words(self) -> str:
        return f"{self.strength}: {self.why}"


KINDS: dict[str, Kind] = {
    "provider": Kind("Said by the provider", Strength.STRONG, "whoever they saw says so", "the provider"),
    "code": Kind("Code from the venue", Strength.STRONG, "a code from the screen there", "the code itself"),
    "video": Kind("Joined by video", Strength.STRONG, "they joined by a link of their own", "the link itself"),
    "place": Kind("Place of the phone", Strength.FAIR, "a phone can be with somebody else", "the place itself"),
    "photo": Kind("Photo", Strength.FAIR, "a photo, so a human has to look at it"),
    "document": Kind("Document", Strength.WEAK, "a paper that anybody can have, so a human has to look at it"),
}

# A code that is not right says less than one that is: shown with its proof in place of the table's words.
CODES = {
    "late": Kind("Code from the venue", Strength.FAIR, "a code from the screen there, sent too late"),
    "ahead": Kind("Code from the venue", Strength.WEAK, "a code that the screen had not shown yet"),
    "other_venue": Kind("Code from the venue", Strength.WEAK, "a code from the screen of another place"),
}
NOT_GIVEN = Kind("Not given yet", Strength.WEAK, "nothing has come")


def kind_of(name: str, code: str = "") -> Kind:
    """`code`: what was found out about it, where it is one."""
    if name == "code" and code in CODES:
        return CODES[code]
    return KINDS.get(name, NOT_GIVEN)
