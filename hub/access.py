"""What a worker may see. Every page and export gets people through here; each look at a person is recorded.

The agency and the side of the worker's team hold always: no role crosses them. Knows nothing of pages.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, all_, and_, any_, exists, false, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from hub.core import Hub
from hub.errors import NotAllowed, NotFound, StandsByThem
from hub.reasons import INTERRUPTING
from hub.records import leads_to
from hub.states import EscalationState
from hub.store import audit
from hub.store.tables import (
    Appointment,
    AuditEvent,
    Case,
    CheckIn,
    Conversation,
    Escalation,
    MediaFile,
    Person,
    Proof,
    Statement,
    Update,
    Worker,
)
from hub.threads.mentors import mentored_by
from hub.words import WorkerRole

WATCHED_FOR = timedelta(minutes=15)
READERS = frozenset({WorkerRole.WORKER, WorkerRole.SUPERVISOR, WorkerRole.PROVIDER})

# Second names of tables, made once: making one takes longer than PostgreSQL needs to answer most queries with it.
_Colleague, _Covered, _Held, _Theirs = aliased(Worker), aliased(Worker), aliased(Conversation), aliased(Appointment)


def may_see(worker: Worker) -> ColumnElement[bool]:
    """The people a worker may see, as a condition on `Person`.

    A supervisor: the whole team and whoever has no worker. A worker: the own caseload, whoever has no worker,
    what they hold, and the team's open escalations. Whoever is on duty: those of the teams they cover who may come
    to harm. A provider: those with an appointment with them. Analysts and administrators: nobody. Whoever is a
    person's mentor, whatever their role: not that person.
    """
    return and_(_by_role(worker), Person.id != all_(func.array(mentored_by(worker.id).scalar_subquery())))


def _by_role(worker: Worker) -> ColumnElement[bool]:
    same_house = and_(Person.agency_id == worker.team.agency_id, Person.side == worker.team.side)
    if worker.role not in READERS:
        return false()
    if worker.role is WorkerRole.PROVIDER:
        return and_(same_house, _appointment_with(worker))
    unassigned = Person.worker_id.is_(None)
    if worker.role is WorkerRole.SUPERVISOR:
        return and_(same_house, or_(unassigned, _in_team(worker), *_on_duty_for(worker)))
    waiting = and_(_in_team(worker), _open_escalation())
    own = [unassigned, Person.worker_id == worker.id, _held_by(worker), waiting]
    return and_(same_house, or_(*own, *_on_duty_for(worker)))


async def whom_may_see(session: AsyncSession, worker: Worker) -> Sequence[int]:
    """Their ids, for a page that asks several things about the same people."""
    return (await session.scalars(select(Person.id).where(may_see(worker)))).all()


def may_see_appointment(worker: Worker) -> ColumnElement[bool]:
    """The appointments a worker may see, as a condition on `Appointment` and `Person`; a provider: only their own."""
    if worker.role is WorkerRole.PROVIDER:
        return and_(may_see(worker), Appointment.worker_id == worker.id)
    return may_see(worker)


async def access_person(
    hub: Hub, session: AsyncSession, worker: Worker, ref: str, *, viewing: str | None = None
) -> Person:
    """A person by reference. `viewing` names what is looked at ("conversation_viewed") and is recorded.

    Raises
    ------
    NotAllowed
        when the worker's role sees nobody.
    StandsByThem
        when the worker is this person's mentor.
    NotFound
        when there is no such person, or not for this worker: nobody can tell which.
    """
    if worker.role not in READERS:
        raise NotAllowed
    person = await session.scalar(select(Person).where(leads_to(ref), may_see(worker)))
    if person is None:
        if await session.scalar(select(Person.id).where(leads_to(ref), Person.id.in_(mentored_by(worker.id)))):
            raise StandsByThem
        raise NotFound
    if viewing:
        record_view(hub, session, worker, viewing, f"person:{person.id}", person.id)
    return person


async def access_conversation(
    hub: Hub, session: AsyncSession, worker: Worker, ref: str, conversation_id: int
) -> Conversation:
    """A conversation, locked, so that of two workers who answer at once one is told. Raises `NotFound`."""
    person = await access_person(hub, session, worker, ref)
    conversation: Conversation | None = await session.scalar(
        select(Conversation)
        .where(Conversation.id == conversation_id, Conversation.person_id == person.id)
        .with_for_update(of=Conversation)
    )
    if conversation is None:
        raise NotFound
    return conversation


async def access_escalation(hub: Hub, session: AsyncSession, worker: Worker, ref: str, escalation: str) -> Escalation:
    """What is open, or was, with this person, locked. Raises `NotFound`."""
    person = await access_person(hub, session, worker, ref)
    found: Escalation | None = await session.scalar(
        select(Escalation)
        .join(Conversation, Conversation.id == Escalation.conversation_id)
        .where(Escalation.ref == escalation, Conversation.person_id == person.id)
        .with_for_update(of=Escalation)
    )
    if found is None:
        raise NotFound
    return found


async def access_cry(session: AsyncSession, worker: Worker, escalation: str) -> Escalation:
    """A cry for help, by its own reference, locked. Raises `NotFound`."""
    wanted = (
        select(Escalation)
        .join(Conversation, Conversation.id == Escalation.conversation_id)
        .join(Person, Person.id == Conversation.person_id)
        .where(Escalation.ref == escalation, Escalation.reason.in_(INTERRUPTING), may_see(worker))
    )
    found: Escalation | None = await session.scalar(wanted.with_for_update(of=Escalation))
    if found is None:
        raise NotFound
    return found


async def access_appointment(session: AsyncSession, worker: Worker, ref: str, *, lock: bool = False) -> Appointment:
    """Raises `NotFound`. `lock`: of two workers who change it at once, the second sees what the first did."""
    wanted = (
        select(Appointment)
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.ref == ref, may_see_appointment(worker))
    )
    appointment: Appointment | None = await session.scalar(wanted.with_for_update(of=Appointment) if lock else wanted)
    if appointment is None:
        raise NotFound
    return appointment


async def access_proof(
    hub: Hub,
    session: AsyncSession,
    worker: Worker,
    ref: str,
    *,
    viewing: str | None = None,
    lock: bool = False,
) -> Proof:
    """Raises `NotFound`. `lock`: of two workers who decide at once, one is told."""
    wanted = (
        select(Proof)
        .join(Person, Person.id == Proof.person_id)
        .join(Appointment, Appointment.id == Proof.appointment_id)
        .where(Proof.ref == ref, may_see(worker), may_see_appointment(worker))
    )
    proof: Proof | None = await session.scalar(wanted.with_for_update(of=Proof) if lock else wanted)
    if proof is None:
        raise NotFound
    if viewing:
        record_view(hub, session, worker, viewing, f"proof:{proof.id}", proof.person_id)
    return proof


async def access_check_in(
    hub: Hub, session: AsyncSession, worker: Worker, number: int, *, viewing: str | None = None, lock: bool = False
) -> CheckIn:
    """Raises `NotFound`. `lock`: of two workers who review it at once, one is told."""
    wanted = select(CheckIn).join(Person, Person.id == CheckIn.person_id).where(CheckIn.id == number, may_see(worker))
    check_in: CheckIn | None = await session.scalar(wanted.with_for_update(of=CheckIn) if lock else wanted)
    if check_in is None:
        raise NotFound
    if viewing:
        record_view(hub, session, worker, viewing, f"check_in:{check_in.id}", check_in.person_id)
    return check_in


async def access_case(session: AsyncSession, person: Person, number: int, *, lock: bool = False) -> Case:
    """A case of a person whom the worker may see. Raises `NotFound`."""
    wanted = select(Case).where(Case.id == number, Case.person_id == person.id)
    case: Case | None = await session.scalar(wanted.with_for_update(of=Case) if lock else wanted)
    if case is None:
        raise NotFound
    return case


async def access_update(session: AsyncSession, case: Case, number: int, *, lock: bool = False) -> Update:
    """What is owed about a case. Raises `NotFound`. `lock`: of two workers who told them, one is counted."""
    wanted = select(Update).where(Update.id == number, Update.case_id == case.id)
    found: Update | None = await session.scalar(wanted.with_for_update(of=Update) if lock else wanted)
    if found is None:
        raise NotFound
    return found


async def access_media(
    hub: Hub, session: AsyncSession, worker: Worker, media_id: int, *, playing: bool = False
) -> tuple[MediaFile, bytes]:
    """A file that a person sent, opened. Each look is recorded; of a player, that asks part by part, each quarter of an
    hour of looking. Raises `NotFound`.
    """
    media, person = await _media(session, worker, media_id)
    silent = playing and media.seconds is None
    if person.wrapped_key is None or media.content_sealed is None or silent:
        raise NotFound
    key = hub.vault.open_person_key(person.wrapped_key)
    if playing:
        await record_watching(hub, session, worker, "voice_played", person.id, subject=f"media:{media.id}")
    else:
        record_view(hub, session, worker, "media_viewed", f"media:{media.id}", person.id)
    return media, key.open_bytes(media.content_sealed, "file")


async def access_original(hub: Hub, session: AsyncSession, worker: Worker, media_id: int) -> bytes:
    """A voice message as it came, to the byte. Raises `NotFound`."""
    media, person = await _media(session, worker, media_id)
    if person.wrapped_key is None or media.original_sealed is None:
        raise NotFound
    record_view(hub, session, worker, "voice_saved", f"media:{media.id}", person.id)
    return hub.vault.open_person_key(person.wrapped_key).open_bytes(media.original_sealed, "file")


async def access_statement(
    hub: Hub, session: AsyncSession, worker: Worker, person: Person, number: int, viewing: str
) -> Statement:
    """Of a person whom the worker may see. Each look is recorded. Raises `NotFound`."""
    wanted = select(Statement).where(Statement.id == number, Statement.person_id == person.id)
    statement: Statement | None = await session.scalar(wanted)
    if statement is None:
        raise NotFound
    record_view(hub, session, worker, viewing, f"statement:{statement.id}", person.id)
    return statement


async def _media(session: AsyncSession, worker: Worker, media_id: int) -> tuple[MediaFile, Person]:
    found = (
        await session.execute(
            select(MediaFile, Person)
            .join(Person, Person.id == MediaFile.person_id)
            .where(MediaFile.id == media_id, MediaFile.refused == "", may_see(worker), _may_see_file(worker))
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def _may_see_file(worker: Worker) -> ColumnElement[bool]:
    """A provider: what proves that somebody came to them."""
    if worker.role is not WorkerRole.PROVIDER:
        return true()
    theirs = select(Proof.id).join(Appointment, Appointment.id == Proof.appointment_id)
    return exists(theirs.where(Proof.media_id == MediaFile.id, Appointment.worker_id == worker.id))


async def visible_conversations(session: AsyncSession, worker: Worker, ids: Collection[int]) -> set[int]:
    """Those of them that the worker may see."""
    wanted = (
        select(Conversation.id)
        .join(Person, Person.id == Conversation.person_id)
        .where(Conversation.id.in_(ids), may_see(worker))
    )
    return set(await session.scalars(wanted)) if ids else set()


async def visible_ref(session: AsyncSession, worker: Worker, person_id: int) -> str:
    """The reference of somebody, for a link; empty when the worker may not see them."""
    return await session.scalar(select(Person.ref).where(Person.id == person_id, may_see(worker))) or ""


def record_view(hub: Hub, session: AsyncSession, worker: Worker, what: str, subject: str, person_id: int) -> None:
    """For a page that comes to somebody's things by another way than those above."""
    audit.record(session, hub.clock.now(), f"worker:{worker.id}", what, subject, person_id=person_id)


async def record_watching(
    hub: Hub, session: AsyncSession, worker: Worker, what: str, person_id: int, *, subject: str = ""
) -> None:
    """For what refreshes by itself beside somebody: a line a quarter of an hour, not one each second."""
    subject = subject or f"person:{person_id}"
    lately = select(AuditEvent.id).where(
        AuditEvent.person_id == person_id,
        AuditEvent.actor == f"worker:{worker.id}",
        AuditEvent.what == what,
        AuditEvent.subject == subject,
        AuditEvent.at > hub.clock.now() - WATCHED_FOR,
    )
    if await session.scalar(lately.limit(1)) is None:
        record_view(hub, session, worker, what, subject, person_id)


def _in_team(worker: Worker) -> ColumnElement[bool]:
    return _one_of(Person.worker_id, select(_Colleague.id).where(_Colleague.team_id == worker.team_id))


def _on_duty_for(worker: Worker) -> list[ColumnElement[bool]]:
    if not worker.covers:
        return []
    people = _one_of(Person.worker_id, select(_Covered.id).where(_Covered.team_id.in_(worker.covers)))
    return [and_(people, _open_escalation(Escalation.reason.in_(INTERRUPTING)))]


def _open_escalation(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(Escalation.id)
        .join(Conversation, Conversation.id == Escalation.conversation_id)
        .where(Conversation.person_id == Person.id, Escalation.state != EscalationState.CLOSED, *conditions)
        .correlate(Person)
        .offset(0)  # asked of each person by index: PostgreSQL would else gather all that is open anywhere
    )


def _held_by(worker: Worker) -> ColumnElement[bool]:
    return _one_of(Person.id, select(_Held.person_id).where(_Held.holder_id == worker.id))


def _one_of(column: ColumnElement[int] | Any, wanted: Select[Any]) -> ColumnElement[bool]:
    """As an array that is made first, so that an index finds the people: EXISTS inside OR would look at everybody."""
    return column == any_(func.array(wanted.scalar_subquery()))


def _appointment_with(worker: Worker) -> ColumnElement[bool]:
    return exists(select(_Theirs.id).where(_Theirs.person_id == Person.id, _Theirs.worker_id == worker.id))
