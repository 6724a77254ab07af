"""The kinds of questions and how an answer to each is read. Knows nothing of people or of the store."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from hub.words import Awaiting

PREFER_NOT = "prefer_not_to_say"  # the answer that says so; a skipped question has none

MOST_NUMBER = 999_999
# A number that is all of what is said in numbers: "about 3", "3 people". Not "2 or 3", "-3", "3.5", "3/4".
_DIGITS = re.compile(r"[0-9]{1,6}")
_NUMBERS = re.compile(r"[-+]?\d[\d.,/:]*")


class QuestionKind(StrEnum):
    CHOICE = "choice"  # one of a list, by its number
    SCALE = "scale"  # a number from low to high
    YES_NO = "yes_no"
    NUMBER = "number"  # any number: how many, how often
    DATE = "date"
    TEXT = "text"  # the person's own words; never counted


_AWAITING = {
    QuestionKind.CHOICE: Awaiting.SURVEY_CHOICE,
    QuestionKind.SCALE: Awaiting.SURVEY_RATING,
    QuestionKind.YES_NO: Awaiting.SURVEY_YES_NO,
    QuestionKind.NUMBER: Awaiting.SURVEY_RATING,
    QuestionKind.DATE: Awaiting.SURVEY_TEXT,
    QuestionKind.TEXT: Awaiting.SURVEY_TEXT,
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `next` is answer code → question, "*" for every answer; `concern` is the code to worry at (for a
    scale: this or less). `low` and `high` hold for scales and numbers; `past`: a date that lies ahead is none."""

    id: str
    survey: str
    kind: QuestionKind
    text: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    low: int = 1
    high: int = 5
    past: bool = False
    concern: str | None = None
    next: Mapping[str, str] = field(default_factory=dict)
    short: Mapping[str, str] = field(default_factory=dict)  # asked once more, after something else was answered
    prefer_not: bool = False  # pages offer "prefer not to say"; by text, SKIP is there for it

    @property
    def key(self) -> str:
        """The name of its text."""
        return f"survey.{self.survey}.{self.id}"

    @property
    def short_key(self) -> str:
        """The name of its shorter text."""
        return f"{self.key}_short"

    @property
    def awaiting(self) -> Awaiting:
        return _AWAITING[self.kind]

    def codes(self) -> list[str]:
        """Every answer that can be counted, in the order of its numbers; empty for numbers, dates and words."""
        match self.kind:
            case QuestionKind.YES_NO:
                return ["yes", "no"]
            case QuestionKind.CHOICE:
                return list(self.choices)
            case QuestionKind.SCALE:
                return [str(n) for n in range(self.low, self.high + 1)]
        return []

    def buttons(self, language: str) -> list[tuple[str, str]]:
        """(what comes back, what is shown) of each answer that can be tapped."""
        match self.kind:
            case QuestionKind.YES_NO:
                words = {"cy": ("Ie", "Na")}.get(language, ("Yes", "No"))
                return [("1", words[0]), ("2", words[1])]
            case QuestionKind.CHOICE:
                return [(str(n), label[language]) for n, label in enumerate(self.choices.values(), 1)]
            case QuestionKind.SCALE:
                return [(code, code) for code in self.codes()]
        return []

    def read(self, answer: str, day: date | None = None, today: date | None = None) -> str | None:
        """The code of an answer ("2", "7", a choice's own name); None when it is none. `day` is a date understood."""
        if self.prefer_not and answer == PREFER_NOT:
            return PREFER_NOT
        match self.kind:
            case QuestionKind.DATE:
                return day.isoformat() if day and not (self.past and today and day > today) else None
            case QuestionKind.NUMBER:
                return self._number(answer)
            case QuestionKind.SCALE:
                return answer.strip() if answer.strip() in self.codes() else None
        return self._by_number(answer.strip().casefold())

    def _number(self, answer: str) -> str | None:
        """The one number that is said; of two, nobody can tell which is meant."""
        found = [said.rstrip(".,:") for said in _NUMBERS.findall(answer)]
        if (
            len(found) != 1
            or not (found[0].isascii() and found[0].isdecimal())
            or len(found[0]) > len(str(MOST_NUMBER))
        ):
            return None
        return str(int(found[0])) if self.low <= int(found[0]) <= self.high else None

    def _by_number(self, answer: str) -> str | None:
        codes = self.codes()
        if answer in codes:
            return answer
        return codes[int(answer) - 1] if answer.isdecimal() and 1 <= int(answer) <= len(codes) else None

    def worries(self, code: str) -> bool:
        """Whether a human should see this answer."""
        if self.concern is None or code == PREFER_NOT:
            return False
        return int(code) <= int(self.concern) if self.kind is QuestionKind.SCALE else code == self.concern
