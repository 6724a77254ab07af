"""Is a survey whole? Languages, circles, names, reserved words, questions that nothing leads to.

Raises `FlowInvalid` with the file and the line, in words that say what to do.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hub.surveys.kinds import MOST_NUMBER, Question, QuestionKind
from hub.surveys.lines import Lines

# Words that do something else wherever they are written, to us or to the provider.
RESERVED = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "start", "unstop"}
    | {"help", "info", "skip", "later", "change", "more"}
)
MOST_CHOICES = 9  # an answer is one digit
MOST_MARK = 10
_FILE = frozenset({"title", "side", "questions"})
_QUESTION = frozenset(
    {"type", "text", "short", "choices", "low", "high", "past", "concern", "next", "prefer_not_to_say"}
)


def check_names(lines: Lines, content: Any) -> None:
    """Nothing is there that nobody reads: `concerns:` would be a worry that no human ever sees."""
    if not isinstance(content, Mapping):
        lines.refuse("it needs a title, a side and questions.")
    for name in content:
        if name not in _FILE:
            lines.refuse(f"`{name}` is not known here: it has {_listed(_FILE)}.", name)
    for name in sorted(_FILE - set(content)):
        lines.refuse(f"`{name}` is missing.")
    if not isinstance(content["questions"], Mapping) or not isinstance(content["title"], Mapping):
        lines.refuse("it needs a title and at least one question.", "questions")
    for name, body in content["questions"].items():
        _check_parts(lines, name, body)


def _check_parts(lines: Lines, name: object, body: Any) -> None:
    at = ("questions", name)
    if not isinstance(name, str):
        lines.refuse(f"the question `{name}` needs a name in words; put yes, no, on and off into quotes.", *at)
    if not isinstance(body, Mapping):
        lines.refuse(f"`{name}` needs a type and a text.", *at)
    for part in body:
        if part not in _QUESTION:
            lines.refuse(f"`{name}` has `{part}`, which is not known: it can have {_listed(_QUESTION)}.", *at, part)
    for part in ("type", "text"):
        if part not in body:
            lines.refuse(f"`{name}` has no {part}.", *at)
    if body["type"] not in set(QuestionKind):
        lines.refuse(f"`{name}` has the type {body['type']}: choose {_listed(list(QuestionKind))}.", *at, "type")


def check_survey(
    lines: Lines, title: Mapping[str, str], questions: Mapping[str, Question], end: str, reserved: Collection[str] = ()
) -> None:
    """`reserved`: further words that may be no answer. Raises `FlowInvalid` for the first thing that is wrong."""
    for question in questions.values():
        if question.id.casefold() in RESERVED | {end}:
            lines.refuse(
                f"`{question.id}` is a reserved word: give the question another name.", "questions", question.id
            )
        _check_languages(lines, question, set(title))
        _check_choices(lines, question, RESERVED | set(reserved))
        _check_numbers(lines, question)
        _check_concern(lines, question)
        _check_targets(lines, question, questions, end)
    follows = _follows(questions, end)
    _check_circles(lines, follows)
    _check_reached(lines, follows)


def _check_languages(lines: Lines, question: Question, languages: set[str]) -> None:
    at = ("questions", question.id)
    parts: list[tuple[tuple[str, ...], Mapping[str, str]]] = [
        (("text",), question.text),
        *([(("short",), question.short)] if question.short else []),
    ]
    parts += [(("choices", code), words) for code, words in question.choices.items()]
    for names, words in parts:
        known = words if isinstance(words, Mapping) else {}
        if set(known) != languages:
            lacking = _listed(languages ^ set(known))
            lines.refuse(f"`{question.id}` is not in the languages of the title ({lacking}).", *at, *names)
        for language, said in known.items():
            if not isinstance(said, str) or not said.strip():
                lines.refuse(
                    f"`{question.id}` has no words in {language}; put numbers into quotes.", *at, *names, language
                )


def _check_choices(lines: Lines, question: Question, reserved: Collection[str]) -> None:
    at = ("questions", question.id, "choices")
    if question.kind is QuestionKind.CHOICE and not 2 <= len(question.choices) <= MOST_CHOICES:
        lines.refuse(f"`{question.id}` needs two to {MOST_CHOICES} choices.", *at)
    if question.kind is not QuestionKind.CHOICE and question.choices:
        lines.refuse(f"`{question.id}` has choices, but is no choice.", *at)
    for code, words in question.choices.items():
        for said in (str(code), *words.values()):
            if said.casefold() in reserved:
                lines.refuse(f"`{question.id}` has the answer {said}, a reserved word.", *at, code)
    for language in question.text:
        labels = [words[language].casefold() for words in question.choices.values()]
        if twice := [code for code, label in zip(question.choices, labels, strict=True) if labels.count(label) > 1]:
            lines.refuse(f"`{question.id}` shows the same answer twice in {language}.", *at, twice[-1])


def _check_numbers(lines: Lines, question: Question) -> None:
    at = ("questions", question.id)
    if question.kind is QuestionKind.SCALE and not 0 <= question.low < question.high <= 10:
        lines.refuse(
            f"`{question.id}` goes from {question.low} to {question.high}: a scale is within 0 to 10.", *at, "low"
        )
    if question.kind is QuestionKind.NUMBER and not 0 <= question.low < question.high <= MOST_NUMBER:
        lines.refuse(f"`{question.id}` goes from {question.low} to {question.high}: it can be 0 to {MOST_NUMBER}.", *at)
    if question.past and question.kind is not QuestionKind.DATE:
        lines.refuse(f"`{question.id}` says past, but asks for no date.", *at, "past")


def _check_concern(lines: Lines, question: Question) -> None:
    """Numbers are averaged and words are read: only what is counted by its code can hold "prefer not to say"."""
    at = ("questions", question.id)
    if question.concern is not None and question.concern not in question.codes():
        said = f"`{question.id}` has no answer {question.concern} to worry at; put yes and no into quotes."
        lines.refuse(said, *at, "concern")
    if question.prefer_not and question.kind not in {QuestionKind.CHOICE, QuestionKind.YES_NO}:
        said = f"`{question.id}` cannot have prefer_not_to_say: only choice and yes_no can."
        lines.refuse(said, *at, "prefer_not_to_say")


def _check_targets(lines: Lines, question: Question, questions: Mapping[str, Question], end: str) -> None:
    at = ("questions", question.id, "next")
    for code, target in question.next.items():
        if target not in {*questions, end}:
            lines.refuse(f"after `{question.id}` comes {target}, which is no question.", *at, code)
        if code not in {*question.codes(), "*"}:
            lines.refuse(f"`{question.id}` has no answer {code}; put yes and no into quotes.", *at, code)


def _follows(questions: Mapping[str, Question], end: str) -> dict[str, set[str]]:
    """What can come after each question; a skipped one leads on as the file does, unless `next` is for all."""
    order = list(questions)
    return {
        name: (set(question.next.values()) | set([] if "*" in question.next else order[place + 1 : place + 2])) - {end}
        for place, (name, question) in enumerate(questions.items())
    }


def reached(follows: Mapping[str, set[str]], first: str) -> set[str]:
    """All that can come after `first`, near or far."""
    found, to_see = set[str](), set(follows[first])
    while to_see:
        found |= to_see
        to_see = set().union(*(follows[step] for step in to_see)) - found
    return found


def _check_circles(lines: Lines, follows: Mapping[str, set[str]]) -> None:
    """A survey moves forward only: a question may never come after itself."""
    for name in follows:
        if name in reached(follows, name):
            said = f"`{name}` comes after itself: the branches go round in a circle."
            lines.refuse(said, "questions", name, "next")


def _check_reached(lines: Lines, follows: Mapping[str, set[str]]) -> None:
    first = next(iter(follows))
    for name in follows:
        if name != first and name not in reached(follows, first):
            said = f"no answer leads to `{name}`: let a question before it lead there, or take it out."
            lines.refuse(said, "questions", name)


def _listed(names: Collection[Any] | Sequence[Any]) -> str:
    return ", ".join(sorted(map(str, names)))
