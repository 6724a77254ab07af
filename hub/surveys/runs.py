"""One person's way through a survey: invited, answering, paused, done. Used by texts and by the web pages alike.

An answer is a code where it can be counted and sealed words where it cannot. The open question is always found anew
from the answers, so that a changed answer changes the way. Knows nothing of how a question is shown.
"""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.dates import understand_day
from hub.errors import MoveNotAllowed, NotFound, SidesMeet, SurveyStopped
from hub.handling import Handling
from hub.nudges.planner import replan
from hub.states import SURVEY_MOVES, SurveyState, check_move
from hub.store import audit
from hub.store.refs import hash_token
from hub.store.tables import Answer, Person, SurveyRun
from hub.surveys import publishing
from hub.surveys.definition import Survey
from hub.surveys.kinds import Question, QuestionKind
from hub.times import local
from hub.words import Awaiting, Priority

STAYS_OPEN = timedelta(days=14)
LONGEST_WORDS = 4000  # characters of a free answer that are kept
OPEN = (SurveyState.INVITED, SurveyState.STARTED, SurveyState.PAUSED)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands: the question that is open (None: all answered) and whether an answer worries."""

    question: Question | None
    concern: bool


async def invite(
    hub: Hub,
    session: AsyncSession,
    person: Person,
    survey: str,
    case_id: int | None = None,
    *,
    at: datetime | None = None,
) -> SurveyRun:
    """Plan the invitation, for now or for `at`; a run of the same survey that is still open is returned instead.

    Raises
    ------
    NotFound
        when there is no such survey.
    SidesMeet
        when the survey is for the other side.
    SurveyStopped
        when the agency does not ask it.
    """
    definition = hub.flows.surveys.get(survey)
    if definition is None:
        raise NotFound(f"(survey {survey})")
    if definition.side is not person.side:
        raise SidesMeet
    found = await open_run(session, person, survey)
    if found:
        return found
    if survey in await publishing.stopped(session, person.agency_id):
        raise SurveyStopped
    now = hub.clock.now()
    invited_at = at or now
    run = SurveyRun(
        survey=survey,
        person_id=person.id,
        case_id=case_id,
        state=SurveyState.INVITED,
        question="",
        invited_at=invited_at,
        state_at=now,
        expires_at=invited_at + STAYS_OPEN,
    )
    session.add(run)
    await session.flush()
    await replan(hub, session, "survey_run", run.id)
    return run


async def open_run(session: AsyncSession, person: Person, survey: str | None = None) -> SurveyRun | None:
    """The latest run that can still be answered."""
    wanted = select(SurveyRun).where(SurveyRun.person_id == person.id, SurveyRun.state.in_(OPEN))
    if survey:
        wanted = wanted.where(SurveyRun.survey == survey)
    found: SurveyRun | None = await session.scalar(wanted.order_by(SurveyRun.id.desc()).limit(1))
    return found


async def run_of_token(session: AsyncSession, token: str, *, lock: bool = False) -> SurveyRun | None:
    """The run that a link leads to. `lock`: of two answers at once, the second sees the first."""
    wanted = select(SurveyRun).where(SurveyRun.token_hash == hash_token(token))
    found: SurveyRun | None = await session.scalar(wanted.with_for_update() if lock else wanted)
    return found


def link_to(hub: Hub, run: SurveyRun) -> str:
    """The plain pages of a run, within the site; empty before it was invited."""
    return f"/s/{_token(hub, run)}" if run.token_hash else ""


async def on_invited(handling: Handling, run: SurveyRun) -> None:
    """Its time has come: invite; the second time is the one reminder. Says nothing of what it is about."""
    first = run.token_hash is None
    run.token_hash = hash_token(_token(handling.hub, run))
    await handling.ask(
        "surveys.invite" if first else "surveys.reminder",
        Awaiting.SURVEY_YES_NO,
        subject=("survey_run", run.id),
        lasts=max(run.expires_at - handling.now, timedelta(hours=1)),
        priority=Priority.BULK,
        expires_at=max(run.expires_at, handling.now + timedelta(hours=1)),
        questions=str(len(definition_of(handling.hub, run).questions)),
        link=handling.hub.public_url + link_to(handling.hub, run),
    )


def example_facts(hub: Hub, run: SurveyRun) -> dict[str, str]:
    """What the invitation says, with a link that leads nowhere: whoever sees it here must not answer for the person."""
    link = f"{hub.public_url}/s/" + "." * len(_token(hub, run))
    return {"questions": str(len(definition_of(hub, run).questions)), "link": link}


async def progress(hub: Hub, session: AsyncSession, run: SurveyRun) -> Progress:
    survey = definition_of(hub, run)
    answers = await answers_of(session, run)
    codes = {name: answer.code for name, answer in answers.items()}
    path = list(survey.path(codes))
    worries = any(question.worries(code) for question in path if (code := codes.get(question.id)) is not None)
    open_question = path[-1] if path[-1].id not in codes else None
    return Progress(open_question, worries)


async def answer(hub: Hub, session: AsyncSession, run: SurveyRun, question_id: str, words: str) -> bool:
    """Take an answer; the same question again replaces it. False when the words are none (nothing is changed).

    Raises
    ------
    MoveNotAllowed
        when the run is over.
    NotFound
        when the survey has no such question.
    """
    question = definition_of(hub, run).questions.get(question_id)
    if question is None:
        raise NotFound
    if question.kind is QuestionKind.TEXT:
        if not words.strip():
            return False
        await _keep(hub, session, run, question, None, words.strip()[:LONGEST_WORDS])
        return True
    person = await session.get_one(Person, run.person_id)
    day = understand_day(words, local(hub.clock.now(), person.agency.time_zone).date())
    code = question.read(words, day)
    if code is None:
        return False
    await _keep(hub, session, run, question, code, None)
    return True


async def skip(hub: Hub, session: AsyncSession, run: SurveyRun, question_id: str) -> None:
    """Leave a question out: every question can be."""
    await _keep(hub, session, run, definition_of(hub, run).questions[question_id], None, None)


async def take_back_last(session: AsyncSession, run: SurveyRun) -> bool:
    """Forget the last answer, so that its question is open again. False when there is none."""
    last: Answer | None = await session.scalar(
        select(Answer).where(Answer.run_id == run.id).order_by(Answer.answered_at.desc(), Answer.id.desc()).limit(1)
    )
    if last is None:
        return False
    await session.execute(delete(Answer).where(Answer.id == last.id))
    return True


async def answers_of(session: AsyncSession, run: SurveyRun) -> dict[str, Answer]:
    found = await session.scalars(select(Answer).where(Answer.run_id == run.id).order_by(Answer.id))
    return {answer.question: answer for answer in found}


async def set_state(hub: Hub, session: AsyncSession, run: SurveyRun, state: SurveyState) -> None:
    """Raises `MoveNotAllowed` for a move that the table does not have; the same state again changes nothing."""
    if run.state is state:
        return
    was_invited = run.state is SurveyState.INVITED
    run.state, run.state_at = check_move(SURVEY_MOVES, run.state, state), hub.clock.now()
    audit.record(
        session,
        hub.clock.now(),
        f"person:{run.person_id}",
        f"survey_{state}",
        f"survey_run:{run.id}",
        person_id=run.person_id,
    )
    if was_invited:  # its reminder is not needed any more
        await replan(hub, session, "survey_run", run.id)


async def expire_due(hub: Hub, session: AsyncSession, now: datetime) -> int:
    """Close what was open too long. Returns how many."""
    late = select(SurveyRun).where(SurveyRun.state.in_(OPEN), SurveyRun.expires_at <= now)
    found = (await session.scalars(late.order_by(SurveyRun.id).with_for_update(skip_locked=True))).all()
    for run in found:
        await set_state(hub, session, run, SurveyState.EXPIRED)
    return len(found)


def definition_of(hub: Hub, run: SurveyRun) -> Survey:
    """Raises `NotFound` when the survey's file has gone."""
    found = hub.flows.surveys.get(run.survey)
    if found is None:
        raise NotFound(f"(survey {run.survey})")
    return found


async def _keep(
    hub: Hub, session: AsyncSession, run: SurveyRun, question: Question, code: str | None, words: str | None
) -> None:
    if run.state not in OPEN:
        raise MoveNotAllowed
    await set_state(hub, session, run, SurveyState.STARTED)
    person = await session.get_one(Person, run.person_id)
    key = hub.vault.open_person_key(person.wrapped_key or b"")
    await session.execute(delete(Answer).where(Answer.run_id == run.id, Answer.question == question.id))
    session.add(
        Answer(
            run_id=run.id,
            question=question.id,
            code=code,
            words_sealed=key.seal(words, "answer") if words else None,
            answered_at=hub.clock.now(),
        )
    )
    await session.flush()


def _token(hub: Hub, run: SurveyRun) -> str:
    """The secret of a run's link, 120 bits. Made from the master key, so that the reminder carries the same link as the
    invitation although only the hash is stored."""
    secret = hub.vault.index(hub.flows.surveys[run.survey].side, "survey_link", str(run.id))
    return base64.urlsafe_b64encode(secret[:15]).decode()
