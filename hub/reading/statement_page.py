"""A statement as its own speaker sees it on our pages: the way, each answer, what a machine heard. Knows no page."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import LinkDoesNotWork
from hub.reading.statements import in_words
from hub.reading.surveys import for_a_page
from hub.statements import records
from hub.statements.definition import Kind, Question
from hub.store.tables import MediaFile, Statement, StatementAnswer, VoiceDraft
from hub.times import say_when
from hub.voices import drafts
from hub.voices.states import VoiceState
from hub.words import Side


@dataclass(frozen=True, slots=True)
class OwnVoice:
    """`words`: what a machine heard, or what they wrote for it; `asks`: they have not said yet whether it is right."""

    number: int
    words: str
    asks: bool
    theirs: bool


@dataclass(frozen=True, slots=True)
class Put:
    """One question on the way. `number`: its place in the file, in the address of its page."""

    number: int
    place: int
    kind: Kind
    words: str
    title: str
    options: list[tuple[str, str]]
    said: str
    chosen: str
    photos: int
    voices: list[OwnVoice]
    answered: bool


@dataclass(frozen=True, slots=True)
class Account:
    side: Side
    language: str
    agency: str
    phone: str
    title: str
    until: str
    way: list[Put]
    open: Put | None
    row: Statement

    def at(self, number: int) -> Put | None:
        return next((put for put in self.way if put.number == number), None)

    @property
    def begun(self) -> bool:
        return any(put.answered or put.photos for put in self.way)


async def account(hub: Hub, session: AsyncSession, token: str, *, lock: bool = False) -> Account:
    """Raises `LinkDoesNotWork`."""
    statement = await records.behind(hub, session, token, lock=lock)
    where = await records.standing(hub, session, statement)
    person, language = statement.person, statement.person.language
    questions = records.questions_of(hub, statement)
    names = list(questions.questions)
    way = [
        await _put(
            hub, session, statement, question, where.answers.get(question.id, []), names.index(question.id) + 1, n
        )
        for n, question in enumerate(where.way, 1)
    ]
    return Account(
        side=person.side,
        language=language,
        agency=person.agency.short_name,
        phone=person.agency.phone,
        title=questions.title.get(language) or questions.title["en"],
        until=say_when(statement.expires_at, person.agency.time_zone, language),
        way=way,
        open=way[-1] if where.open else None,
        row=statement,
    )


def question_of(hub: Hub, found: Account, number: int) -> Question:
    """Raises `LinkDoesNotWork`."""
    known = list(records.questions_of(hub, found.row).questions.values())
    if not 1 <= number <= len(known):
        raise LinkDoesNotWork
    return known[number - 1]


async def own_voice(session: AsyncSession, found: Account, number: int) -> tuple[MediaFile, VoiceDraft | None]:
    """A voice message of this statement, and of no other. Raises `LinkDoesNotWork`."""
    if not any(voice.number == number for put in found.way for voice in put.voices):
        raise LinkDoesNotWork
    return await session.get_one(MediaFile, number), await drafts.of(session, number, lock=True)


async def _put(
    hub: Hub,
    session: AsyncSession,
    statement: Statement,
    question: Question,
    given: list[StatementAnswer],
    number: int,
    place: int,
) -> Put:
    language = statement.person.language
    told = [in_words(hub, statement, question, each, language) for each in given if each.code != records.SKIPPED]
    codes = question.codes()
    return Put(
        number=number,
        place=place,
        kind=question.kind,
        words=for_a_page(question.text.get(language) or question.text["en"]),
        title=question.title.get(language) or question.title["en"],
        options=[(code, question.label(code, language)) for code in codes],
        said=" ".join(part for part in told if part),
        chosen=next((each.code or "" for each in given if each.code in codes), ""),
        photos=sum(records.is_photo(each) for each in given),
        voices=[await _voice(hub, session, statement, each) for each in given if each.media and each.media.seconds],
        answered=records.is_answered(question, given),
    )


async def _voice(hub: Hub, session: AsyncSession, statement: Statement, answer: StatementAnswer) -> OwnVoice:
    number = answer.media_id or 0
    draft = await drafts.of(session, number)
    words = drafts.words_of(hub, statement.person, draft) if draft else ""
    asks = draft is not None and bool(words) and draft.state in {VoiceState.HEARD, VoiceState.ASKED}
    return OwnVoice(number, words, asks, theirs=draft is not None and draft.corrected_sealed is not None)
