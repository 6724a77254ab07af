"""Giving a person to another worker, with everything: the conversation, what is open, the history.

Appointments stay with whom they were made; only who looks after the person changes. Knows no screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotFound
from hub.handling import STANDING
from hub.states import EscalationState, ProofState
from hub.store import audit
from hub.store.notify import CHANGED, notify
from hub.store.tables import Appointment, Conversation, Escalation, Person, Proof, Team, Worker
from hub.words import Side, WorkerRole

CASE_WORKERS = (WorkerRole.WORKER, WorkerRole.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What the next worker takes on."""

    unread: int
    reasons: int
    proofs: int
    appointments: int  # ahead

    @property
    def any(self) -> bool:
        return bool(self.unread or self.reasons or self.proofs)


async def candidates(session: AsyncSession, person: Person) -> Sequence[Worker]:
    """Who could look after them."""
    return await case_workers(session, person.agency_id, person.side)


async def case_workers(session: AsyncSession, agency_id: int, side: Side) -> Sequence[Worker]:
    """Who look after people of this agency and side, and can sign in; team by team."""
    found = await session.scalars(
        select(Worker)
        .join(Team, Team.id == Worker.team_id)
        .where(
            Team.agency_id == agency_id,
            Team.side == side,
            Worker.role.in_(CASE_WORKERS),
            Worker.disabled_at.is_(None),
        )
        .order_by(Team.name, Worker.name, Worker.id)
    )
    return found.unique().all()


async def unfinished(session: AsyncSession, person: Person, now: datetime) -> Unfinished:
    theirs = select(Conversation.id).where(Conversation.person_id == person.id)
    open_reason = Escalation.state != EscalationState.CLOSED
    counts = [
        select(func.count()).select_from(Conversation).where(Conversation.person_id == person.id, Conversation.unread),
        select(func.count()).select_from(Escalation).where(Escalation.conversation_id.in_(theirs), open_reason),
        select(func.count()).select_from(Proof).where(Proof.person_id == person.id, Proof.state == ProofState.GIVEN),
        select(func.count())
        .select_from(Appointment)
        .where(Appointment.person_id == person.id, Appointment.state.in_(STANDING), Appointment.starts_at > now),
    ]
    return Unfinished(*[int(await session.scalar(count) or 0) for count in counts])


async def transfer(hub: Hub, session: AsyncSession, actor: str, person: Person, to_id: int) -> Worker:
    """The conversation goes along: who answered hands it on, what they had taken waits for the next, as unread.

    Raises
    ------
    NotFound
        when that worker cannot look after this person.
    """
    to = next((worker for worker in await candidates(session, person) if worker.id == to_id), None)
    if to is None or to.id == person.worker_id:
        raise NotFound("(no such worker for this person)")
    before, person.worker_id = person.worker_id, to.id
    theirs = (await session.scalars(select(Conversation.id).where(Conversation.person_id == person.id))).all()
    held = Conversation.id.in_(theirs), Conversation.holder_id == before
    await session.execute(update(Conversation).where(*held).values(holder_id=to.id))
    await session.execute(update(Conversation).where(Conversation.id.in_(theirs)).values(unread=True))
    taken = Escalation.conversation_id.in_(theirs), Escalation.taken_by_id == before
    await session.execute(
        update(Escalation).where(*taken, Escalation.state == EscalationState.TAKEN).values(taken_by_id=to.id)
    )
    now = hub.clock.now()
    details = {"from": before, "to": to.id}
    audit.record(session, now, actor, "person_transferred", f"person:{person.id}", person_id=person.id, **details)
    for conversation_id in theirs:
        notify(session, CHANGED, str(conversation_id))
    await session.flush()
    await session.refresh(person, ["worker"])
    return to
