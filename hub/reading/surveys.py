"""A survey run as plain pages show it: the question, what was answered, the way so far."""

import re
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import LinkDoesNotWork
from hub.reading.texts import key_of
from hub.states import SurveyState
from hub.store.tables import Answer, Person, SurveyRun
from hub.surveys import runs
from hub.surveys.answers import answers_of
from hub.surveys.definition import Survey
from hub.surveys.kinds import PREFER_NOT, Question, QuestionKind
from hub.words import Side

SECONDS_A_QUESTION = 20
# How to answer by text ("Reply 1 for yes…", "SKIP leaves…") has no place on a page with buttons.
_BY_TEXT = re.compile(r"(?:Reply|Atebwch|SKIP|Mae SKIP|Write it|Ysgrifennwch|LATER)\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. `options` are (code, label); `answer` is the code or words given; None: not asked yet.

    `number` is its place in the definition, for addresses; `place` the one on this person's way, for their eyes.
    """

    number: int
    place: int
    id: str
    kind: QuestionKind
    words: str
    options: list[tuple[str, str]]
    low: int
    high: int
    answer: str | None
    shown: str
    prefer_not: str  # the code of "prefer not to say"; empty where it is not offered
    may_hurt: bool  # where to talk to somebody stands beside it


@dataclass(frozen=True, slots=True)
class Run:
    """`way`: the questions that the answers lead through; the open one is last unless `complete`."""

    row: SurveyRun
    side: Side
    language: str
    agency: str
    phone: str
    count: int
    minutes: int
    over: bool
    way: list[Asked]
    complete: bool

    def question(self, number: int) -> Asked | None:
        """None for a question that the answers do not lead to, or do not any more."""
        return next((asked for asked in self.way if asked.number == number), None)

    @property
    def declined(self) -> bool:
        return self.row.state is SurveyState.DECLINED

    @property
    def answered(self) -> bool:
        """Whether anything has been answered yet."""
        return self.complete or len(self.way) > 1

    @property
    def open(self) -> Asked | None:
        return None if self.complete else self.way[-1]


async def run_of(hub: Hub, session: AsyncSession, token: str, *, lock: bool = False) -> Run:
    """The run that a link leads to. Raises `LinkDoesNotWork`."""
    row = await runs.run_of_token(session, token, lock=lock)
    if row is None:
        raise LinkDoesNotWork
    person = await session.get_one(Person, row.person_id)
    if person.wrapped_key is None:
        raise LinkDoesNotWork
    survey, answers = runs.definition_of(hub, row), await answers_of(session, row)
    path = list(survey.path({name: answer.code for name, answer in answers.items()}))
    over = row.state in {SurveyState.EXPIRED, SurveyState.DECLINED} or (
        row.state is not SurveyState.COMPLETED and row.expires_at <= hub.clock.now()
    )
    return Run(
        row=row,
        side=person.side,
        language=person.language,
        agency=person.agency.short_name,
        phone=person.agency.phone,
        count=len(survey.questions),
        minutes=max(1, round(len(survey.questions) * SECONDS_A_QUESTION / 60)),
        over=over,
        way=[_asked(hub, person, survey, q, answers.get(q.id), place) for place, q in enumerate(path, 1)],
        complete=path[-1].id in answers,
    )


def _asked(hub: Hub, person: Person, survey: Survey, question: Question, answer: Answer | None, place: int) -> Asked:
    language = person.language if person.language in survey.title else "en"
    labels = [label for _, label in question.buttons(language)]
    options = list(zip(question.codes(), labels, strict=True)) if labels else []
    given = None
    if answer is not None:
        key = key_of(hub, person)
        given = answer.code or (key.open(answer.words_sealed, "answer") if key and answer.words_sealed else "")
    return Asked(
        number=list(survey.questions).index(question.id) + 1,
        place=place,
        id=question.id,
        kind=question.kind,
        words=for_a_page(question.text[language]),
        options=options,
        low=question.low,
        high=question.high,
        answer=given,
        shown=_shown(question, dict(options), given or ""),
        prefer_not=PREFER_NOT if question.prefer_not else "",
        may_hurt=question.concern is not None or question.kind is QuestionKind.TEXT,
    )


def _shown(question: Question, labels: dict[str, str], given: str) -> str:
    """An answer as it is read back: a date as it was typed, everything else by its label."""
    if question.kind is QuestionKind.DATE and given:
        year, month, day = given.split("-")
        return f"{int(day)} {int(month)} {year}"
    return labels.get(given, given)


def for_a_page(text: str) -> str:
    """The text without its sentences on how to answer by text."""
    sentences = re.split(r"(?<=[.?!])\s+", text)
    return " ".join(sentence for sentence in sentences if not _BY_TEXT.match(sentence)) or text
