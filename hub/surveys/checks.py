"""Is a survey whole? Languages, circles, names, reserved words. Raises `FlowInvalid` in words that say what
to do."""

from collections.abc import Mapping
from pathlib import Path

from hub.errors import FlowInvalid
from hub.surveys.kinds import Question, QuestionKind

# Words that do something else wherever they are written, to us or to the provider.
RESERVED = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "start", "unstop"}
    | {"help", "info", "skip", "later", "change", "more"}
)
MOST_CHOICES = 9  # an answer is one digit


def check_survey(file: Path, title: Mapping[str, str], questions: Mapping[str, Question], end: str) -> None:
    """Raises `FlowInvalid` for the first thing that is wrong."""
    if not questions or not title:
        raise FlowInvalid(f"{file}: it needs a title and at least one question.")
    for question in questions.values():
        _check_languages(file, question, set(title))
        _check_choices(file, question)
        _check_prefer_not(file, question)
        _check_targets(file, question, questions, end)
    _check_circles(file, questions, end)


def _check_languages(file: Path, question: Question, languages: set[str]) -> None:
    short = [question.short] if question.short else []
    for words in (question.text, *short, *question.choices.values()):
        if set(words) != languages:
            lacking = ", ".join(sorted(languages ^ set(words)))
            raise FlowInvalid(f"{file}: `{question.id}` is not in the languages of the title ({lacking}).")


def _check_choices(file: Path, question: Question) -> None:
    if question.kind is QuestionKind.CHOICE and not 2 <= len(question.choices) <= MOST_CHOICES:
        raise FlowInvalid(f"{file}: `{question.id}` needs two to {MOST_CHOICES} choices.")
    answers = {label.casefold() for words in question.choices.values() for label in words.values()}
    if reserved := (answers | set(question.choices)) & RESERVED:
        raise FlowInvalid(f"{file}: `{question.id}` has the answer {', '.join(sorted(reserved))}, a reserved word.")
    for language in question.text:
        labels = [words[language].casefold() for words in question.choices.values()]
        if len(set(labels)) < len(labels):
            raise FlowInvalid(f"{file}: `{question.id}` shows the same answer twice in {language}.")


def _check_prefer_not(file: Path, question: Question) -> None:
    """Numbers are averaged and words are read: only what is counted by its code can hold one more."""
    if question.prefer_not and question.kind not in {QuestionKind.CHOICE, QuestionKind.YES_NO}:
        raise FlowInvalid(f"{file}: `{question.id}` cannot have prefer_not_to_say: only choice and yes_no can.")


def _check_targets(file: Path, question: Question, questions: Mapping[str, Question], end: str) -> None:
    if unknown := set(question.next.values()) - set(questions) - {end}:
        raise FlowInvalid(f"{file}: after `{question.id}` comes {', '.join(sorted(unknown))}, which is no question.")
    if unknown := set(question.next) - set(question.codes()) - {"*"}:
        raise FlowInvalid(f"{file}: `{question.id}` has no answer {', '.join(sorted(unknown))}.")


def _check_circles(file: Path, questions: Mapping[str, Question], end: str) -> None:
    """A survey moves forward only: a question may never come after itself."""
    order = list(questions)
    follows = {
        name: (set(question.next.values()) | set([] if "*" in question.next else order[place + 1 : place + 2])) - {end}
        for place, (name, question) in enumerate(questions.items())
    }
    for name in order:
        reached, to_see = set[str](), set(follows[name])
        while to_see:
            reached |= to_see
            to_see = set().union(*(follows[step] for step in to_see)) - reached
        if name in reached:
            raise FlowInvalid(f"{file}: `{name}` comes after itself: the branches go round in a circle.")
