"""What staff say: of a session that they held, of a provider whom their people go to. What people say is a survey.

Two choices and a yes or no each, so that they can be counted, and own words that are sealed. Knows no screen.
"""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import MoveNotAllowed, NotAllowed
from hub.escalations import escalate
from hub.people import conversation_for
from hub.store import audit
from hub.store.tables import Appointment, ProviderFeedback, SessionFeedback, Worker
from hub.times import local
from hub.words import AppointmentState, WorkerRole

WENT: Mapping[str, str] = {"planned": "As planned", "partly": "Only in part", "not": "It did not work"}
TOOK_PART: Mapping[int, str] = {4: "Very well", 3: "Well", 2: "A little", 1: "Not at all"}
USEFUL: Mapping[int, str] = {5: "Very", 4: "Rather", 3: "In part", 2: "A little", 1: "Not at all"}
LOW = 1  # of either: a human looks
LONGEST_WORDS = 2000  # characters


async def on_session(
    hub: Hub,
    session: AsyncSession,
    worker: Worker,
    appointment: Appointment,
    went: str,
    took_part: int,
    *,
    look: bool,
    words: str,
) -> SessionFeedback:
    """About a session that they came to; said again, it takes the place of what was said before.

    Raises
    ------
    MoveNotAllowed
        when they did not come.
    NotAllowed
        when somebody else has said it, or an answer is none of those offered.
    """
    if appointment.state is not AppointmentState.ATTENDED:
        raise MoveNotAllowed
    if went not in WENT or took_part not in TOOK_PART:
        raise NotAllowed("Choose one of the answers to each question.")
    found = await of_session(session, appointment)
    if found and found.by_id != worker.id:
        raise NotAllowed("A colleague has told about this session already.")
    row = found or SessionFeedback(appointment_id=appointment.id, by_id=worker.id)
    row.went, row.took_part, row.look, row.at = went, took_part, look, hub.clock.now()
    person_key = hub.vault.open_person_key(appointment.person.wrapped_key or b"")
    row.words_sealed = person_key.seal(words.strip()[:LONGEST_WORDS], "feedback") if words.strip() else None
    session.add(row)
    _record(hub, session, worker, "session_feedback_given", appointment)
    if look or took_part <= LOW:
        await _put_to_their_worker(session, appointment, row.at)
    return row


async def of_session(session: AsyncSession, appointment: Appointment) -> SessionFeedback | None:
    found: SessionFeedback | None = await session.scalar(
        select(SessionFeedback).where(SessionFeedback.appointment_id == appointment.id)
    )
    return found


def may_tell(worker: Worker, appointment: Appointment) -> bool:
    """Whoever held it: a provider of their own; for an outside service the person's team, as it heard from there."""
    if worker.role is WorkerRole.PROVIDER or appointment.worker_id is not None:
        return appointment.worker_id == worker.id
    return True


async def on_provider(
    hub: Hub, session: AsyncSession, worker: Worker, provider: str, useful: int, *, tells_us: bool, words: str
) -> ProviderFeedback:
    """Of this month; said again within it, it takes the place of what was said before.

    Raises
    ------
    NotAllowed
        when an answer is none of those offered.
    """
    if useful not in USEFUL:
        raise NotAllowed("Choose one of the answers to each question.")
    now, team = hub.clock.now(), worker.team
    month = this_month(now, team.agency.time_zone)
    mine = ProviderFeedback.by_id == worker.id, ProviderFeedback.provider == provider, ProviderFeedback.month == month
    row = await session.scalar(select(ProviderFeedback).where(*mine))
    if row is None:
        row = ProviderFeedback(
            agency_id=team.agency_id, side=team.side, provider=provider, month=month, by_id=worker.id
        )
    row.useful, row.tells_us, row.at = useful, tells_us, now
    said = words.strip()[:LONGEST_WORDS]
    row.words_sealed = hub.vault.master.seal(said, "feedback") if said else None
    session.add(row)
    await session.flush()
    audit.record(session, now, f"worker:{worker.id}", "provider_feedback_given", f"provider_feedback:{row.id}")
    return row


def this_month(now: datetime, zone: str) -> date:
    return local(now, zone).date().replace(day=1)


async def _put_to_their_worker(session: AsyncSession, appointment: Appointment, now: datetime) -> None:
    conversation = await conversation_for(session, appointment.person)
    if conversation:
        await escalate(session, conversation, "session_concern", now, detail=appointment.ref)


def _record(hub: Hub, session: AsyncSession, worker: Worker, what: str, appointment: Appointment) -> None:
    subject, actor = f"appointment:{appointment.id}", f"worker:{worker.id}"
    audit.record(session, hub.clock.now(), actor, what, subject, person_id=appointment.person_id)
