"""Who saw and did what, for those who may ask: an administrator for their house, a supervisor for their team's people.

Says references and workers' names, never a person's name. Knows no screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, String, and_, cast, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from hub.records import leads_to, records_of
from hub.store.tables import AuditEvent, AuditSeal, Person, Team, Worker
from hub.times import at_local
from hub.words import WorkerRole
from hub.workers import of_house

KINDS = {
    "": "Everything",
    "viewed": "Looked at somebody",
    "changed": "Changed something",
    "entered": "Signed in or out",
}
_ENTERING = ("signed_in", "signed_out", "sign_in_locked", "session_ended", "sessions_ended", "recovery_code_used")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; empty: all."""

    ref: str = ""
    worker_id: int = 0
    kind: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    at: datetime
    who: str
    what: str
    ref: str  # of the person; empty when it is about nobody
    subject: str


async def rows(
    session: AsyncSession, me: Worker, wanted: Wanted, *, most: int, before: int | None = None
) -> tuple[list[Row], int | None]:
    """The newest first; and where the next page begins, if there is one."""
    conditions = [_scope(me), *_conditions(wanted, me.team.agency.time_zone)]
    if before is not None:
        conditions.append(AuditEvent.id < before)
    asked = select(AuditEvent, Person.ref).outerjoin(Person, Person.id == AuditEvent.person_id).where(*conditions)
    found = (await session.execute(asked.order_by(AuditEvent.id.desc()).limit(most + 1))).all()
    names = await _names(session, [event.actor for event, _ in found])
    shown = found[:most]
    made = [Row(e.at, names.get(e.actor, _actor(e.actor)), in_words(e.what), ref or "", e.subject) for e, ref in shown]
    return made, shown[-1][0].id if len(found) > most else None


async def last_sealed_at(session: AsyncSession) -> datetime | None:
    """When the record was sealed last. How much that seals is not told: one record is kept of all houses and sides."""
    return await session.scalar(select(func.max(AuditSeal.at)))


def in_words(what: str) -> str:
    """ "conversation_viewed" as people say it. The code's words are plain on purpose, so none needs a list."""
    return what.replace("_", " ").capitalize()


def _scope(me: Worker) -> ColumnElement[bool]:
    """Nobody of another agency or side. For a supervisor what is about their own team's people; for an administrator
    what workers and programs did, and nothing that people did themselves or that befell them."""
    person = aliased(Person)
    people = select(person.id).where(person.agency_id == me.team.agency_id, person.side == me.team.side)
    if me.role is WorkerRole.SUPERVISOR:
        team = select(Worker.id).where(Worker.team_id == me.team_id)
        return AuditEvent.person_id.in_(records_of(people.where(person.worker_id.in_(team))))
    if me.role is not WorkerRole.ADMINISTRATOR:
        return false()
    workers = select("worker:" + cast(Worker.id, String)).join(Team).where(of_house(me.team))
    house = or_(
        AuditEvent.actor.in_(workers),
        AuditEvent.subject.in_(workers),
        AuditEvent.subject == f"agency:{me.team.agency_id}",
    )
    of_people = and_(
        AuditEvent.person_id.in_(people), ~AuditEvent.actor.startswith("person:"), AuditEvent.actor != "hub"
    )
    return or_(of_people, and_(AuditEvent.person_id.is_(None), house))


def _conditions(wanted: Wanted, zone: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.ref:
        found.append(AuditEvent.person_id.in_(records_of(select(Person.id).where(leads_to(wanted.ref)))))
    if wanted.worker_id:
        found.append(AuditEvent.actor == f"worker:{wanted.worker_id}")
    if wanted.day:
        start = at_local(wanted.day, datetime.min.time(), zone)
        end = at_local(wanted.day + timedelta(days=1), datetime.min.time(), zone)
        found += [AuditEvent.at >= start, AuditEvent.at < end]
    viewed, entered = AuditEvent.what.regexp_match("_(viewed|played)$"), AuditEvent.what.in_(_ENTERING)
    kinds = {"viewed": viewed, "entered": entered, "changed": ~viewed & ~entered}
    return [*found, kinds[wanted.kind]] if wanted.kind in kinds else found


async def _names(session: AsyncSession, actors: Sequence[str]) -> dict[str, str]:
    ids = {int(actor.partition(":")[2]) for actor in actors if actor.startswith("worker:")}
    found = await session.execute(select(Worker.id, Worker.name).where(Worker.id.in_(ids)))
    return {f"worker:{worker_id}": name for worker_id, name in found}


def _actor(actor: str) -> str:
    kind, _, number = actor.partition(":")
    words = {"hub": "Handrail itself", "person": "The person", "key": "Program with key", "terminal": "Command line"}
    return f"{words.get(kind, kind)} {number if kind in {'key', 'terminal'} else ''}".strip()
