"""Closing a case: what lies ahead of it is called off, and the person hears of it. Never silently. Knows no screen.

Whether everything was done is a human's judgement: nothing here counts conditions or closes by itself.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import appointments, case_events, recurring, update_plans, updates_owed
from hub.core import Hub
from hub.errors import MoveNotAllowed
from hub.handling import STANDING, Handling
from hub.milestones import CLOSED
from hub.nudges.planner import replan_all
from hub.speaking import speak_to
from hub.store import audit
from hub.store.tables import Appointment, AppointmentSeries, Case, CaseDate, Condition, Update
from hub.surveys import invitations
from hub.times import local
from hub.words import Priority, Purpose, Side

COMPLETED, MISTAKE = "completed", "mistake"
CLOSED_FOR = {
    COMPLETED: "They did what was agreed",
    "ended": "It ended before everything was done",
    "passed_on": "Another team or service has it now",
    MISTAKE: "It was opened by mistake: they are not told",
}
FOR_VICTIMS = {
    COMPLETED: "Our work is done",
    "ended": "It ended before everything was done",
    "passed_on": "Another team or service has it now",
    MISTAKE: CLOSED_FOR[MISTAKE],
}
STAYS_TRUE = timedelta(days=3)  # a text that could not leave by then is for the worker to say


async def close(hub: Hub, session: AsyncSession, actor: str, case: Case, why: str, words: str = "") -> None:
    """Close it for one of `CLOSED_FOR`, call off what lies ahead of it, tell the person.

    A victim is told the reason in plain `words`: it is news that is owed like any other (hub/updates_owed.py), so that
    somebody who has no safe way stays a task for their worker.

    Raises
    ------
    MoveNotAllowed
        when it has been closed, or for no reason that there is.
    ReasonMissing
        when a victim would not be told why.
    """
    if case.closed_at is not None or why not in CLOSED_FOR:
        raise MoveNotAllowed
    owed = case.side is Side.VICTIMS and why != MISTAKE
    if owed:
        case_events.check(hub, case, CLOSED, words)
    now = hub.clock.now()
    case.closed_at, case.closed_for = now, why
    audit.record(session, now, actor, "case_closed", f"case:{case.id}", person_id=case.person_id, reason=why)
    await session.flush()
    await _call_off(hub, session, actor, case)
    await _replan(hub, session, case)
    if case.side is Side.VICTIMS:
        await _settle_updates(hub, session, case, mistake=why == MISTAKE)
    if owed:
        await case_events.record_event(hub, session, actor, case, CLOSED, words, now)
    elif why != MISTAKE:
        await _tell(hub, session, case)
    if why != MISTAKE:
        await invitations.after_closing(hub, session, case)


async def reopen(hub: Hub, session: AsyncSession, actor: str, case: Case) -> None:
    """Take it back: what was agreed is reminded of again. Appointments are made anew, and the worker says so.

    Raises
    ------
    MoveNotAllowed
        when it is open.
    """
    if case.closed_at is None:
        raise MoveNotAllowed
    case.closed_at, case.closed_for = None, ""
    audit.record(session, hub.clock.now(), actor, "case_reopened", f"case:{case.id}", person_id=case.person_id)
    await session.flush()
    await _replan(hub, session, case)
    if case.side is Side.VICTIMS:
        await _settle_updates(hub, session, case, mistake=False)


async def _settle_updates(hub: Hub, session: AsyncSession, case: Case, *, mistake: bool) -> None:
    """The rhythm ends and begins with the case. News that is owed stays so, unless there never was a case."""
    plan = await update_plans.plan_of(hub, session, case)
    if mistake:
        for update in await updates_owed.owed_of(session, case.id):
            updates_owed.withdraw(hub, update)
    await session.flush()
    await updates_owed.keep_word(hub, session, plan)
    for kind, ids in (
        ("update_plan", [case.id]),
        ("update", (await session.scalars(select(Update.id).where(Update.case_id == case.id))).all()),
    ):
        await replan_all(hub, session, kind, ids)


async def ahead(hub: Hub, session: AsyncSession, case: Case) -> list[Appointment]:
    """The appointments of the case that closing calls off."""
    standing = Appointment.case_id == case.id, Appointment.state.in_(STANDING)
    wanted = select(Appointment).where(*standing, Appointment.starts_at > hub.clock.now())
    return list(await session.scalars(wanted.order_by(Appointment.starts_at)))


async def _call_off(hub: Hub, session: AsyncSession, actor: str, case: Case) -> None:
    """One text says that it is over: not one for each appointment."""
    today = local(hub.clock.now(), case.person.agency.time_zone).date()
    running = select(AppointmentSeries).where(
        AppointmentSeries.case_id == case.id, AppointmentSeries.ended_on.is_(None)
    )
    for appointment in await ahead(hub, session, case):
        await appointments.cancel(hub, session, actor, appointment, tell=False)
    for series in (await session.scalars(running)).all():
        await recurring.end(hub, session, actor, series, today, tell=False)


async def _replan(hub: Hub, session: AsyncSession, case: Case) -> None:
    for kind, table in (("condition", Condition), ("case_date", CaseDate)):
        ids = (await session.scalars(select(table.id).where(table.case_id == case.id))).all()
        await replan_all(hub, session, kind, ids)


async def _tell(hub: Hub, session: AsyncSession, case: Case) -> None:
    handling = await speak_to(hub, session, case.person, Purpose.UPDATE)
    if handling is None:
        return
    if await _asks_about(handling, case):
        await handling.answered()
    text_key, until = f"cases.{case.closed_for}", handling.now + STAYS_TRUE
    await handling.say(text_key, priority=Priority.REMINDER, expires_at=until)


async def _asks_about(handling: Handling, case: Case) -> bool:
    """Whether the open question is about something of this case: nobody need answer it any more."""
    tables = {"condition": Condition, "case_date": CaseDate, "appointment": Appointment}
    prompt = handling.prompt
    if prompt is None or prompt.subject_kind not in tables:
        return False
    row = await handling.session.get(tables[prompt.subject_kind], prompt.subject_id)
    return getattr(row, "case_id", None) == case.id
