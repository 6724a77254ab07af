"""A photo on the proof page: seen by its sender before it goes, sent once, deleted while nobody has looked."""

import asyncio
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from hub import own_photos
from hub.access import access_media
from hub.store.tables import Escalation, MediaFile, Proof, Worker
from hub.words import Role, Side
from tests.web.conftest import Visitor
from tests.web.respondents import Led, leads, photo, proof_is_wanted
from tests.world import World

pytestmark = pytest.mark.slow


@pytest.fixture
async def sam(world: World) -> Led:
    return await leads(world, Role.SUPERVISED, "Sam Carter", "+447700900101")


async def test_a_photo_is_seen_before_it_is_sent_and_can_be_changed(world: World, visitor: Visitor, sam: Led) -> None:
    await visitor.http.post(sam.proof, data={"nonce": "n"}, files=photo("red"))
    seen = await visitor.get(f"{sam.proof}/photo")
    assert seen.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(seen.content)).getpixel((1, 1)) == (255, 0, 0)
    assert (await visitor.post(f"{sam.proof}/another")).headers["location"] == sam.proof
    assert (await visitor.get(f"{sam.proof}/photo")).status_code == 404
    assert (await visitor.get(f"{sam.proof}/check")).headers["location"] == sam.proof
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(MediaFile))).all() == []


async def test_a_photo_sent_twice_is_sent_once(world: World, visitor: Visitor, sam: Led) -> None:
    await visitor.http.post(sam.proof, data={"nonce": "n"}, files=photo())
    sent = await asyncio.gather(*(visitor.post(f"{sam.proof}/check") for _ in range(3)))
    assert {answer.headers["location"] for answer in sent} == {f"{sam.proof}/sent"}
    async with world.hub.store.transaction() as session:
        files = (await session.scalars(select(MediaFile))).all()
    assert [file.message_id is not None for file in files] == [True]


async def test_what_is_no_photo_is_refused_before_it_is_sent(visitor: Visitor, sam: Led) -> None:
    film = {"photo": ("a.png", b"\x00\x00\x00\x18ftypmp42", "image/png")}
    page = await visitor.http.post(sam.proof, data={"nonce": "n"}, files=film)
    assert page.status_code == 422
    assert "not a photo that we can use" in page.text


async def test_a_sent_photo_can_be_deleted_until_somebody_has_looked(world: World, visitor: Visitor, sam: Led) -> None:
    await proof_is_wanted(world)
    await visitor.http.post(sam.proof, data={"nonce": "n"}, files=photo())
    await visitor.post(f"{sam.proof}/check")
    early = await visitor.post(f"{sam.proof}/delete")
    assert "just arriving" in early.text
    await world.settle()
    page = await visitor.get(f"{sam.proof}/sent")
    assert "Priya will look at it by" in page.text
    done = await visitor.post(f"{sam.proof}/delete")
    assert "Nobody has looked at it" in done.text
    async with world.hub.store.transaction() as session:
        file = (await session.scalars(select(MediaFile))).one()
        proof = (await session.scalars(select(Proof))).one()
        left = (await session.scalars(select(Escalation).where(Escalation.reason == "proof_to_check"))).one()
    assert (file.content_sealed, file.sha256, file.refused) == (None, None, "taken_back")
    assert (proof.state, proof.media_id) == ("asked", None)
    assert (left.state, left.outcome) == ("closed", "taken_back")


async def test_a_photo_that_was_looked_at_stays(world: World, visitor: Visitor, sam: Led) -> None:
    await proof_is_wanted(world)
    await visitor.http.post(sam.proof, data={"nonce": "n"}, files=photo())
    await visitor.post(f"{sam.proof}/check")
    await world.settle()
    async with world.hub.store.transaction() as session:
        priya = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        file = (await session.scalars(select(MediaFile))).one()
        await access_media(world.hub, session, priya, file.id)
    assert "Somebody has looked at your photo" in (await visitor.post(f"{sam.proof}/delete")).text
    assert "Delete the photo" not in (await visitor.get(f"{sam.proof}/sent")).text
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(MediaFile))).one().content_sealed


async def test_a_photo_that_was_chosen_and_not_sent_is_forgotten(world: World, visitor: Visitor, sam: Led) -> None:
    await visitor.http.post(sam.proof, data={"nonce": "n"}, files=photo())
    await world.push(hours=1, minutes=1)
    async with world.hub.store.transaction() as session:
        await own_photos.forget_old(world.hub, session)
    assert (await visitor.get(f"{sam.proof}/check")).status_code == 303
