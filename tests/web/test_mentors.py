"""A worker who is somebody's mentor: that person's record is closed to them while it lasts, on every page."""

import httpx
import pytest
from sqlalchemy import select

from hub.store.tables import Person, ThreadMember, Worker
from hub.threads import members
from hub.words import Relation, Role, Side, WorkerRole
from tests.circles import stand_by
from tests.web.conftest import Enter, Visitor
from tests.world import World

MO = "+447700900301"


async def with_mentor(world: World, role: WorkerRole) -> tuple[str, str]:
    """Sam, by whom Lee of the same team stands. Returns both references."""
    async with world.hub.store.transaction() as session:
        sam, _ = await world.person(session)
        mo, _ = await world.person(session, role=Role.SUPPORTER, name="Lee Hall", address=MO)
        member = await stand_by(world.hub, session, sam, mo, relation=Relation.MENTOR)
        lee = (await session.scalars(select(Worker).where(Worker.name == "Lee Hall"))).one()
        member.staff_id = lee.id
        assert lee.role is role
        return sam.ref, mo.ref


async def pages(visitor: Visitor, ref: str) -> dict[str, httpx.Response]:
    there = {"inbox": "/inbox", "people": "/people", "person": f"/people/{ref}"}
    found = {name: await visitor.get(address) for name, address in there.items()}
    return found | {"search": await visitor.post("/inbox/search", words="Sam Carter")}


@pytest.mark.parametrize("role", [WorkerRole.WORKER, WorkerRole.SUPERVISOR])
async def test_a_mentor_neither_finds_nor_opens_the_person(world: World, enter: Enter, role: WorkerRole) -> None:
    lee = await enter(Side.SUPERVISION, role=role, name="Lee Hall")
    priya = await enter(Side.SUPERVISION)
    ref, _ = await with_mentor(world, role)
    await world.text("i want to talk to somebody")  # something waits for a human, whom the whole team would see
    closed, theirs = await pages(lee, ref), await pages(priya, ref)
    assert closed["person"].status_code == 403
    assert "You are this person’s mentor" in closed["person"].text
    assert theirs["person"].status_code == 200
    for name in ("inbox", "people", "search"):
        assert closed[name].status_code == 200
        assert ref not in closed[name].text, name
        assert ref in theirs[name].text, name


async def test_it_is_open_again_when_it_has_ended_and_not_before(world: World, enter: Enter) -> None:
    lee = await enter(Side.SUPERVISION, role=WorkerRole.SUPERVISOR, name="Lee Hall")
    ref, _ = await with_mentor(world, WorkerRole.SUPERVISOR)
    async with world.hub.store.transaction() as session:
        member = (await session.scalars(select(ThreadMember))).one()
        await members.hold(world.hub, session, "test", member, members.HELD)
    assert (await lee.get(f"/people/{ref}")).status_code == 403
    async with world.hub.store.transaction() as session:
        member = (await session.scalars(select(ThreadMember))).one()
        await members.end(world.hub, session, "test", member, "revoked")
    assert (await lee.get(f"/people/{ref}")).status_code == 200


async def test_everybody_else_is_as_open_as_before(world: World, enter: Enter) -> None:
    lee = await enter(Side.SUPERVISION, role=WorkerRole.SUPERVISOR, name="Lee Hall")
    await with_mentor(world, WorkerRole.SUPERVISOR)
    async with world.hub.store.transaction() as session:
        bea, _ = await world.person(session, name="Bea Moss", address="+447700900102")
        ref = bea.ref
    assert (await lee.get(f"/people/{ref}")).status_code == 200
    async with world.hub.store.transaction() as session:
        assert await session.scalar(select(Person.ref).where(Person.ref == ref))
