"""Where people of one side stand with restorative justice: a list for coordinators, and one person. Knows no page."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import restorative
from hub.access import may_see
from hub.core import Hub
from hub.people import diaries
from hub.reading.texts import key_of, listed_name
from hub.restorative import OTHER_SIDE, UNDER_WAY
from hub.states_of_care import RESTORATIVE_MOVES, RestorativeState, TellingState
from hub.store.tables import Person, Restorative, RestorativeStep, Worker
from hub.tellings import last
from hub.times import say_when
from hub.words import WorkerRole

S = RestorativeState
WORDS = {
    S.ASKED_ABOUT: "Has been told what it is",
    S.WANTS_TO_KNOW: "Wants a call",
    S.SPEAKING: "Speaking with a coordinator",
    S.AGREED: "Agreed to something",
    S.NOT_NOW: "Not now",
    S.NO: "Never to be asked again",
    S.PREPARED: "Prepared",
    S.HELD: "Took place",
    S.ENDED: "Ended",
}
NEXT = {
    S.WANTS_TO_KNOW: "Call them",
    S.SPEAKING: "Write down what they agree to, or that they do not",
    S.AGREED: "Prepare it, and set the day",
    S.PREPARED: "It takes place",
    S.HELD: "Ask how it was, then end it",
}
ONLY_THEIRS = frozenset({S.ASKED_ABOUT, S.NO})  # no worker says this for them


@dataclass(frozen=True, slots=True)
class Row:
    ref: str
    name: str
    state: str
    next: str
    since: str
    coordinator: str
    meeting: str


@dataclass(frozen=True, slots=True)
class Past:
    when: str
    state: str
    who: str
    note: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One person's. `steps`: where a coordinator can go from here."""

    state: str
    next: str
    since: str
    under_way: bool
    may_offer: bool
    never: bool
    offer: str  # how far an offer on its way has come
    coordinator_id: int
    coordinator: str
    agreed: str
    meeting: str
    other_side: str
    other_words: str
    steps: list[tuple[str, str]]
    past: list[Past]


async def rows(hub: Hub, session: AsyncSession, worker: Worker) -> list[Row]:
    """Those under way whom this worker may see, the longest without a step first."""
    wanted = (
        select(Restorative, Worker.name)
        .join(Person, Person.id == Restorative.person_id)
        .outerjoin(Worker, Worker.id == Restorative.coordinator_id)
        .where(may_see(worker), Restorative.side == worker.team.side, Restorative.state.in_(UNDER_WAY))
        .order_by(Restorative.state_at)
    )
    return [_row(hub, row, name or "") for row, name in (await session.execute(wanted)).unique()]


async def standing(hub: Hub, session: AsyncSession, person: Person) -> Standing:
    row = await restorative.of_person(session, person.id)
    if row is None:
        return Standing("", "", "", False, True, False, "", 0, "", "", "", "unknown", "", [], [])
    zone, key = person.agency.time_zone, key_of(hub, person)
    between = await session.get(Worker, row.coordinator_id) if row.coordinator_id else None
    telling = await last(session, "restorative", row.id)
    return Standing(
        state=WORDS[row.state],
        next=NEXT.get(row.state, ""),
        since=say_when(row.state_at, zone),
        under_way=row.state in UNDER_WAY,
        may_offer=row.state not in UNDER_WAY and row.state is not S.NO,
        never=row.state is S.NO,
        offer=_OFFERS.get(telling.state, "") if telling else "",
        coordinator_id=row.coordinator_id or 0,
        coordinator=between.name if between else "",
        agreed=key.open(row.agreed_sealed, "agreed") if key and row.agreed_sealed else "",
        meeting=say_when(row.meeting_at, zone) if row.meeting_at and row.state in {S.PREPARED, S.HELD} else "",
        other_side=row.other_side,
        other_words=key.open(row.other_sealed, "note") if key and row.other_sealed else "",
        steps=_steps(row),
        past=await _past(hub, session, person, row),
    )


_OFFERS = {
    TellingState.PLANNED: "It goes out at the next good time.",
    TellingState.ASKED: "They have been asked whether it is a good time.",
}


async def coordinators(session: AsyncSession, worker: Worker) -> list[tuple[int, str]]:
    """Who can be between: case workers and supervisors of this side."""
    found = await diaries(session, worker.team)
    return [(each.id, each.name) for each in found if each.role is not WorkerRole.PROVIDER]


def other_sides() -> list[tuple[str, str]]:
    return list(OTHER_SIDE.items())


def _steps(row: Restorative) -> list[tuple[str, str]]:
    if row.state not in UNDER_WAY:
        return []
    after = RESTORATIVE_MOVES[row.state] - ONLY_THEIRS
    return [(state.value, WORDS[state]) for state in RestorativeState if state in after]


async def _past(hub: Hub, session: AsyncSession, person: Person, row: Restorative) -> list[Past]:
    steps = await restorative.history(session, row)
    ids = {int(number) for step in steps for kind, _, number in [step.by.partition(":")] if kind == "worker"}
    names = {w.id: w.name for w in (await session.scalars(select(Worker).where(Worker.id.in_(ids)))).unique()}
    return [_step(hub, person, step, names) for step in steps]


def _step(hub: Hub, person: Person, step: RestorativeStep, names: dict[int, str]) -> Past:
    kind, _, number = step.by.partition(":")
    key = key_of(hub, person)
    who = names.get(int(number), "A worker") if kind == "worker" else "The person"
    note = key.open(step.note_sealed, "note") if key and step.note_sealed else ""
    return Past(say_when(step.at, person.agency.time_zone), WORDS[step.state], who, note)


def _row(hub: Hub, row: Restorative, coordinator: str) -> Row:
    zone = row.person.agency.time_zone
    return Row(
        ref=row.person.ref,
        name=listed_name(hub, row.person),
        state=WORDS[row.state],
        next=NEXT.get(row.state, ""),
        since=say_when(row.state_at, zone),
        coordinator=coordinator,
        meeting=say_when(row.meeting_at, zone) if row.meeting_at and row.state is S.PREPARED else "",
    )


def mine_first(found: Sequence[Row], name: str) -> list[Row]:
    """A coordinator's own before the others; each in its order."""
    return sorted(found, key=lambda row: row.coordinator != name)
