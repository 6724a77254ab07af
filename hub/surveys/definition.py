"""A survey as data: `flows/surveys/definitions/<name>.yml`, read and checked.

A file says who is asked (`side`), and the questions in their order. `next` names the question that follows,
for all
answers or for one answer each; without it, the next in the file follows. Checked here: no missing language,
no
circle, no reserved word as an answer. Knows nothing of who answers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hub.errors import FlowInvalid
from hub.ports import Choice
from hub.surveys.checks import check_survey
from hub.surveys.kinds import Question, QuestionKind
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

    def templates(self) -> dict[str, dict[str, Template]]:
        """language → `survey.<name>.<question>` → text, for `hub.texts.Texts`."""
        return {
            language: {key: text for question in self.questions.values() for key, text in _texts(question, language)}
            for language in self.title
        }

    def _next_in_file(self, question: Question) -> str | None:
        names = list(self.questions)
        later = names[names.index(question.id) + 1 :]
        return later[0] if later else None


def read_surveys(folder: Path) -> dict[str, Survey]:
    """Every survey by its file's name. Raises `FlowInvalid` with the file and the question."""
    return {file.stem: _read(file) for file in sorted(folder.glob("*.yml"))}


class _Unique(yaml.SafeLoader):
    """YAML keeps the last of two equal keys without a word; a question would be lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [self.construct_object(key, deep=deep) for key, _ in node.value]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise FlowInvalid(f"{node.start_mark.name}: `{', '.join(map(str, twice))}` stands there twice.")
        return super().construct_mapping(node, deep)


def _read(file: Path) -> Survey:
    with file.open(encoding="utf-8") as opened:
        content = yaml.load(opened, _Unique)  # noqa: S506 - a SafeLoader that also refuses double names
    try:
        questions = {name: _question(file.stem, name, body) for name, body in content["questions"].items()}
        survey = Survey(file.stem, Side(content["side"]), content["title"], questions)
    except (KeyError, ValueError, TypeError, AttributeError) as wrong:
        raise FlowInvalid(f"{file}: {wrong!r}") from wrong
    check_survey(file, survey.title, survey.questions, END)
    return survey


def _question(survey: str, name: str, body: Mapping[str, Any]) -> Question:
    follows = body.get("next") or {}
    return Question(
        id=name,
        survey=survey,
        kind=QuestionKind(body["type"]),
        text=body["text"],
        choices=body.get("choices") or {},
        low=int(body.get("low", 1)),
        high=int(body.get("high", 5)),
        concern=str(body["concern"]) if "concern" in body else None,
        short=body.get("short") or {},
        prefer_not=bool(body.get("prefer_not_to_say")),
        next={"*": follows} if isinstance(follows, str) else {str(k): str(v) for k, v in follows.items()},
    )


def _texts(question: Question, language: str) -> Iterator[tuple[str, Template]]:
    buttons = tuple(Choice(reply, label) for reply, label in question.buttons(language))
    for key, words in ((question.key, question.text), (question.short_key, question.short)):
        if words:
            yield key, Template(words[language].strip(), words[language].strip(), buttons)
