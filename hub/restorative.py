"""Restorative justice on one side: where somebody stands, who is between, what was agreed. Always their own choice.

Nothing here leads to the other side: what a coordinator learns of it, they learn outside Handrail and write down in
their own words (docs/why.md). Only a human offers it, and nobody after "never ask me again". Knows no text and no
screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import tellings
from hub.core import Hub
from hub.errors import NotAllowed, NotFound
from hub.states import check_move
from hub.states_of_care import RESTORATIVE_MOVES, RestorativeState
from hub.store import audit
from hub.store.tables import Person, Restorative, RestorativeStep, Worker
from hub.store.vault import Key
from hub.times import at_local, local
from hub.words import WorkerRole
from hub.working_time import add_working_days

S = RestorativeState
UNDER_WAY = frozenset({S.WANTS_TO_KNOW, S.SPEAKING, S.AGREED, S.PREPARED, S.HELD})  # a coordinator has something to do
OTHER_SIDE = {
    "unknown": "Not known",
    "not_asked": "Has not been asked",
    "willing": "Is willing",
    "thinking": "Is thinking about it",
    "not_willing": "Is not willing",
}
LONGEST = 300  # characters of what was agreed: it goes into a text
REMINDED_AT = time(11)


@dataclass(frozen=True, slots=True)
class Step:
    """What a coordinator enters with a move. `agreed` and `meeting_at` are kept until they are changed."""

    to: RestorativeState
    note: str = ""
    agreed: str = ""
    meeting_at: datetime | None = None


async def of_person(session: AsyncSession, person_id: int, *, lock: bool = False) -> Restorative | None:
    """The one that counts; of two that became one person's, a "never" comes first."""
    theirs = select(Restorative).where(Restorative.person_id == person_id)
    wanted = theirs.order_by((Restorative.state == S.NO).desc(), Restorative.state_at.desc()).limit(1)
    found: Restorative | None = await session.scalar(wanted.with_for_update(of=Restorative) if lock else wanted)
    return found


async def begin(hub: Hub, session: AsyncSession, actor: str, person: Person) -> Restorative:
    """It has been brought up: by the person, or by a worker who may ask."""
    found = await of_person(session, person.id, lock=True)
    if found is None:
        now = hub.clock.now()
        found = Restorative(person_id=person.id, side=person.side, state=S.ASKED_ABOUT, state_at=now, made_at=now)
        found.person = person
        session.add(found)
        await session.flush()
        _remember(hub, session, actor, found, "")
    elif found.state in {S.NOT_NOW, S.NO, S.ENDED}:
        move(hub, session, actor, found, S.ASKED_ABOUT)
    return found


async def offer(hub: Hub, session: AsyncSession, worker: Worker, person: Person) -> Restorative:
    """A worker asks whether they wish to hear of it. Raises `NotAllowed`."""
    found = await of_person(session, person.id)
    if found and found.state is S.NO:
        raise NotAllowed("They said never to ask them again. Only they can bring it up.")
    if found and found.state in UNDER_WAY:
        raise NotAllowed("They are in it already. Take the next step below.")
    found = await begin(hub, session, f"worker:{worker.id}", person)
    await tellings.call_off(hub, session, "restorative", found.id)  # one offer at a time
    await tellings.plan(hub, session, person, "restorative", found.id)
    return found


def move(hub: Hub, session: AsyncSession, actor: str, row: Restorative, to: RestorativeState, note: str = "") -> None:
    """Raises `MoveNotAllowed`."""
    row.state, row.state_at = check_move(RESTORATIVE_MOVES, row.state, to), hub.clock.now()
    _remember(hub, session, actor, row, note)


async def take_step(hub: Hub, session: AsyncSession, worker: Worker, row: Restorative, step: Step) -> None:
    """A coordinator goes on. What was agreed and the day are told to the person.

    Raises
    ------
    NotAllowed, MoveNotAllowed
    """
    problem = _problem_with(hub, row, step)
    if problem:
        raise NotAllowed(problem)
    move(hub, session, f"worker:{worker.id}", row, step.to, step.note)
    row.coordinator_id = row.coordinator_id or worker.id
    if step.agreed:
        row.agreed_sealed = _key(hub, row).seal(step.agreed[:LONGEST], "agreed")
    await call_off_reminders(hub, session, row)
    if step.to is S.AGREED:
        await tellings.plan(hub, session, row.person, "restorative_agreed", row.id)
    if step.to is S.PREPARED and step.meeting_at:
        row.meeting_at = step.meeting_at
        await tellings.plan(hub, session, row.person, "restorative_meeting", row.id, _day_before(row, step.meeting_at))


def _problem_with(hub: Hub, row: Restorative, step: Step) -> str:
    """What is missing for it; nothing where nothing is."""
    if step.to in {S.NO, S.ASKED_ABOUT}:
        return "Only they can say that."
    if step.to is S.AGREED and not (step.agreed or row.agreed_sealed):
        return "Write what was agreed. They are reminded of it in these words."
    if step.to is S.PREPARED and (step.meeting_at is None or step.meeting_at <= hub.clock.now()):
        return "Enter when it is: a time still to come. They are reminded of it before."
    return ""


async def call_off_reminders(hub: Hub, session: AsyncSession, row: Restorative) -> None:
    for topic in ("restorative", "restorative_agreed", "restorative_meeting"):
        await tellings.call_off(hub, session, topic, row.id)


async def set_coordinator(hub: Hub, session: AsyncSession, worker: Worker, row: Restorative, to: Worker) -> None:
    """Somebody of the same house, case worker or supervisor. Raises `NotFound`."""
    same = (to.team.agency_id, to.team.side) == (row.person.agency_id, row.side)
    if not same or to.disabled_at or to.role not in {WorkerRole.WORKER, WorkerRole.SUPERVISOR}:
        raise NotFound
    row.coordinator_id = to.id
    _record(hub, session, f"worker:{worker.id}", row, "restorative_coordinator", to=to.id)


async def note_other_side(
    hub: Hub, session: AsyncSession, worker: Worker, row: Restorative, code: str, words: str
) -> None:
    """What the coordinator has learnt elsewhere. Raises `NotFound` for a code that is none."""
    if code not in OTHER_SIDE:
        raise NotFound
    row.other_side = code
    row.other_sealed = _key(hub, row).seal(words, "note") if words else None
    _record(hub, session, f"worker:{worker.id}", row, "restorative_other_side", answer=code)


async def history(session: AsyncSession, row: Restorative) -> Sequence[RestorativeStep]:
    """The newest first."""
    of_it = select(RestorativeStep).where(RestorativeStep.restorative_id == row.id)
    return (await session.scalars(of_it.order_by(RestorativeStep.id.desc()))).all()


def _day_before(row: Restorative, meeting_at: datetime) -> datetime:
    """The working day before, at eleven; when that has passed, at once."""
    agency = row.person.agency
    day = add_working_days(local(meeting_at, agency.time_zone).date(), -1, agency.holidays)
    return min(at_local(day, REMINDED_AT, agency.time_zone), meeting_at - timedelta(hours=2))


def _remember(hub: Hub, session: AsyncSession, actor: str, row: Restorative, note: str) -> None:
    sealed = _key(hub, row).seal(note, "note") if note else None
    session.add(
        RestorativeStep(restorative_id=row.id, state=row.state, at=hub.clock.now(), by=actor, note_sealed=sealed)
    )
    _record(hub, session, actor, row, f"restorative_{row.state}")


def _record(hub: Hub, session: AsyncSession, actor: str, row: Restorative, what: str, **details: object) -> None:
    audit.record(session, hub.clock.now(), actor, what, f"restorative:{row.id}", person_id=row.person_id, **details)


def _key(hub: Hub, row: Restorative) -> Key:
    return hub.vault.open_person_key(row.person.wrapped_key or b"")
