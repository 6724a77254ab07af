"""Feedback both ways, side by side: what a person said of a session and what staff said of it; and who has to say what.

A provider sees only what providers have said, and counts of what people said. People's own words are for those who
look after them, and each look at them is recorded. Knows no page.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import feedback
from hub.access import may_see, may_see_appointment, record_view
from hub.core import Hub
from hub.feedback import LOW, TOOK_PART, USEFUL, WENT
from hub.reading.surveys import for_a_page
from hub.reading.texts import key_of, listed_name
from hub.states import SurveyState
from hub.store.tables import Answer, Appointment, Person, ProviderFeedback, SessionFeedback, SurveyRun, Worker
from hub.surveys import runs
from hub.surveys.answers import answers_of
from hub.surveys.invitations import provider_session
from hub.surveys.kinds import Question, QuestionKind
from hub.times import say_when
from hub.words import AppointmentState, WorkerRole

TO_TELL = timedelta(days=14)  # of a session; after that nobody remembers
LATELY = timedelta(days=60)
_ASKED = {
    SurveyState.INVITED: "Asked, no answer yet",
    SurveyState.STARTED: "Has begun to answer",
    SurveyState.PAUSED: "Has begun to answer",
    SurveyState.DECLINED: "Did not want to say",
    SurveyState.EXPIRED: "Did not answer",
}


@dataclass(frozen=True, slots=True)
class Both:
    """One session. `theirs` and `ours`: (question, answer); `asked`: how far the person came, where there are none."""

    ref: str
    when: str
    with_whom: str
    asked: str
    theirs: list[tuple[str, str]]
    ours: list[tuple[str, str]]
    by: str


@dataclass(frozen=True, slots=True)
class ToTell:
    ref: str
    when: str
    name: str


@dataclass(frozen=True, slots=True)
class Provider:
    """`said`: this month, by this worker."""

    name: str
    said: bool


async def of_session(hub: Hub, session: AsyncSession, worker: Worker, appointment: Appointment) -> Both:
    return (await _both(hub, session, worker, [appointment]))[0]


async def of_person(hub: Hub, session: AsyncSession, worker: Worker, person: Person) -> list[Both]:
    """The sessions that anybody has said something about, the newest first."""
    said = exists().where(SurveyRun.appointment_id == Appointment.id)
    told = exists().where(SessionFeedback.appointment_id == Appointment.id)
    wanted = select(Appointment).where(Appointment.person_id == person.id, said | told)
    found = await session.scalars(wanted.order_by(Appointment.starts_at.desc()).limit(30))
    return await _both(hub, session, worker, list(found))


async def to_tell(hub: Hub, session: AsyncSession, worker: Worker) -> list[ToTell]:
    """The sessions with this worker that they came to and nobody has told about."""
    told = exists().where(SessionFeedback.appointment_id == Appointment.id)
    wanted = (
        select(Appointment)
        .join(Person, Person.id == Appointment.person_id)
        .where(may_see_appointment(worker), Appointment.worker_id == worker.id, ~told)
        .where(Appointment.state == AppointmentState.ATTENDED, Appointment.starts_at > hub.clock.now() - TO_TELL)
        .order_by(Appointment.starts_at.desc())
    )
    return [
        ToTell(row.ref, say_when(row.starts_at, row.person.agency.time_zone), listed_name(hub, row.person))
        for row in await session.scalars(wanted)
    ]


async def providers(hub: Hub, session: AsyncSession, worker: Worker) -> list[Provider]:
    """Whom the people of this worker have been with lately, outside our own team."""
    now = hub.clock.now()
    wanted = (
        select(Appointment.with_whom)
        .distinct()
        .join(Person, Person.id == Appointment.person_id)
        .where(may_see(worker), provider_session(), Appointment.starts_at.between(now - LATELY, now))
        .order_by(Appointment.with_whom)
    )
    month = feedback.this_month(now, worker.team.agency.time_zone)
    mine = ProviderFeedback.by_id == worker.id, ProviderFeedback.month == month
    said = set(await session.scalars(select(ProviderFeedback.provider).where(*mine)))
    return [Provider(name, name in said) for name in await session.scalars(wanted)]


async def low(hub: Hub, session: AsyncSession, worker: Worker) -> list[tuple[str, str, str]]:
    """(provider, month, words) of what workers have found not useful at all in the last months."""
    since = (hub.clock.now() - timedelta(days=92)).date()
    wanted = select(ProviderFeedback).where(
        ProviderFeedback.agency_id == worker.team.agency_id,
        ProviderFeedback.side == worker.team.side,
        ProviderFeedback.month >= since,
        (ProviderFeedback.useful <= LOW + 1) | ~ProviderFeedback.tells_us,
    )
    rows = await session.scalars(wanted.order_by(ProviderFeedback.month.desc(), ProviderFeedback.provider))
    return [(row.provider, f"{row.month:%B %Y}", _provider_words(hub, row)) for row in rows]


def _provider_words(hub: Hub, row: ProviderFeedback) -> str:
    said = hub.vault.master.open(row.words_sealed, "feedback") if row.words_sealed else ""
    tells = "tells us in time" if row.tells_us else "does not tell us in time who came"
    return f"{USEFUL[row.useful]} useful; {tells}. {said}".strip()


async def _both(hub: Hub, session: AsyncSession, worker: Worker, appointments: Sequence[Appointment]) -> list[Both]:
    ids = [appointment.id for appointment in appointments]
    found = await session.scalars(select(SurveyRun).where(SurveyRun.appointment_id.in_(ids)).order_by(SurveyRun.id))
    asked = {run.appointment_id: run for run in found}
    told = await session.scalars(select(SessionFeedback).where(SessionFeedback.appointment_id.in_(ids)))
    ours = {row.appointment_id: row for row in told}
    names = {each.id: each.name for each in await session.scalars(_authors(ours.values()))}
    made = []
    for appointment in appointments:
        run, row = asked.get(appointment.id), ours.get(appointment.id)
        theirs = await _theirs(hub, session, worker, appointment, run) if run else []
        made.append(
            Both(
                ref=appointment.ref,
                when=say_when(appointment.starts_at, appointment.person.agency.time_zone),
                with_whom=appointment.with_whom,
                asked=_asked(worker, run, theirs),
                theirs=theirs,
                ours=_ours(hub, appointment, row) if row else [],
                by=names.get(row.by_id, "") if row else "",
            )
        )
    return made


def _asked(worker: Worker, run: SurveyRun | None, theirs: Collection[object]) -> str:
    if worker.role is WorkerRole.PROVIDER:
        return "What people say of your sessions is shown as numbers, and never who said it."
    return "" if theirs else _ASKED.get(run.state, "No answers were given") if run else "They were not asked"


async def _theirs(
    hub: Hub, session: AsyncSession, worker: Worker, appointment: Appointment, run: SurveyRun
) -> list[tuple[str, str]]:
    """Their answers, for those who look after them: never for the provider whom they are about."""
    if worker.role is WorkerRole.PROVIDER:
        return []
    questions = runs.definition_of(hub, run).questions
    answers = await answers_of(session, run)
    if any(answer.words_sealed for answer in answers.values()):
        subject = f"survey_run:{run.id}"
        record_view(hub, session, worker, "survey_words_viewed", subject, appointment.person_id)
    said = ((questions[name], answer) for name, answer in answers.items() if name in questions)
    return [(for_a_page(question.text["en"]), _said(hub, appointment.person, question, a)) for question, a in said]


def _said(hub: Hub, person: Person, question: Question, answer: Answer) -> str:
    key = key_of(hub, person)
    if answer.words_sealed:
        return f"“{key.open(answer.words_sealed, 'answer')}”" if key else "(erased)"
    if answer.code is None:
        return "Skipped"
    if question.kind is QuestionKind.SCALE:
        return f"{answer.code} of {question.high}"
    choice = question.choices.get(answer.code)
    return choice["en"] if choice else answer.code.capitalize()


def _ours(hub: Hub, appointment: Appointment, row: SessionFeedback) -> list[tuple[str, str]]:
    key = key_of(hub, appointment.person)
    said = [
        ("How did it go?", WENT[row.went]),
        ("How did they take part?", TOOK_PART[row.took_part]),
        ("Should their worker look at something?", "Yes" if row.look else "No"),
    ]
    words = key.open(row.words_sealed, "feedback") if key and row.words_sealed else ""
    return [*said, ("In their own words", f"“{words}”")] if words else said


def _authors(rows: Collection[SessionFeedback]) -> Select[Worker]:
    return select(Worker).where(Worker.id.in_([row.by_id for row in rows]))
