"""The answers of one run: taken, skipped, changed, taken back. What was said before is kept beside what counts.

An answer is a code where it can be counted and sealed words where it cannot. Used by texts and by pages alike. Knows
nothing of how a question is shown.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.dates import understand_day
from hub.errors import MoveNotAllowed, NotFound
from hub.states import SurveyState
from hub.store import audit
from hub.store.tables import Answer, EarlierAnswer, Person, SurveyRun
from hub.store.vault import Key
from hub.surveys import runs
from hub.surveys.kinds import Question, QuestionKind
from hub.times import local

LONGEST_WORDS = 4000  # characters of a free answer that are kept
CHANGED, TAKEN_BACK, OFF_THE_WAY = "changed", "taken_back", "off_the_way"
PAGE = "page"  # where an answer was given, if not by text or chat


async def answer(
    hub: Hub, session: AsyncSession, run: SurveyRun, question_id: str, words: str, given_on: str = PAGE
) -> bool:
    """Take an answer; of the same question again, the one before is kept beside. False when the words are none.

    Raises
    ------
    MoveNotAllowed
        when the run is over.
    NotFound
        when the survey has no such question.
    """
    question = runs.definition_of(hub, run).questions.get(question_id)
    if question is None:
        raise NotFound
    if question.kind is QuestionKind.TEXT:
        if not words.strip():
            return False
        await _keep(hub, session, run, question, None, words.strip()[:LONGEST_WORDS], given_on)
        return True
    person = await session.get_one(Person, run.person_id)
    today = local(hub.clock.now(), person.agency.time_zone).date()
    code = question.read(words, understand_day(words, today), today)
    if code is None:
        return False
    await _keep(hub, session, run, question, code, None, given_on)
    return True


async def skip(hub: Hub, session: AsyncSession, run: SurveyRun, question_id: str, given_on: str = PAGE) -> None:
    """Leave a question out: every question can be."""
    await _keep(hub, session, run, runs.definition_of(hub, run).questions[question_id], None, None, given_on)


async def take_back_last(hub: Hub, session: AsyncSession, run: SurveyRun) -> bool:
    """Put the last answer aside, so that its question is open again. False when there is none."""
    last: Answer | None = await session.scalar(
        select(Answer).where(Answer.run_id == run.id).order_by(Answer.answered_at.desc(), Answer.id.desc()).limit(1)
    )
    if last is None:
        return False
    await _put_aside(hub, session, last, TAKEN_BACK)
    await session.flush()
    return True


async def answers_of(session: AsyncSession, run: SurveyRun) -> dict[str, Answer]:
    """What counts, by question."""
    found = await session.scalars(select(Answer).where(Answer.run_id == run.id).order_by(Answer.id))
    return {answer.question: answer for answer in found}


async def earlier_of(session: AsyncSession, run: SurveyRun) -> Sequence[EarlierAnswer]:
    """What was said before it was changed, oldest first."""
    found = select(EarlierAnswer).where(EarlierAnswer.run_id == run.id)
    return (await session.scalars(found.order_by(EarlierAnswer.replaced_at, EarlierAnswer.id))).all()


async def _keep(
    hub: Hub,
    session: AsyncSession,
    run: SurveyRun,
    question: Question,
    code: str | None,
    words: str | None,
    given_on: str,
) -> None:
    if run.state not in runs.OPEN:
        raise MoveNotAllowed
    await runs.set_state(hub, session, run, SurveyState.STARTED)
    before = (await answers_of(session, run)).get(question.id)
    key = await _key_of(hub, session, run)
    if before and _is_same(key, before, code, words):
        return
    if before:
        await _put_aside(hub, session, before, CHANGED)
        await session.flush()
    sealed = key.seal(words, "answer") if words else None
    now = hub.clock.now()
    session.add(
        Answer(run_id=run.id, question=question.id, code=code, words_sealed=sealed, given_on=given_on, answered_at=now)
    )
    await session.flush()
    await _leave_other_branches(hub, session, run)


async def _leave_other_branches(hub: Hub, session: AsyncSession, run: SurveyRun) -> None:
    """An answer to a question that the way does not lead to any more is counted no more, and kept."""
    given = await answers_of(session, run)
    way = runs.definition_of(hub, run).may_come({name: each.code for name, each in given.items()})
    for name in given.keys() - way:
        await _put_aside(hub, session, given[name], OFF_THE_WAY)
    await session.flush()


async def _put_aside(hub: Hub, session: AsyncSession, answer: Answer, why: str) -> None:
    now = hub.clock.now()
    kept = {part: getattr(answer, part) for part in ("run_id", "question", "code", "words_sealed", "given_on")}
    session.add(EarlierAnswer(**kept, answered_at=answer.answered_at, replaced_at=now, replaced_by=why))
    await session.delete(answer)
    person_id = (await session.get_one(SurveyRun, answer.run_id)).person_id
    subject, who = f"survey_run:{answer.run_id}", f"person:{person_id}"
    audit.record(
        session, now, who, "survey_answer_changed", subject, person_id=person_id, question=answer.question, how=why
    )


async def _key_of(hub: Hub, session: AsyncSession, run: SurveyRun) -> Key:
    person = await session.get_one(Person, run.person_id)
    return hub.vault.open_person_key(person.wrapped_key or b"")


def _is_same(key: Key, before: Answer, code: str | None, words: str | None) -> bool:
    said = key.open(before.words_sealed, "answer") if before.words_sealed else None
    return (before.code, said) == (code, words)
