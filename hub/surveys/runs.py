"""One person's way through a survey: invited, answering, paused, done. Used by texts and by the web pages alike.

The open question is always found anew from the answers, so that a changed answer changes the way. Answers themselves
are in answers.py; who may be invited says exclusions.py. Knows nothing of how a question is shown.
"""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotFound, NotInvited, SidesMeet, SurveyStopped
from hub.handling import Handling
from hub.nudges.planner import replan
from hub.states import SURVEY_MOVES, SurveyState, check_move
from hub.store import audit
from hub.store.refs import hash_token
from hub.store.tables import Answer, Conversation, Person, SurveyRun
from hub.surveys import exclusions, moving
from hub.surveys.definition import Survey
from hub.surveys.exclusion_rules import STOPPED
from hub.surveys.kinds import Question
from hub.words import Awaiting, Priority

STAYS_OPEN = timedelta(days=14)
OPEN = (SurveyState.INVITED, SurveyState.STARTED, SurveyState.PAUSED)
ENDED = (SurveyState.COMPLETED, SurveyState.DECLINED)  # of what has run out, a late answer is told so


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
    rest: timedelta = timedelta(),
) -> SurveyRun:
    """Plan the invitation, for now or for `at`; a run of the same survey that is still open is returned instead.

    The one way in for whoever invites (`inviting.py` also records why not). `rest`: none within so long of another.

    Raises
    ------
    NotFound
        when there is no such survey.
    SidesMeet
        when the survey is for the other side.
    SurveyStopped
        when the agency does not ask it.
    NotInvited
        when a rule of `flows/surveys/exclusions.yml` says no: its `reasons` are their names.
    """
    definition = hub.flows.surveys.get(survey)
    if definition is None:
        raise NotFound(f"(survey {survey})")
    if definition.side is not person.side:
        raise SidesMeet
    found = await open_run(session, person, survey)
    if found:
        return found
    now = hub.clock.now()
    invited_at = at or now
    why_not = await exclusions.reasons(hub, session, person, survey, invited_at, rest=rest)
    if why_not:
        raise SurveyStopped(why_not) if STOPPED in why_not else NotInvited(why_not)
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


async def open_run(
    session: AsyncSession, person: Person, survey: str | None = None, *, lock: bool = False
) -> SurveyRun | None:
    """The latest run that can still be answered. `lock`: of two answers at once, the second sees the first."""
    wanted = select(SurveyRun).where(SurveyRun.person_id == person.id, SurveyRun.state.in_(OPEN))
    if survey:
        wanted = wanted.where(SurveyRun.survey == survey)
    wanted = wanted.order_by(SurveyRun.id.desc()).limit(1)
    found: SurveyRun | None = await session.scalar(wanted.with_for_update() if lock else wanted)
    return found


async def run_of_token(session: AsyncSession, token: str, *, lock: bool = False) -> SurveyRun | None:
    """The run that a link leads to. `lock`: of two answers at once, the second sees the first.

    Their conversations are locked before it, in the order in which a text of theirs does: else a page and a text that
    come at once would wait for each other.
    """
    wanted = select(SurveyRun).where(SurveyRun.token_hash == hash_token(token))
    found: SurveyRun | None = await session.scalar(wanted)
    if found is None or not lock:
        return found
    theirs = select(Conversation.id).where(Conversation.person_id == found.person_id).order_by(Conversation.id)
    await session.execute(theirs.with_for_update())
    again = wanted.with_for_update().execution_options(populate_existing=True)
    locked: SurveyRun | None = await session.scalar(again)
    return locked


def link_to(hub: Hub, run: SurveyRun) -> str:
    """The plain pages of a run, within the site; empty before it was invited."""
    return f"/s/{_token(hub, run)}" if run.token_hash else ""


async def on_invited(handling: Handling, run: SurveyRun) -> None:
    """Its time has come: invite; the second time is the one reminder. Says nothing of what it is about.

    Days can lie between planning and now, so it is asked once more who may be asked: then nobody is.
    """
    first, contact = run.token_hash is None, handling.conversation.contact_point
    why_not = await exclusions.reasons(
        handling.hub, handling.session, handling.person, run.survey, run=run, contact=contact
    )
    if why_not:
        return await _call_off(handling, run, why_not) if first else None
    run.token_hash = hash_token(_token(handling.hub, run))
    await handling.ask(
        "surveys.invite" if first else "surveys.reminder",
        Awaiting.SURVEY_YES_NO,
        subject=("survey_run", run.id),
        lasts=max(run.expires_at - handling.now, timedelta(hours=1)),
        priority=Priority.BULK,
        expires_at=max(run.expires_at, handling.now + timedelta(hours=1)),
        questions=str(len(definition_of(handling.hub, run).questions)),
        link=address_of(handling.hub, run),
    )


async def _call_off(handling: Handling, run: SurveyRun, why_not: list[str]) -> None:
    """It never went out, so nobody has been asked."""
    await set_state(handling.hub, handling.session, run, SurveyState.WITHDRAWN)
    handling.record("survey_not_invited", f"survey_run:{run.id}", reasons=why_not)


def address_of(hub: Hub, run: SurveyRun) -> str:
    """The whole link to the pages of a run, as a text carries it."""
    return hub.public_url + link_to(hub, run)


def example_facts(hub: Hub, run: SurveyRun) -> dict[str, str]:
    """What the invitation says, with a link that leads nowhere: whoever sees it here must not answer for the person."""
    link = f"{hub.public_url}/s/" + "." * len(_token(hub, run))
    return {"questions": str(len(definition_of(hub, run).questions)), "link": link}


async def progress(hub: Hub, session: AsyncSession, run: SurveyRun) -> Progress:
    survey = definition_of(hub, run)
    given = await session.scalars(select(Answer).where(Answer.run_id == run.id))
    codes = {answer.question: answer.code for answer in given}
    path = list(survey.path(codes))
    worries = any(question.worries(code) for question in path if (code := codes.get(question.id)) is not None)
    open_question = path[-1] if path[-1].id not in codes else None
    return Progress(open_question, worries)


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
    if state in ENDED:
        await moving.nothing_waits(session, run, hub.clock.now())


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


def _token(hub: Hub, run: SurveyRun) -> str:
    """The secret of a run's link, 120 bits. Made from the master key, so that the reminder carries the same link as the
    invitation although only the hash is stored."""
    secret = hub.vault.index(hub.flows.surveys[run.survey].side, "survey_link", str(run.id))
    return base64.urlsafe_b64encode(secret[:15]).decode()
