"""After two records have become one: the case system's reference of either means the one who stays."""

from typing import Any

import pytest
from sqlalchemy import func, select, update

from hub.namesakes import index_names
from hub.people import create_person, index_of_name, name_of
from hub.store.tables import Person
from hub.words import Role, Side
from integrations.case_systems.people import import_people, read_people
from tests.integration.test_merging import become_one
from tests.world import World

pytestmark = pytest.mark.slow

FILE = b"person_ref,name,role,mobile\nC2,Sam Carter-Jones,supervised,07700 900131\n"


async def test_an_import_with_the_others_reference_makes_nobody_new(world: World) -> None:
    async with world.hub.store.transaction() as session:
        house: dict[str, Any] = {"agency_id": world.agency_id, "side": Side.SUPERVISION, "role": Role.SUPERVISED}
        keep = await create_person(world.hub, session, name="Sam Carter", external_ref="C1", **house)
        other = await create_person(world.hub, session, name="Carter, Sam", external_ref="C2", **house)
    await become_one(world, keep.id, other.id)
    report = read_people(FILE, fictional=True)
    result = await import_people(world.hub, report, agency_id=world.agency_id, side=Side.SUPERVISION, actor="terminal")
    assert (result.created, result.changed, result.problems) == (0, 1, ())
    async with world.hub.store.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Person)) == 2
        assert name_of(world.hub, await session.get_one(Person, keep.id)) == "Sam Carter-Jones"


async def test_who_was_here_before_names_had_an_index_gets_one(world: World) -> None:
    async with world.hub.store.transaction() as session:
        sam, _ = await world.person(session)
        await world.person(session, name="Sam", address="+447700900102")
        await session.execute(update(Person).values(name_index=None))
    assert await index_names(world.hub) == 2
    assert await index_names(world.hub) == 0
    async with world.hub.store.transaction() as session:
        indexed = (await session.get_one(Person, sam.id)).name_index
    assert indexed == index_of_name(world.hub, Side.SUPERVISION, "cárter, SAM")
    assert index_of_name(world.hub, Side.VICTIMS, "Sam Carter") != indexed
