"""Nobody without recorded safe contact is ever invited, whoever invites; quotas hold; why not stands in the audit."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import case_closing
from hub.errors import NotInvited
from hub.store.tables import AuditEvent, Case, ContactPoint, Nudge, Person, SurveyRun, Worker
from hub.surveys import inviting, runs, several
from hub.surveys.exclusion_rules import Per, Quota
from hub.surveys.several import Wanted
from hub.words import Role, Side
from tests.world import World

SURVEY = "victim_satisfaction"
VERA = "+447700900202"


async def vera(world: World, session: AsyncSession, *, safe: bool, number: str = VERA) -> Person:
    person, _ = await world.person(session, role=Role.VICTIM, name="Vera Lind", address=number, safe=safe)
    return person


async def by_event(world: World, session: AsyncSession, person: Person) -> None:
    case = Case(
        agency_id=person.agency_id, side=person.side, person_id=person.id, kind="victim_care", reference="V/1",
        opened_at=world.clock.now(), person=person,
    )  # fmt: skip
    session.add(case)
    await session.flush()
    await case_closing.close(world.hub, session, "worker:1", case, "completed", "It has been dealt with.")


async def by_a_worker(world: World, session: AsyncSession, person: Person) -> None:
    await inviting.invite(world.hub, session, "worker:1", person, SURVEY)


async def in_bulk(world: World, session: AsyncSession, _person: Person) -> None:
    worker = await session.get_one(Worker, world.workers[Side.VICTIMS])
    await several.invite(world.hub, session, worker, SURVEY, Wanted())


async def at_the_lowest(world: World, session: AsyncSession, person: Person) -> None:
    with suppress(NotInvited):
        await runs.invite(world.hub, session, person, SURVEY)


WAYS: tuple[Callable[[World, AsyncSession, Person], Awaitable[None]], ...] = (
    by_event,
    by_a_worker,
    in_bulk,
    at_the_lowest,
)


async def rows(world: World) -> list[SurveyRun]:
    async with world.hub.store.transaction() as session:
        return list(await session.scalars(select(SurveyRun)))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("safe", [False, True])
async def test_only_who_has_recorded_safe_contact_is_invited(
    world: World, way: Callable[[World, AsyncSession, Person], Awaitable[None]], safe: bool
) -> None:
    async with world.hub.store.transaction() as session:
        await way(world, session, await vera(world, session, safe=safe))
    assert len(await rows(world)) == safe
    await world.push(days=6)
    assert any("questions" in text for text in world.heard(VERA)) == safe


async def test_safe_contact_that_is_taken_back_before_it_goes_out_keeps_it_back(world: World) -> None:
    async with world.hub.store.transaction() as session:
        await by_event(world, session, await vera(world, session, safe=True))
    async with world.hub.store.transaction() as session:
        (await session.scalars(select(ContactPoint))).one().safe_asked_at = None
    await world.push(days=6)
    assert not any("questions" in text for text in world.heard(VERA))
    assert [run.state for run in await rows(world)] == ["invited"], "it waits until somebody has said that it is safe"
    async with world.hub.store.transaction() as session:
        ends = {tuple(row) for row in await session.execute(select(Nudge.rule, Nudge.state, Nudge.reason))}
    assert ("survey_invite", "missed", "too_late") in ends


async def test_the_reminder_keeps_to_the_rules_too(world: World) -> None:
    async with world.hub.store.transaction() as session:
        await by_a_worker(world, session, await vera(world, session, safe=True))
    await world.push(minutes=5)
    assert len(world.heard(VERA)) == 1
    async with world.hub.store.transaction() as session:
        (await session.scalars(select(ContactPoint))).one().safe_asked_at = None
    await world.push(days=5)
    assert len(world.heard(VERA)) == 1


async def test_why_not_stands_in_the_audit_as_codes(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person = await vera(world, session, safe=False)
        invited = await inviting.invite(world.hub, session, "worker:1", person, SURVEY)
        assert invited.run is None
        assert invited.why_not == ["Nobody has recorded yet whether it is safe to write to them there"]
    async with world.hub.store.transaction() as session:
        event = (await session.scalars(select(AuditEvent).where(AuditEvent.what == "survey_not_invited"))).one()
    assert (event.actor, event.person_id, event.details) == ("worker:1", person.id, {"reasons": ["safe_contact"]})


@pytest.mark.parametrize("at_once", [False, True])
async def test_a_quota_is_never_exceeded_however_many_invite_at_once(world: World, at_once: bool) -> None:
    quota = {SURVEY: Quota(3, None, timedelta(days=30), Per.AGENCY)}
    exclusions = replace(world.hub.flows.exclusions, quotas=quota)
    hub = replace(world.hub, flows=replace(world.hub.flows, exclusions=exclusions))
    async with hub.store.transaction() as session:
        people = [await vera(world, session, safe=True, number=f"+4477009002{n:02}") for n in range(6)]

    async def ask(person_id: int) -> bool:
        async with hub.store.transaction() as session:
            person = await session.get_one(Person, person_id)
            return (await inviting.invite(hub, session, "worker:1", person, SURVEY)).new

    asked = [ask(person.id) for person in people]
    done = await asyncio.gather(*asked) if at_once else [await each for each in asked]
    assert sum(done) == 3
    world.clock.push_to(world.clock.now() + timedelta(days=31))
    async with hub.store.transaction() as session:
        left = next(person for person, was in zip(people, done, strict=True) if not was)
        again = await inviting.invite(hub, session, "worker:1", await session.get_one(Person, left.id), SURVEY)
    assert again.new, "there is room again"


async def test_in_bulk_shows_how_many_and_why_not_before_anybody_is_asked(world: World) -> None:
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[Side.VICTIMS])
        await vera(world, session, safe=True)
        await vera(world, session, safe=False, number="+447700900203")
        await world.person(session, name="Sam", address="+447700900204")  # of the other side
        found = await several.look(world.hub, session, worker, SURVEY, Wanted())
        assert (len(found.to_ask), dict(found.not_asked)) == (1, {"safe_contact": 1})
        assert await several.look(world.hub, session, worker, SURVEY, Wanted(language="cy")) == several.Found()
    assert await rows(world) == []
