"""What nudges are about: who it concerns, and which states of affairs are true of it now, since when.

A rule's `given:` names one of these states; a nudge is still true while its state still stands at the time that it was
planned for. To add a subject, add one function to `SUBJECTS`. Knows nothing of texts.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.handling import STANDING
from hub.states import CheckInState, ProofState, SurveyState
from hub.store.tables import Appointment, CaseEvent, CheckIn, Person, Proof, SurveyRun, Table, Thread, ThreadMember
from hub.words import AppointmentState


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject as it stands: `since` maps each state of affairs that is true to the time that rules count from."""

    row: Table
    person_id: int
    since: dict[str, datetime]


async def load(session: AsyncSession, kind: str, subject_id: int) -> Subject | None:
    return await SUBJECTS[kind](session, subject_id)


async def audience(session: AsyncSession, subject: Subject, to: str) -> list[Person]:
    """The person, or the supporters that the person has let in."""
    if to == "person":
        person = await session.get(Person, subject.person_id)
        return [person] if person else []
    members = (
        select(Person)
        .join(ThreadMember, ThreadMember.person_id == Person.id)
        .join(Thread, Thread.id == ThreadMember.thread_id)
        .where(
            Thread.person_id == subject.person_id,
            ThreadMember.accepted_at.is_not(None),
            ThreadMember.left_at.is_(None),
        )
        .order_by(Person.id)
    )
    return list((await session.scalars(members)).all())


async def _appointment(session: AsyncSession, subject_id: int) -> Subject | None:
    row = await session.get(Appointment, subject_id)
    if row is None:
        return None
    since: dict[str, datetime] = {}
    if row.state in STANDING:
        since["standing"] = row.starts_at
        if row.proof_wanted and not await _is_proved(session, row):
            since["proof_wanted"] = row.starts_at
    if row.state is AppointmentState.MISSED:
        since["missed"] = row.state_at
    return Subject(row, row.person_id, since)


async def _is_proved(session: AsyncSession, appointment: Appointment) -> bool:
    """Whether a proof is there already: nobody is asked again for what a human is about to look at."""
    there = (ProofState.GIVEN, ProofState.ACCEPTED)
    given = select(Proof.id).where(Proof.appointment_id == appointment.id, Proof.state.in_(there))
    return await session.scalar(given.limit(1)) is not None


async def _check_in(session: AsyncSession, subject_id: int) -> Subject | None:
    row = await session.get(CheckIn, subject_id)
    names = {CheckInState.PLANNED: "planned", CheckInState.ASKED: "asked"}
    return Subject(row, row.person_id, {names[row.state]: row.due_at} if row.state in names else {}) if row else None


async def _survey_run(session: AsyncSession, subject_id: int) -> Subject | None:
    row = await session.get(SurveyRun, subject_id)
    if row is None:
        return None
    return Subject(row, row.person_id, {"invited": row.invited_at} if row.state is SurveyState.INVITED else {})


async def _case_event(session: AsyncSession, subject_id: int) -> Subject | None:
    row = await session.get(CaseEvent, subject_id)
    if row is None:
        return None
    return Subject(row, row.case.person_id, {} if row.told_at else {"recorded": row.happened_at})


SUBJECTS: dict[str, Callable[[AsyncSession, int], Awaitable[Subject | None]]] = {
    "appointment": _appointment,
    "check_in": _check_in,
    "survey_run": _survey_run,
    "case_event": _case_event,
}
