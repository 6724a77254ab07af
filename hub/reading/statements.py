"""A statement as a worker reads and prints it: each answer with its time and its way, what it was before, the files.

Knows no page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotFound
from hub.reading.surveys import for_a_page
from hub.reading.texts import shown_name
from hub.reading.voices import Voice, voices_of
from hub.reading.wording import CHANNELS
from hub.statements import records, sealing
from hub.statements.definition import DONE, Question
from hub.statements.states import OPEN, StatementState
from hub.store.tables import MediaFile, Person, Statement, StatementAnswer, Worker
from hub.times import local, say_when
from hub.words import ChannelKind

STATES: dict[StatementState, str] = {
    StatementState.ASKED: "Asked for",
    StatementState.STARTED: "Begun, not finished",
    StatementState.READ_BACK: "Read back to them, not confirmed yet",
    StatementState.CONFIRMED: "Confirmed in their own words",
    StatementState.WITHDRAWN: "Taken back",
    StatementState.EXPIRED: "Not finished in time",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One in a list."""

    number: int
    title: str
    state: StatementState
    words: str
    when: str
    by: str
    open: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """`before`: it was changed later. `photo`: the number of a file that can be opened."""

    words: str
    when: str
    way: str
    before: bool = False
    photo: int = 0
    voice: Voice | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    title: str
    words: str
    answers: list[Answer]


@dataclass(frozen=True, slots=True)
class File:
    """Of the evidence list."""

    number: int
    kind: str
    when: str
    sha256: str
    there: bool


@dataclass(frozen=True, slots=True)
class Version:
    number: int
    when: str
    way: str
    sha256: str
    unchanged: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Told:
    number: int
    reference: str
    person_ref: str
    name: str
    title: str
    state: StatementState
    state_words: str
    asked: str
    open: bool
    questions: list[Asked]
    files: list[File]
    versions: list[Version]


async def of_person(hub: Hub, session: AsyncSession, person: Person) -> list[Row]:
    """The newest first."""
    wanted = select(Statement, Worker.name).join(Worker, Worker.id == Statement.asked_by_id)
    found = await session.execute(wanted.where(Statement.person_id == person.id).order_by(Statement.id.desc()))
    return [
        Row(
            number=statement.id,
            title=_title(hub, statement),
            state=statement.state,
            words=STATES[statement.state],
            when=_when(person, statement.state_at),
            by=by,
            open=records.may_go_on(hub, statement),
        )
        for statement, by in found.all()
    ]


async def told(hub: Hub, session: AsyncSession, statement: Statement) -> Told:
    person = statement.person
    answers = await records.answers_of(session, statement)
    files = [answer.media for answer in answers if answer.media]
    voices = await voices_of(hub, session, person, files)
    asker = await session.get_one(Worker, statement.asked_by_id)
    return Told(
        number=statement.id,
        reference=statement.ref,
        person_ref=person.ref,
        name=shown_name(hub, person),
        title=_title(hub, statement),
        state=statement.state,
        state_words=STATES[statement.state],
        asked=f"{_when(person, statement.asked_at)} by {asker.name}",
        open=statement.state in OPEN,
        questions=_questions(hub, statement, answers, voices),
        files=[_file(person, file) for file in files],
        versions=[
            Version(
                version.number,
                _when(person, version.confirmed_at),
                way_in_words(version.way),
                version.digest.hex(),
                bool(sealing.opened(hub, statement, version)["unchanged"]),
                version.withdrawn_at is not None,
            )
            for version in await sealing.versions_of(session, statement)
        ],
    )


def way_in_words(way: str) -> str:
    return "our page" if way == records.PAGE else CHANNELS[ChannelKind(way)]


def in_words(hub: Hub, statement: Statement, question: Question, answer: StatementAnswer, language: str = "en") -> str:
    """What was answered, where that can be said in words."""
    if answer.code == records.SKIPPED:
        return "(left out)"
    words = records.words_of(hub, statement, answer)
    if answer.code == DONE:
        return words
    return question.label(answer.code, language) if answer.code else words


def _questions(
    hub: Hub, statement: Statement, answers: Sequence[StatementAnswer], voices: dict[int, Voice]
) -> list[Asked]:
    """In the order of the file; those that nobody came to are left out."""
    try:
        known = records.questions_of(hub, statement).questions
    except NotFound:  # the file of questions has gone: the answers are there all the same
        known = {}
    names = list(dict.fromkeys([*known, *(answer.question for answer in answers)]))
    found = []
    for name in names:
        question = known.get(name)
        given = [_answer(hub, statement, question, each, voices) for each in answers if each.question == name]
        if given:
            title = question.title["en"] if question else name
            found.append(
                Asked(title, for_a_page(question.text["en"]) if question else "", [each for each in given if each])
            )
    return found


def _answer(
    hub: Hub, statement: Statement, question: Question | None, answer: StatementAnswer, voices: dict[int, Voice]
) -> Answer:
    file = answer.media
    words = in_words(hub, statement, question, answer) if question else records.words_of(hub, statement, answer)
    photo = file.id if file and file.id not in voices and not file.refused else 0
    return Answer(
        words=words,
        when=_when(statement.person, answer.answered_at),
        way=way_in_words(answer.way),
        before=answer.replaced_at is not None,
        photo=photo,
        voice=voices.get(file.id) if file else None,
    )


def _file(person: Person, file: MediaFile) -> File:
    kind = "Voice message" if file.seconds is not None else "Photo or document"
    there = file.content_sealed is not None and not file.refused
    return File(file.id, kind, _when(person, file.created_at), file.sha256.hex() if file.sha256 else "", there)


def _title(hub: Hub, statement: Statement) -> str:
    found = hub.flows.statements.get(statement.questions)
    return found.title["en"] if found else statement.questions


def _when(person: Person, at: datetime) -> str:
    zone = person.agency.time_zone
    return f"{say_when(at, zone)}, {local(at, zone).year}"
