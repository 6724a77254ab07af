"""What people wrote in a survey, in their own words: for their own team alone, and never of fewer than `LEAST`."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import may_see
from hub.core import Hub
from hub.reading.outcomes.scope import Scope
from hub.reading.outcomes.small import LEAST
from hub.reading.surveys import for_a_page
from hub.reading.texts import key_of
from hub.store import audit
from hub.store.tables import Answer, Person, SurveyRun, Worker
from hub.surveys.definition import Survey
from hub.surveys.kinds import QuestionKind

SHOWN = 50  # the newest


@dataclass(frozen=True, slots=True)
class Words:
    """`said` is empty where too few wrote something."""

    question: str
    people: int
    said: list[str]

    @property
    def too_few(self) -> bool:
        return 0 < self.people < LEAST


async def words(hub: Hub, session: AsyncSession, worker: Worker, scope: Scope, survey: Survey) -> list[Words]:
    """Of the people that this worker may see; each person whose words are shown is recorded."""
    questions = [question for question in survey.questions.values() if question.kind is QuestionKind.TEXT]
    found = []
    for question in questions:
        wanted = (
            select(Answer, Person)
            .join(SurveyRun, SurveyRun.id == Answer.run_id)
            .join(Person, Person.id == SurveyRun.person_id)
            .where(may_see(worker), SurveyRun.survey == survey.name, Answer.question == question.id)
            .where(Answer.words_sealed.is_not(None), Person.wrapped_key.is_not(None))
            .where(SurveyRun.invited_at >= scope.since, SurveyRun.invited_at < scope.until)
        )
        people = int(await session.scalar(wanted.with_only_columns(func.count(Person.id.distinct()))) or 0)
        newest = wanted.order_by(Answer.id.desc()).limit(SHOWN)
        shown = [(answer, one) for answer, one in await session.execute(newest)] if people >= LEAST else []
        for _, person in shown:
            actor, subject = f"worker:{worker.id}", f"survey:{survey.name}"
            audit.record(session, hub.clock.now(), actor, "survey_words_viewed", subject, person_id=person.id)
        said = [_open(hub, person, answer) for answer, person in shown]
        found.append(Words(for_a_page(question.text["en"]), people, said))
    return found


def _open(hub: Hub, person: Person, answer: Answer) -> str:
    key = key_of(hub, person)
    return key.open(answer.words_sealed, "answer") if key and answer.words_sealed else ""
