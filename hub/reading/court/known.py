"""What the lines of a timeline speak of: all that belongs to one case, loaded once. Says nothing itself."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.reading.texts import key_of
from hub.states import ProofState
from hub.store.tables import Appointment, AuditEvent, Case, CheckIn, Condition, Proof, Proposal, Update, Worker
from hub.words import WorkerRole


@dataclass(slots=True)
class Known:
    """By id. `conditions` in words, with the `due` day that they have now."""

    case: Case
    zone: str
    appointments: dict[int, Appointment] = field(default_factory=dict)
    conditions: dict[int, str] = field(default_factory=dict)
    due: dict[int, date] = field(default_factory=dict)
    last_set: dict[int, int] = field(default_factory=dict)  # the record that gave it that day
    proofs: dict[int, Proof] = field(default_factory=dict)
    check_ins: dict[int, CheckIn] = field(default_factory=dict)
    updates: set[int] = field(default_factory=set)
    proposals: frozenset[int] = frozenset()
    names: dict[int, str] = field(default_factory=dict)
    providers: set[int] = field(default_factory=set)
    moves: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))

    def has(self, kind: str, number: int) -> bool:
        """Whether a subject is of this case; what is of the person alone is of every case."""
        there: dict[str, Iterable[int]] = {
            "case": (self.case.id,),
            "appointment": self.appointments,
            "condition": self.conditions,
            "proof": self.proofs,
            "check_in": self.check_ins,
            "update": self.updates,
            "proposal": self.proposals,
        }
        return kind in {"person", "return_check"} or number in there.get(kind, ())

    def proof_of(self, appointment_id: int) -> Proof | None:
        """The one that counts."""
        found = (proof for proof in self.proofs.values() if proof.appointment_id == appointment_id)
        return next((proof for proof in found if proof.state is ProofState.ACCEPTED), None)

    def who(self, actor: str) -> str:
        kind, _, number = actor.partition(":")
        if kind == "worker":
            role = ", provider" if int(number) in self.providers else ""
            return f"{self.names.get(int(number), 'a worker')}{role}"
        others = {"person": "the person", "key": "the case system", "hub": "Handrail", "terminal": "an administrator"}
        return others.get(kind, kind)


async def known(hub: Hub, session: AsyncSession, case: Case) -> Known:
    found = Known(case, case.person.agency.time_zone)
    found.appointments = {row.id: row for row in await session.scalars(_appointments(case))}
    rows = (await session.scalars(select(Condition).where(Condition.case_id == case.id).order_by(Condition.id))).all()
    key = key_of(hub, case.person)
    found.conditions = {row.id: key.open(row.words_sealed, "condition") if key else "(erased)" for row in rows}
    found.due = {row.id: row.due_on for row in rows if row.due_on}
    proofs = select(Proof).where(Proof.appointment_id.in_(found.appointments)).order_by(Proof.id)
    found.proofs = {row.id: row for row in await session.scalars(proofs)}
    theirs = select(Proposal.id).where(Proposal.case_id == case.id)
    found.proposals = frozenset(await session.scalars(theirs))
    asked = select(CheckIn).where(CheckIn.person_id == case.person_id, CheckIn.due_at >= case.opened_at)
    if case.closed_at:
        asked = asked.where(CheckIn.due_at <= case.closed_at)
    found.check_ins = {row.id: row for row in await session.scalars(asked.order_by(CheckIn.id))}
    found.updates = set(await session.scalars(select(Update.id).where(Update.case_id == case.id)))
    return found


async def know_workers(session: AsyncSession, found: Known, events: Collection[AuditEvent]) -> None:
    """Those who acted, and who decided about proofs."""
    actors = {int(number) for kind, _, number in (e.actor.partition(":") for e in events) if kind == "worker"}
    ids = actors | {proof.decided_by_id for proof in found.proofs.values() if proof.decided_by_id}
    for worker in await session.scalars(select(Worker).where(Worker.id.in_(ids))):
        found.names[worker.id] = worker.name
        if worker.role is WorkerRole.PROVIDER:
            found.providers.add(worker.id)


def _appointments(case: Case) -> Select[Appointment]:
    """Those of the case; and those of no case, in its time."""
    loose = Appointment.case_id.is_(None) & (Appointment.starts_at >= case.opened_at)
    if case.closed_at:
        loose &= Appointment.starts_at <= case.closed_at
    theirs = select(Appointment).where(Appointment.person_id == case.person_id)
    return theirs.where(or_(Appointment.case_id == case.id, loose)).order_by(Appointment.id)
