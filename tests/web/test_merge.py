"""The same person twice: found, compared, made one; only by who may see both, and never without a tick."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import appointments
from hub.store.tables import AuditEvent, ContactPoint, Person, Team, Worker
from hub.words import Role, Side, WorkerRole
from tests.web.conftest import Enter
from tests.world import World

pytestmark = pytest.mark.slow

FIRST, SECOND = "+447700900101", "+447700900102"


async def two(world: World, name: str = "Carter, Sam") -> tuple[str, str]:
    """Sam twice, the second time from another phone and with an appointment. Returns the references."""
    async with world.hub.store.transaction() as session:
        keep, _ = await world.person(session)
        other, _ = await world.person(session, name=name, address=SECOND)
        await appointments.schedule(
            world.hub,
            session,
            "key:1",
            person=other,
            starts_at=world.clock.now() + timedelta(days=9),
            with_whom="Priya",
            place="1 High St",
        )
    await world.text("hello from my new phone", SECOND)
    await world.text("STOP", FIRST)
    return keep.ref, other.ref


async def records(world: World) -> list[Person]:
    async with world.hub.store.transaction() as session:
        return list((await session.scalars(select(Person).order_by(Person.id))).unique())


async def test_who_has_the_same_name_is_suggested_in_any_order_of_its_words(world: World, enter: Enter) -> None:
    keep, other = await two(world)
    priya = await enter()
    page = (await priya.get(f"/people/{keep}")).text
    assert f"May be the same person as Carter, Sam, {other}" in page
    assert "May be the same person as Sam Carter" in (await priya.get(f"/people/{other}")).text


async def test_nobody_is_suggested_whom_the_worker_may_not_see(world: World, enter: Enter) -> None:
    keep, other = await two(world)
    async with world.hub.store.transaction() as session:
        bail = Team(agency_id=world.agency_id, name="Bail", side=Side.SUPERVISION)
        tom = Worker(team=bail, role=WorkerRole.WORKER, name="Tom Field", first_name="Tom", email="tom@example.org")
        session.add(tom)
        await session.flush()
        (await session.scalars(select(Person).where(Person.ref == other))).one().worker_id = tom.id
    priya = await enter()
    assert "May be the same" not in (await priya.get(f"/people/{keep}")).text
    assert (await priya.get(f"/people/{keep}/merge/{other}")).status_code == 404
    assert (await priya.post(f"/people/{keep}/merge/{other}", sure="yes")).status_code == 404


async def test_the_other_record_is_found_by_name_and_is_not_the_person_itself(world: World, enter: Enter) -> None:
    keep, other = await two(world, "Samuel Carter")
    priya = await enter()
    assert "May be the same" not in (await priya.get(f"/people/{keep}")).text
    nothing = await priya.post(f"/people/{keep}/merge", words="S")
    assert nothing.status_code == 422
    page = (await priya.post(f"/people/{keep}/merge", words="carter")).text
    assert "1 result" in page
    assert f"/people/{keep}/merge/{other}" in page
    assert "0 results" in (await priya.post(f"/people/{keep}/merge", words="nobody")).text


async def test_what_happens_is_shown_before_it_does(world: World, enter: Enter) -> None:
    keep, other = await two(world, "Samuel Carter")
    priya = await enter()
    page = (await priya.get(f"/people/{keep}/merge/{other}")).text
    for words in (
        "2 messages and 1 appointment come over.",
        "3 planned messages are planned anew.",
        "The name stays Sam Carter. Samuel Carter is kept as a note.",
        "STOP stays: nothing goes to 07700 900101.",
        "You cannot undo this.",
        f"/people/{other}/merge/{keep}",
    ):
        assert words in page, words
    assert "STOP holds for 07700 900102" in page, "they wrote from it before the STOP"
    assert [person.merged_into_id for person in await records(world)] == [None, None]
    assert not await merges(world)


async def merges(world: World) -> list[str]:
    async with world.hub.store.transaction() as session:
        return list(await session.scalars(select(AuditEvent.what).where(AuditEvent.what.like("%_merged"))))


async def test_without_the_tick_nothing_happens(world: World, enter: Enter) -> None:
    keep, other = await two(world)
    priya = await enter()
    page = await priya.post(f"/people/{keep}/merge/{other}")
    assert page.status_code == 422
    assert "Select that this is one person" in page.text
    assert not await merges(world)


async def test_with_it_they_are_one_and_both_references_lead_there(world: World, enter: Enter) -> None:
    keep, other = await two(world)
    priya = await enter()
    done = await priya.post(f"/people/{keep}/merge/{other}", sure="yes")
    assert done.headers["location"] == f"/people/{keep}?done=merged"
    assert "The two records are one now" in (await priya.get(done.headers["location"])).text
    again = await priya.post(f"/people/{keep}/merge/{other}", sure="yes")
    assert again.status_code == 303, "pressed twice"
    for ref in (keep, other):
        assert "hello from my new phone" in (await priya.get(f"/people/{ref}/messages")).text
    people = (await priya.get("/people")).text
    assert keep in people
    assert other not in people
    assert f"/people/{keep}" in (await priya.post("/people", words=other)).text, "found by the old reference"
    async with world.hub.store.transaction() as session:
        assert all(way.stopped_at for way in await session.scalars(select(ContactPoint)))


async def test_the_history_shows_what_was_done_about_both(world: World, enter: Enter) -> None:
    keep, other = await two(world)
    priya = await enter(role=WorkerRole.SUPERVISOR)
    await priya.post(f"/people/{keep}/merge/{other}", sure="yes")
    page = (await priya.get(f"/people/{keep}/history")).text
    assert f"Became one with another record of theirs, {other}" in page
    assert "Appointment made" in page, "of the other, before"
    assert "Became one with another record of theirs" in (await priya.get(f"/people/{keep}/messages")).text
    found = (await priya.get(f"/settings/audit?ref={keep}")).text
    assert other in found


async def test_two_people_with_one_name_are_told_apart_once(world: World, enter: Enter) -> None:
    keep, other = await two(world)
    priya = await enter()
    await priya.post(f"/people/{keep}/merge/{other}/apart")
    for ref in (keep, other):
        assert "May be the same" not in (await priya.get(f"/people/{ref}")).text
    assert (await priya.post(f"/people/{keep}/merge/{keep}/apart")).status_code == 404


async def test_two_who_cannot_be_one_are_shown_with_the_reason(world: World, enter: Enter) -> None:
    keep, _ = await two(world)
    async with world.hub.store.transaction() as session:
        mum, _ = await world.person(session, role=Role.SUPPORTER, name="Mum", address="+447700900103")
    priya = await enter()
    page = await priya.get(f"/people/{keep}/merge/{mum.ref}")
    assert "One of them is a supporter and the other is not." in page.text
    assert "Make them one" not in page.text
    assert (await priya.post(f"/people/{keep}/merge/{mum.ref}", sure="yes")).status_code == 409


async def test_the_other_side_sees_nothing_and_a_provider_may_not(world: World, enter: Enter) -> None:
    keep, other = await two(world)
    ann = await enter(Side.VICTIMS)
    assert (await ann.get(f"/people/{keep}/merge/{other}")).status_code == 404
    provider = await enter(name="Pat Provider", role=WorkerRole.PROVIDER)
    assert (await provider.get(f"/people/{keep}/merge/{other}")).status_code == 403
    assert (await provider.post(f"/people/{keep}/merge/{other}", sure="yes")).status_code == 403


async def test_a_victim_and_a_supervised_person_of_one_name_are_never_brought_together(
    world: World, enter: Enter
) -> None:
    keep, _ = await two(world)
    async with world.hub.store.transaction() as session:
        vera, _ = await world.person(session, role=Role.VICTIM, name="Sam Carter", address="+447700900202")
    priya = await enter()
    assert vera.ref not in (await priya.get(f"/people/{keep}")).text
    assert (await priya.get(f"/people/{keep}/merge/{vera.ref}")).status_code == 404
