"""Fills the empty database of a simulation: the agency, both lines, a worker on each side, the town and its cases."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from handrail.simulation import diary
from handrail.simulation.town import LINES, MARKS, Somebody
from hub.core import Hub
from hub.people import add_contact, create_person
from hub.store.tables import Agency, Case, Line, Person, Team, Worker
from hub.threads import members
from hub.threads.standing import thread_for
from hub.words import ChannelKind, Relation, Role, Sees, Side, WorkerRole

AT_A_TIME = 100  # people in one transaction


@dataclass(frozen=True, slots=True)
class Filled:
    """`workers` by side; `people`: the id of each number."""

    agency: Agency
    workers: dict[Side, int]
    people: dict[int, int]


async def fill(hub: Hub, town: Sequence[Somebody]) -> Filled:
    async with hub.store.transaction() as session:
        await diary.begin(session)
        agency, workers = await _open_the_agency(session)
    people: dict[int, int] = {}
    for start in range(0, len(town), AT_A_TIME):
        async with hub.store.transaction() as session:
            for who in town[start : start + AT_A_TIME]:
                people[who.number] = await _meet(hub, session, agency, workers[who.side], who)
    for who in town:
        if who.stands_by is not None:
            async with hub.store.transaction() as session:
                stood_by = await session.get_one(Person, people[who.stands_by])
                thread = await thread_for(session, stood_by, hub.clock.now())
                supporter = await session.get_one(Person, people[who.number])
                await members.join(hub, session, thread, supporter, sees=Sees.DATES, relation=Relation.FRIEND)
    return Filled(agency, workers, people)


async def _open_the_agency(session: AsyncSession) -> tuple[Agency, dict[Side, int]]:
    agency = Agency(name="Northshire", short_name="Northshire support", phone="0300 000 0000")
    session.add(agency)
    await session.flush()
    workers: dict[Side, int] = {}
    for side, mark in MARKS.items():
        team = Team(agency_id=agency.id, name=f"{mark} team", side=side)
        session.add(team)
        session.add(Line(agency_id=agency.id, side=side, channel=ChannelKind.SMS, address=LINES[side], name="SMS"))
        await session.flush()
        first, email = f"Ann-{mark}", f"{mark.lower()}@example.org"
        worker = Worker(team_id=team.id, role=WorkerRole.WORKER, name=f"{first} Jones", first_name=first, email=email)
        session.add(worker)
        await session.flush()
        workers[side] = worker.id
    return agency, workers


async def _meet(hub: Hub, session: AsyncSession, agency: Agency, worker_id: int, who: Somebody) -> int:
    person = await create_person(
        hub,
        session,
        agency_id=agency.id,
        side=who.side,
        role=who.role,
        name=who.first_name,
        language=who.language,
        worker_id=worker_id,
    )
    safe_by = f"phone:{worker_id}" if who.side is Side.VICTIMS else ""
    contact = await add_contact(
        hub, session, person, ChannelKind.SMS, who.address, discreet=who.discreet, safe_by=safe_by
    )
    if who.safe:
        contact.safe_from, contact.safe_until = who.safe
    if who.role is not Role.SUPPORTER:
        session.add(
            Case(
                agency_id=agency.id,
                side=who.side,
                person_id=person.id,
                kind="conditional_caution" if who.side is Side.SUPERVISION else "victim_care",
                reference=f"{MARKS[who.side]}/{who.number:05}",
                worker_id=worker_id,
                opened_at=hub.clock.now(),
            )
        )
    return person.id
