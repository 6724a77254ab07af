"""The questions of a statement as data: `flows/statements/definitions/<name>.yml`, read and checked.

Each question has a kind, a title for the page that is read back, and its words in every language of the file. `next`
names what follows one answer; without it the next in the file follows. Knows nothing of who answers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from hub.errors import FlowInvalid
from hub.ports import Choice
from hub.texts import Template
from hub.words import Awaiting, Side
from hub.yaml_file import read_yaml

END = "end"  # as a `next`: no more questions
DONE = "done"  # the code of a question for files that has been answered
MOST_CHOICES = 9  # an answer is one digit
MOST_QUESTIONS = 20  # nobody tells more by text


class Kind(StrEnum):
    WORDS = "words"  # their own, written or spoken
    YES_NO = "yes_no"
    CHOICE = "choice"
    FILES = "files"  # photos, as many as they like


_AWAITING = {
    Kind.WORDS: Awaiting.SURVEY_TEXT,
    Kind.YES_NO: Awaiting.SURVEY_YES_NO,
    Kind.CHOICE: Awaiting.SURVEY_CHOICE,
    Kind.FILES: Awaiting.SURVEY_TEXT,
}
_YES_NO = {"en": ("Yes", "No"), "cy": ("Ie", "Na")}


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    key: str  # the name of its text
    kind: Kind
    title: Mapping[str, str]
    text: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    next: Mapping[str, str] = field(default_factory=dict)  # answer → question

    @property
    def awaiting(self) -> Awaiting:
        return _AWAITING[self.kind]

    def codes(self) -> list[str]:
        return {Kind.YES_NO: ["yes", "no"], Kind.CHOICE: list(self.choices)}.get(self.kind, [])

    def label(self, code: str, language: str) -> str:
        """An answer as people read it."""
        if self.kind is Kind.YES_NO:
            return _YES_NO.get(language, _YES_NO["en"])[0 if code == "yes" else 1]
        words = self.choices.get(code, {})
        return words.get(language) or words.get("en", code)

    def buttons(self, language: str) -> list[tuple[str, str]]:
        """(what comes back, what is shown)."""
        return [(str(number), self.label(code, language)) for number, code in enumerate(self.codes(), 1)]

    def read(self, answer: str) -> str | None:
        """The code of an answer, given as its number or as itself; None when it is none."""
        codes, said = self.codes(), answer.strip().casefold()
        if said in codes:
            return said
        return codes[int(said) - 1] if said.isdecimal() and 1 <= int(said) <= len(codes) else None


@dataclass(frozen=True, slots=True)
class Questions:
    """One file. `name` is kept with every statement that was asked for with it."""

    name: str
    side: Side
    title: Mapping[str, str]
    questions: Mapping[str, Question]

    def path(self, codes: Mapping[str, str | None]) -> Iterator[Question]:
        """The questions that these answers lead through, the first open one last."""
        names = list(self.questions)
        at: str | None = names[0]
        while at:
            question = self.questions[at]
            yield question
            if at not in codes:
                return
            later = names[names.index(at) + 1 :]
            follows = question.next.get(codes[at] or "", later[0] if later else END)
            at = None if follows == END else follows

    def templates(self) -> dict[str, dict[str, Template]]:
        """language → `statement.<name>.<question>` → text, for `hub.texts.Texts`."""
        return {
            language: {question.key: _template(question, language) for question in self.questions.values()}
            for language in self.title
        }


def read_questions(folder: Path) -> dict[str, Questions]:
    """Every file by its name. Raises `FlowInvalid` with the file and the question."""
    return {file.stem: _read(file) for file in sorted(folder.glob("*.yml"))}


def _read(file: Path) -> Questions:
    content = read_yaml(file)
    try:
        questions = {str(name): _question(file.stem, str(name), body) for name, body in content["questions"].items()}
        found = Questions(file.stem, Side(content["side"]), content["title"], questions)
    except (KeyError, ValueError, TypeError, AttributeError) as wrong:
        raise FlowInvalid(f"{file}: {wrong!r}") from wrong
    for problem in _problems(found):
        raise FlowInvalid(f"{file}: {problem}")
    return found


def _question(name: str, question: str, body: Mapping[str, Any]) -> Question:
    return Question(
        id=question,
        key=f"statement.{name}.{question}",
        kind=Kind(body["type"]),
        title=body["title"],
        text=body["text"],
        choices=body.get("choices") or {},
        # YAML reads a bare yes or no as true or false.
        next={{True: "yes", False: "no"}.get(k, str(k)): str(v) for k, v in (body.get("next") or {}).items()},
    )


def _template(question: Question, language: str) -> Template:
    words = question.text[language].strip()
    return Template(words, words, tuple(Choice(reply, label) for reply, label in question.buttons(language)))


def _problems(found: Questions) -> Iterator[str]:
    if not found.title or not 1 <= len(found.questions) <= MOST_QUESTIONS:
        yield f"it needs a title and one to {MOST_QUESTIONS} questions."
    names = list(found.questions)
    for place, question in enumerate(found.questions.values()):
        for words in (question.title, question.text, *question.choices.values()):
            if set(words) != set(found.title):
                yield f"`{question.id}` is not in the languages of the title."
        if question.kind is Kind.CHOICE and not 2 <= len(question.choices) <= MOST_CHOICES:
            yield f"`{question.id}` needs two to {MOST_CHOICES} choices."
        if set(question.next) - set(question.codes()):
            yield f"`{question.id}` says what comes after an answer that it does not have."
        if set(question.next.values()) - {*names[place + 1 :], END}:
            yield f"after `{question.id}` comes no question that stands further down."
