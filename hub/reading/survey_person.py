"""Surveys of one person, for those who look after them: what was asked, what was said and changed, who is not asked.

Knows no page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import record_view
from hub.core import Hub
from hub.errors import NotFound
from hub.marks import MARKS, marks_of
from hub.reading.person import SURVEYS
from hub.reading.surveys import for_a_page
from hub.reading.texts import key_of
from hub.store.tables import Answer, EarlierAnswer, Person, SurveyRun, Worker
from hub.surveys import answers, exclusions, runs
from hub.surveys.inviting import in_words
from hub.surveys.kinds import PREFER_NOT, Question, QuestionKind
from hub.times import say_day, say_when

SHOWN = 20  # the newest
PLACES = {"sms": "by text", "telegram": "by Telegram", "webchat": "in the chat", "page": "on the page"}
WHY = {
    answers.CHANGED: "changed",
    answers.TAKEN_BACK: "taken back",
    answers.OFF_THE_WAY: "not asked any more after another answer",
}


@dataclass(frozen=True, slots=True)
class Run:
    """`number` leads to the answers; 0 where there are none to show."""

    number: int
    title: str
    when: str
    state: str


@dataclass(frozen=True, slots=True)
class Before:
    """What had been said, when and where, and what became of it."""

    said: str
    when: str
    why: str


@dataclass(frozen=True, slots=True)
class Said:
    question: str
    said: str
    when: str
    worries: bool
    before: Sequence[Before]


@dataclass(frozen=True, slots=True)
class Offer:
    """A survey of their side, with every reason against asking; empty when they can be asked."""

    name: str
    title: str
    why_not: list[str]
    open: bool


async def runs_of(hub: Hub, session: AsyncSession, person: Person) -> list[Run]:
    newest = select(SurveyRun).where(SurveyRun.person_id == person.id).order_by(SurveyRun.id.desc()).limit(SHOWN)
    rows = (await session.scalars(newest)).all()
    answered = set(await session.scalars(select(Answer.run_id).where(Answer.run_id.in_([row.id for row in rows]))))
    zone = person.agency.time_zone
    return [
        Run(row.id if row.id in answered else 0, title_of(hub, row.survey), say_day(row.invited_at, zone), _state(row))
        for row in rows
    ]


async def answers_of_run(
    hub: Hub, session: AsyncSession, worker: Worker, person: Person, number: int
) -> tuple[str, list[Said]]:
    """The title and each answer with what stood there before; that they were read is recorded. Raises `NotFound`."""
    row = await session.scalar(select(SurveyRun).where(SurveyRun.id == number, SurveyRun.person_id == person.id))
    if row is None:
        raise NotFound
    record_view(hub, session, worker, "survey_viewed", f"survey_run:{row.id}", person.id)
    given, before = await answers.answers_of(session, row), await answers.earlier_of(session, row)
    questions = runs.definition_of(hub, row).questions
    return title_of(hub, row.survey), [
        _said(hub, person, question, given.get(name), [each for each in before if each.question == name])
        for name, question in questions.items()
        if name in given or any(each.question == name for each in before)
    ]


async def offers(hub: Hub, session: AsyncSession, person: Person) -> list[Offer]:
    found = []
    for name, survey in hub.flows.surveys.items():
        if survey.side is person.side:
            is_open = await runs.open_run(session, person, name) is not None
            why_not = [] if is_open else await exclusions.reasons(hub, session, person, name)
            found.append(Offer(name, title_of(hub, name), in_words(why_not), is_open))
    return found


async def noted(session: AsyncSession, person: Person) -> list[str]:
    """The marks of a person in words, with their day."""
    rows = await marks_of(session, person.id)
    return [
        mark.words + (f" ({mark.day.lower()} {rows[name].day:%d/%m/%Y})" if mark.day and rows[name].day else "")
        for name, mark in MARKS.items()
        if name in rows
    ]


def title_of(hub: Hub, name: str) -> str:
    found = hub.flows.surveys.get(name)
    return found.title.get("en", name) if found else name.replace("_", " ")


def _state(row: SurveyRun) -> str:
    return SURVEYS[row.state]


def _said(hub: Hub, person: Person, question: Question, given: Answer | None, before: Sequence[EarlierAnswer]) -> Said:
    zone = person.agency.time_zone
    return Said(
        question=for_a_page(question.text["en"]),
        said=_words(hub, person, question, given) if given else "Open again",
        when=_when(given.answered_at, given.given_on, zone) if given else "",
        worries=bool(given and given.code and question.worries(given.code)),
        before=[
            Before(
                _words(hub, person, question, each),
                _when(each.answered_at, each.given_on, zone),
                f"{WHY.get(each.replaced_by, each.replaced_by)} {say_when(each.replaced_at, zone)}",
            )
            for each in before
        ],
    )


def _when(at: datetime, place: str, zone: str) -> str:
    return f"{say_when(at, zone)} {PLACES.get(place, '')}".strip()


def _words(hub: Hub, person: Person, question: Question, each: Answer | EarlierAnswer) -> str:
    key = key_of(hub, person)
    if each.words_sealed:
        return f"“{key.open(each.words_sealed, 'answer')}”" if key else "(erased)"
    if each.code is None:
        return "Skipped"
    if each.code == PREFER_NOT:
        return "Preferred not to say"
    if question.kind is QuestionKind.SCALE:
        return f"{each.code} of {question.high}"
    choice = question.choices.get(each.code)
    return choice["en"] if choice else each.code.capitalize()
