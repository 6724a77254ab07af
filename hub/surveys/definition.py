"""A survey as data: `flows/surveys/definitions/<name>.yml`, read and checked.

A file says who is asked (`side`), and the questions in their order. `next` names the question that follows, for all
answers or for one answer each; without it, the next in the file follows. What is not whole is refused with its line
(`checks.py`). Knows nothing of who answers.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.ports import Choice
from hub.surveys.checks import check_names, check_survey
from hub.surveys.kinds import MOST_NUMBER, Question, QuestionKind
from hub.surveys.lines import Lines, read_with_lines
from hub.texts import Template
from hub.words import Side

END = "end"  # as a `next`: no more questions


@dataclass(frozen=True, slots=True)
class Survey:
    name: str
    side: Side
    title: Mapping[str, str]
    questions: Mapping[str, Question]  # in the order of the file

    @property
    def first(self) -> Question:
        return next(iter(self.questions.values()))

    def after(self, question: Question, code: str | None) -> Question | None:
        """The question that follows an answer (None: skipped); None at the end."""
        follows = question.next.get(code or "") or question.next.get("*") or self._next_in_file(question)
        return self.questions[follows] if follows and follows != END else None

    def path(self, answers: Mapping[str, str | None]) -> Iterator[Question]:
        """The questions that these answers (question → code) lead through, the first open one last."""
        question: Question | None = self.first
        while question:
            yield question
            if question.id not in answers:
                return
            question = self.after(question, answers[question.id])

    def may_come(self, answers: Mapping[str, str | None]) -> set[str]:
        """The questions on the way so far, and all that may still come: an answer to any other is off the way."""
        *before, last = self.path(answers)
        way, to_see = {question.id for question in before}, {last.id}
        if last.id in answers:
            return way | to_see
        while to_see:
            way |= to_see
            to_see = {after for name in to_see for after in self._after_any(self.questions[name])} - way
        return way

    def templates(self) -> dict[str, dict[str, Template]]:
        """language → `survey.<name>.<question>` → text, for `hub.texts.Texts`."""
        return {
            language: {key: text for question in self.questions.values() for key, text in _texts(question, language)}
            for language in self.title
        }

    def _after_any(self, question: Question) -> Iterator[str]:
        for code in (None, *question.codes()):
            if after := self.after(question, code):
                yield after.id

    def _next_in_file(self, question: Question) -> str | None:
        names = list(self.questions)
        later = names[names.index(question.id) + 1 :]
        return later[0] if later else None


def read_surveys(folder: Path, reserved: Collection[str] = ()) -> dict[str, Survey]:
    """Every survey by its file's name. `reserved`: words that may be no answer, besides those that never are.

    Raises
    ------
    FlowInvalid
        with the file, the line and what is wrong there.
    """
    return {file.stem: _read(file, reserved) for file in sorted(folder.glob("*.yml"))}


def _read(file: Path, reserved: Collection[str]) -> Survey:
    content, lines = read_with_lines(file)
    check_names(lines, content)
    if content["side"] not in set(Side):
        lines.refuse(f"the side is {content['side']}: it is {' or '.join(Side)}.", "side")
    questions = {name: _question(lines, file.stem, name, body) for name, body in content["questions"].items()}
    survey = Survey(file.stem, Side(content["side"]), content["title"], questions)
    check_survey(lines, survey.title, survey.questions, END, reserved)
    return survey


def _question(lines: Lines, survey: str, name: str, body: Mapping[str, Any]) -> Question:
    kind, follows = QuestionKind(body["type"]), body.get("next") or {}
    return Question(
        id=name,
        survey=survey,
        kind=kind,
        text=body["text"],
        choices=body.get("choices") or {},
        low=_whole(lines, name, body, "low", 0 if kind is QuestionKind.NUMBER else 1),
        high=_whole(lines, name, body, "high", MOST_NUMBER if kind is QuestionKind.NUMBER else 5),
        past=bool(body.get("past")),
        concern=str(body["concern"]) if "concern" in body else None,
        short=body.get("short") or {},
        prefer_not=bool(body.get("prefer_not_to_say")),
        next={"*": follows} if isinstance(follows, str) else {str(k): str(v) for k, v in follows.items()},
    )


def _whole(lines: Lines, name: str, body: Mapping[str, Any], part: str, usual: int) -> int:
    value = body.get(part, usual)
    if not isinstance(value, int) or isinstance(value, bool):
        lines.refuse(f"`{name}`: {part} is a whole number.", "questions", name, part)
    return value


def _texts(question: Question, language: str) -> Iterator[tuple[str, Template]]:
    buttons = tuple(Choice(reply, label) for reply, label in question.buttons(language))
    for key, words in ((question.key, question.text), (question.short_key, question.short)):
        if words:
            yield key, Template(words[language].strip(), words[language].strip(), buttons)
