"""Sending where one is from the proof page: offered where it can be compared, kept as near or not."""

import pytest
from sqlalchemy import select

from hub import places
from hub.store.tables import MediaFile, Proof, Worker
from hub.words import Role, Side
from tests.transcripts.props import VENUE
from tests.web.conftest import Visitor
from tests.web.respondents import Led, leads, proof_is_wanted
from tests.world import World

pytestmark = pytest.mark.slow


@pytest.fixture
async def sam(world: World) -> Led:
    return await leads(world, Role.SUPERVISED, "Sam Carter", "+447700900101")


async def know(world: World, place: str) -> None:
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        await places.set_venue(world.hub, session, worker, Side.SUPERVISION, place, VENUE, 100)


async def test_it_is_not_offered_where_no_place_is_known(visitor: Visitor, sam: Led) -> None:
    assert "data-place" not in (await visitor.get(sam.proof)).text


async def test_it_is_hidden_until_the_browser_can_tell(world: World, visitor: Visitor, sam: Led) -> None:
    await know(world, "1 High St")
    page = await visitor.get(sam.proof)
    assert "data-place" in page.text
    assert "hidden>" in page.text.split("data-place")[1].split("\n")[0]
    assert "geolocation=(self)" in page.headers["permissions-policy"]
    assert "geolocation=()" in (await visitor.get(sam.chat)).headers["permissions-policy"]


async def test_a_place_is_kept_as_near_and_forgotten(world: World, visitor: Visitor, sam: Led) -> None:
    await proof_is_wanted(world)
    await know(world, "1 High St")
    north, east = VENUE
    sent = await visitor.post(f"{sam.proof}/place", latitude=str(north), longitude=str(east), nonce="n")
    assert sent.headers["location"] == f"{sam.proof}/sent"
    await world.settle()
    async with world.hub.store.transaction() as session:
        proof = (await session.scalars(select(Proof))).one()
        file = (await session.scalars(select(MediaFile))).one()
    assert (proof.kind, proof.checks["place"], proof.checks["there"]) == ("place", "within_100", True)
    assert (file.content_sealed, file.point_sealed) == (None, None)


@pytest.mark.parametrize("latitude", ["", "95", "north", "1]}"])
async def test_what_is_no_place_is_not_taken(world: World, visitor: Visitor, sam: Led, latitude: str) -> None:
    sent = await visitor.post(f"{sam.proof}/place", latitude=latitude, longitude="1", nonce="n")
    assert sent.headers["location"] == sam.proof
