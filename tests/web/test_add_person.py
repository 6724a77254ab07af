"""Adding a person: asked, checked, made; a number that is known already is said before anything is saved."""

from typing import Any

import pytest
from sqlalchemy import select

from hub.people import name_of
from hub.store.tables import Consent, ContactPoint, Person
from hub.words import Purpose, Side, WorkerRole
from tests.web.conftest import Enter
from tests.world import World

pytestmark = pytest.mark.slow


def form(world: World, **other: Any) -> dict[str, Any]:
    worker = world.workers[Side.SUPERVISION]
    return {
        "name": "Sam Carter",
        "number": "07700 900 101",
        "role": "supervised",
        "language": "en",
        "worker": worker,
    } | other


async def people(world: World) -> list[Person]:
    async with world.hub.store.transaction() as session:
        return list((await session.scalars(select(Person))).all())


async def test_nobody_is_made_before_all_has_been_checked(world: World, enter: Enter) -> None:
    priya = await enter()
    assert (await priya.get("/people/new")).status_code == 200
    check = await priya.post("/people/new", **form(world))
    assert check.status_code == 200
    assert "07700 900101" in check.text
    assert "They agreed to be asked" not in check.text, "consent is given, not left standing"
    assert await people(world) == []
    again = await priya.post("/people/new", **form(world, change="number"))
    assert 'value="07700 900 101"' in again.text
    made = await priya.post("/people/new", **form(world, sure="yes"))
    (sam,) = await people(world)
    assert made.headers["location"] == f"/people/{sam.ref}/added"
    assert name_of(world.hub, sam) == "Sam Carter"
    async with world.hub.store.transaction() as session:
        said = (await session.scalars(select(Consent))).one()
    assert (said.purpose, said.given) == (Purpose.SURVEY, False)


async def test_the_welcome_is_shown_and_goes_out_only_when_it_is_sent(world: World, enter: Enter) -> None:
    priya = await enter()
    await priya.post("/people/new", **form(world, sure="yes"))
    (sam,) = await people(world)
    page = await priya.get(f"/people/{sam.ref}/added")
    shown = page.text.split('handrail-preview">')[1].split("</blockquote>")[0]
    await world.settle()
    assert world.heard() == []
    await priya.post(f"/people/{sam.ref}/welcome")
    await world.settle()
    assert world.heard() == [shown]


async def test_a_number_that_is_somebodys_is_said_and_nothing_is_saved(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        bea, _ = await world.person(session, name="Bea Hill")
    refused = await (await enter()).post("/people/new", **form(world, sure="yes"))
    assert refused.status_code == 422
    assert "already belongs to another person" in refused.text
    assert f"/people/{bea.ref}" in refused.text
    assert len(await people(world)) == 1


async def test_whoever_may_not_be_seen_is_not_named_as_the_double(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        bea, _ = await world.person(session, name="Bea Hill")
    tom = await enter(name="Tom Field")
    refused = await tom.post("/people/new", **form(world, sure="yes"))
    assert refused.status_code == 422
    assert bea.ref not in refused.text


async def test_the_same_number_on_the_other_side_is_no_double(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        await world.person(session)
    ann = await enter(Side.VICTIMS)
    theirs = form(world, role="victim", worker=world.workers[Side.VICTIMS], sure="yes", safe="ask")
    assert (await ann.post("/people/new", **theirs)).status_code == 303


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"name": ""}, "Enter the name."),
        ({"number": "020 7946 0958"}, "landline"),
        ({"number": "hello"}, "Enter a UK mobile number"),
        ({"role": "victim"}, "Select who they are."),
        ({"language": "xx"}, "Select the language"),
        ({"worker": "999999"}, "Select who looks after them."),
    ],
)
async def test_what_is_wrong_is_said_beside_what_was_typed(
    world: World, enter: Enter, other: dict[str, Any], said: str
) -> None:
    refused = await (await enter()).post("/people/new", **form(world, **other))
    assert refused.status_code == 422
    assert said in refused.text
    assert "<title>Error: " in refused.text
    assert await people(world) == []


async def test_somebody_without_a_number_can_be_added(world: World, enter: Enter) -> None:
    priya = await enter()
    assert (await priya.post("/people/new", **form(world, number="", sure="yes"))).status_code == 303
    (sam,) = await people(world)
    assert "no number of theirs" in (await priya.get(f"/people/{sam.ref}/added")).text
    assert (await priya.post(f"/people/{sam.ref}/number", number="07700 900101")).status_code == 303
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(ContactPoint))).one().preferred


async def test_adding_is_for_case_workers(enter: Enter) -> None:
    provider = await enter(role=WorkerRole.PROVIDER, name="Pat Mill")
    for path in ("/people/new", "/people/import", "/appointments/new", "/appointments/import"):
        assert (await provider.get(path)).status_code == 403, path
