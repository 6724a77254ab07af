"""Surveys as those who publish them read them: questions, what follows, how each looks as a text, what to mind."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotFound
from hub.reading.surveys import SECONDS_A_QUESTION
from hub.reading.wording import LANGUAGES
from hub.reading_age import reading_age
from hub.store.tables import Worker
from hub.surveys import publishing
from hub.surveys.definition import END, Survey
from hub.surveys.exclusion_rules import RULES, Quota
from hub.surveys.invitation_rules import After
from hub.surveys.kinds import Question, QuestionKind
from hub.surveys.runs import STAYS_OPEN
from hub.texts import Rendered, as_written

MOST_PARTS = {"en": 2}  # a question in English
MOST_PARTS_ABROAD = 4
OLDEST = 11  # years of reading age; GOV.UK writes for 9, and few words can only be judged roughly
_EVENTS = {After.SESSION: "after a session", After.CASE_CLOSED: "when a case has closed"}
KINDS = {
    QuestionKind.CHOICE: "One of a list",
    QuestionKind.SCALE: "A mark",
    QuestionKind.YES_NO: "Yes or no",
    QuestionKind.NUMBER: "A number",
    QuestionKind.DATE: "A date",
    QuestionKind.TEXT: "Their own words",
}


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    title: str
    questions: int
    minutes: int
    languages: str
    published: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as a text in one language; `then` says in words what follows which answer."""

    number: int
    kind: str
    text: Rendered
    answers: list[str]
    then: list[str]
    worry: str


@dataclass(frozen=True, slots=True)
class One:
    row: Row
    languages: Mapping[str, str]
    questions: list[Asked]
    asked_when: str
    not_asked: list[str]


@dataclass(frozen=True, slots=True)
class Check:
    fine: bool
    words: str
    details: Sequence[str] = ()


def survey_of(hub: Hub, worker: Worker, name: str) -> Survey:
    """One of the worker's side. Raises `NotFound`."""
    survey = hub.flows.surveys.get(name)
    if survey is None or survey.side is not worker.team.side:
        raise NotFound
    return survey


async def rows(hub: Hub, session: AsyncSession, worker: Worker) -> list[Row]:
    off = await publishing.stopped(session, worker.team.agency_id)
    return [_row(s, off) for s in hub.flows.surveys.values() if s.side is worker.team.side]


async def view(hub: Hub, session: AsyncSession, worker: Worker, survey: Survey, language: str) -> One:
    """Raises `NotFound` for a language that it is not in."""
    if language not in survey.title:
        raise NotFound
    off = await publishing.stopped(session, worker.team.agency_id)
    return One(
        row=_row(survey, off),
        languages={code: LANGUAGES.get(code, code) for code in survey.title},
        questions=[_asked(survey, number, q, language) for number, q in enumerate(survey.questions.values(), 1)],
        asked_when=_when(hub, survey),
        not_asked=list(_not_asked(hub, survey)),
    )


def checks(survey: Survey) -> list[Check]:
    """What is looked at before a survey is published. The first three hold, or it could not have been read."""
    languages = ", ".join(LANGUAGES.get(code, code) for code in survey.title)
    return [
        Check(True, f"Every question and answer is in {languages}"),
        Check(True, "No question shows the same answer twice, and none is a word that stops texts"),
        Check(True, "The branches never go round in a circle, and some answer leads to every question"),
        _check("Every question can be skipped, and the first one says so", list(_skip(survey))),
        _check("Every question fits into one or two texts (four in other alphabets)", list(_parts(survey))),
        _check(f"Every question can be read at the age of {OLDEST}", list(_ages(survey))),
        _check("At least one answer brings a human, if it worries", list(_concern(survey))),
    ]


def _check(words: str, wrong: list[str]) -> Check:
    return Check(not wrong, words, wrong)


def _row(survey: Survey, off: set[str]) -> Row:
    count = len(survey.questions)
    return Row(
        name=survey.name,
        title=survey.title["en"],
        questions=count,
        minutes=max(1, round(count * SECONDS_A_QUESTION / 60)),
        languages=", ".join(LANGUAGES.get(code, code) for code in survey.title),
        published=survey.name not in off,
    )


def _asked(survey: Survey, number: int, question: Question, language: str) -> Asked:
    worry = f"A human sees it when the answer is {_label(question, question.concern, language)}"
    scale = question.kind is QuestionKind.SCALE
    return Asked(
        number=number,
        kind=KINDS[question.kind],
        text=as_written(question.text[language]),
        answers=[_label(question, code, language) for code in question.codes()],
        then=list(_then(survey, question, language)),
        worry=f"{worry}{' or less' if scale else ''}." if question.concern else "",
    )


def _label(question: Question, code: str | None, language: str) -> str:
    labels = [label for _, label in question.buttons(language)]
    return dict(zip(question.codes(), labels, strict=False)).get(code or "", code or "")


def _then(survey: Survey, question: Question, language: str) -> Iterator[str]:
    for code, follows in question.next.items():
        where = _place(survey, follows)
        yield f"Then {where}." if code == "*" else f"After “{_label(question, code, language)}”: {where}."
    if "*" not in question.next:
        after = survey.after(question, None)
        others = "After any other answer: " if question.next else "Then "
        yield f"{others}{_place(survey, after.id if after else END)}."


def _place(survey: Survey, name: str) -> str:
    return "the end" if name == END else f"question {list(survey.questions).index(name) + 1}"


def _when(hub: Hub, survey: Survey) -> str:
    reminder = hub.flows.nudges.get("survey_reminder")
    again = f" They are reminded once, {reminder.days} days later." if reminder else ""
    events = {_EVENTS[rule.after] for rule in hub.flows.invitations if rule.survey == survey.name}
    by_itself = f"Asked by itself {' and '.join(sorted(events))}, and when" if events else "Asked when"
    return (
        f"{by_itself} a worker or your case system invites a person, at the next hour at which texts may go out."
        f"{again} The questions stay open for {STAYS_OPEN.days} days. Whoever says no is not asked again."
    )


def _not_asked(hub: Hub, survey: Survey) -> Iterator[str]:
    """Each rule in words, with its numbers."""
    quota = hub.flows.exclusions.quotas.get(survey.name)
    for rule in hub.flows.exclusions.rules:
        if rule.name == "quota" and quota:
            yield f"{RULES[rule.name][0]}: {_most(quota)}"
        elif rule.is_for(survey.name) and rule.name != "quota":
            numbers = ", ".join(f"{number} {name.split('_')[-1]}" for name, number in rule.numbers.items())
            yield RULES[rule.name][0] + (f" ({numbers})" if numbers else "")


def _most(quota: Quota) -> str:
    most = {"invitations": quota.invitations, "answered": quota.answers}
    said = " or ".join(f"{number:,} {name}" for name, number in most.items() if number)
    return f"{said} within {quota.within.days} days, by {quota.per}"


def _skip(survey: Survey) -> Iterator[str]:
    for language, text in survey.first.text.items():
        if "SKIP" not in text:
            yield f"Question 1, {LANGUAGES.get(language, language)}: it does not say that SKIP leaves a question out."


def _parts(survey: Survey) -> Iterator[str]:
    for number, question in enumerate(survey.questions.values(), 1):
        for language, text in question.text.items():
            parts = as_written(text).count.segments
            if parts > MOST_PARTS.get(language, MOST_PARTS_ABROAD):
                yield f"Question {number}, {LANGUAGES.get(language, language)}: {parts} texts."


def _ages(survey: Survey) -> Iterator[str]:
    for number, question in enumerate(survey.questions.values(), 1):
        age = reading_age(question.text["en"])
        if age and age > OLDEST:
            yield f"Question {number}: age {age}."


def _concern(survey: Survey) -> Iterator[str]:
    if not any(question.concern for question in survey.questions.values()):
        yield "No answer does. Words that speak of danger still do."
