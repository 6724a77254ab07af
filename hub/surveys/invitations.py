"""Inviting to surveys after what has happened, as `flows/surveys/invitations.yml` says. Knows no question.

Whom a rule means says its audience; who is not asked all the same, exclusions.py.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.store.tables import Appointment, Case, Person, SurveyRun, Worker
from hub.surveys import inviting
from hub.surveys.audience import fits
from hub.surveys.invitation_rules import After, Invitation, With
from hub.words import AppointmentState, WorkerRole

FRESH = timedelta(days=3)  # who is asked about a session a week later has forgotten it


async def after_session(hub: Hub, session: AsyncSession, appointment: Appointment) -> SurveyRun | None:
    """They came: the first rule that fits asks them about it. None where none does."""
    ended, now = appointment.starts_at + timedelta(minutes=appointment.minutes), hub.clock.now()
    if ended < now - FRESH:
        return None
    case = await session.get(Case, appointment.case_id) if appointment.case_id else None
    for rule in _rules(hub, After.SESSION, appointment.person):
        if not fits(rule.audience, appointment.person, case, now):
            continue
        if await _is_with(session, rule, appointment) and await _turn(session, rule, appointment):
            at = max(ended, now) + rule.wait
            run = await _invite(hub, session, rule, appointment.person, at, appointment.case_id)
            if run:
                run.appointment_id = appointment.id
                return run
    return None


async def after_closing(hub: Hub, session: AsyncSession, case: Case) -> SurveyRun | None:
    for rule in _rules(hub, After.CASE_CLOSED, case.person):
        if not fits(rule.audience, case.person, case, hub.clock.now()):
            continue
        run = await _invite(hub, session, rule, case.person, hub.clock.now() + rule.wait, case.id)
        if run:
            return run
    return None


def provider_session() -> ColumnElement[bool]:
    """With an outside service: its name alone, or its staff. A condition on `Appointment`."""
    staff = exists().where(Worker.id == Appointment.worker_id, Worker.role == WorkerRole.PROVIDER)
    return or_(Appointment.worker_id.is_(None), staff)


def _rules(hub: Hub, after: After, person: Person) -> list[Invitation]:
    return [rule for rule in hub.flows.invitations if rule.after is after and rule.role is person.role]


def _with(rule: Invitation, person: Person) -> ColumnElement[bool]:
    if rule.with_whom is With.PROVIDER:
        return provider_session()
    return Appointment.worker_id == person.worker_id if rule.with_whom is With.WORKER else true()


async def _is_with(session: AsyncSession, rule: Invitation, appointment: Appointment) -> bool:
    fits = select(Appointment.id).where(Appointment.id == appointment.id, _with(rule, appointment.person))
    return await session.scalar(fits) is not None


async def _turn(session: AsyncSession, rule: Invitation, appointment: Appointment) -> bool:
    """Whether it is the k-th of its kind: counted over all that they came to."""
    came = (
        select(func.count())
        .select_from(Appointment)
        .where(
            Appointment.person_id == appointment.person_id,
            Appointment.state == AppointmentState.ATTENDED,
            _with(rule, appointment.person),
        )
    )
    return int(await session.scalar(came) or 0) % rule.every == 0


async def _invite(
    hub: Hub, session: AsyncSession, rule: Invitation, person: Person, at: datetime, case_id: int | None
) -> SurveyRun | None:
    invited = await inviting.invite(hub, session, "hub", person, rule.survey, case_id, at=at, rest=rule.rest)
    return invited.run if invited.new else None
