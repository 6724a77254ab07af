"""Restorative justice on the coordinators' pages: offered by a human, stopped by the person, nothing crosses."""

import pytest
from sqlalchemy import select

from hub.store.tables import Restorative
from hub.words import Role, Side
from tests.web.conftest import Enter, Visitor
from tests.world import World

pytestmark = pytest.mark.slow

VERA = "+447700900202"
CARE = "+447700900002"


@pytest.fixture
async def vera(world: World) -> str:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM, name="Vera Lind", address=VERA)
        return person.ref


async def step(worker: Visitor, ref: str, to: str, **fields: object) -> int:
    return (await worker.post(f"/people/{ref}/restorative/step", to=to, **fields)).status_code


async def test_from_the_offer_to_the_end(world: World, enter: Enter, vera: str) -> None:
    ann = await enter(Side.VICTIMS)
    page = f"/people/{vera}/restorative"
    assert "Offer it" in (await ann.get(page)).text
    assert (await ann.post(f"{page}/offer")).status_code == 303
    await world.settle()
    assert "Restorative justice" in world.heard(VERA)[0]
    await world.text("1", VERA, CARE)
    assert "Vera" in (await ann.get("/restorative")).text
    assert await step(ann, vera, "speaking_with_coordinator", note="Rang her.") == 303
    assert await step(ann, vera, "agreed") == 422  # to what?
    assert await step(ann, vera, "agreed", agreed="A letter, read out by Ann.") == 303
    assert await step(ann, vera, "prepared") == 422  # when?
    assert await step(ann, vera, "prepared", day="2026-03-01", clock="14:00") == 422  # past
    assert await step(ann, vera, "prepared", day="2026-03-10", clock="14:00") == 303
    assert await step(ann, vera, "held") == 303
    assert await step(ann, vera, "ended") == 303
    shown = (await ann.get(page)).text
    assert "Rang her." in shown
    assert "Vera" not in (await ann.get("/restorative")).text


async def test_a_worker_cannot_say_never_for_them_nor_jump(world: World, enter: Enter, vera: str) -> None:
    ann = await enter(Side.VICTIMS)
    await world.text("RESTORATIVE", VERA, CARE)
    await world.text("1", VERA, CARE)
    for to in ("no", "asked_about", "held", "agreed", "nonsense"):
        assert await step(ann, vera, to) == 422


async def test_after_never_nobody_can_offer_it(world: World, enter: Enter, vera: str) -> None:
    ann = await enter(Side.VICTIMS)
    for words in ("RESTORATIVE", "3"):
        await world.text(words, VERA, CARE)
    page = await ann.get(f"/people/{vera}/restorative")
    assert "Only they can bring it up" in page.text
    assert "Offer it" not in page.text
    assert (await ann.post(f"/people/{vera}/restorative/offer")).status_code == 422
    heard = len(world.heard(VERA))
    await world.push(days=3)
    assert len(world.heard(VERA)) == heard


async def test_the_two_sides_have_rows_of_their_own_and_neither_sees_the_other(
    world: World, enter: Enter, vera: str
) -> None:
    async with world.hub.store.transaction() as session:
        sam, _ = await world.person(session)
    for line, address in (("+447700900001", "+447700900101"), (CARE, VERA)):
        await world.text("RESTORATIVE", address, line)
        await world.text("1", address, line)
    ann, priya = await enter(Side.VICTIMS), await enter()
    await ann.post(f"/people/{vera}/restorative/other-side", other_side="willing", other_words="Ready to write")
    assert "Ready to write" in (await ann.get(f"/people/{vera}/restorative")).text
    theirs = (await priya.get("/restorative")).text + (await priya.get(f"/people/{sam.ref}/restorative")).text
    for secret in ("Vera", "Lind", "Ready to write", vera):
        assert secret not in theirs
    assert "Sam" not in (await ann.get("/restorative")).text
    async with world.hub.store.transaction() as session:
        rows = (await session.scalars(select(Restorative).order_by(Restorative.side))).all()
        assert [row.side for row in rows] == [Side.SUPERVISION, Side.VICTIMS]
        assert [row.other_side for row in rows] == ["unknown", "willing"]


async def test_the_coordinator_is_somebody_of_the_same_side(world: World, enter: Enter, vera: str) -> None:
    ann = await enter(Side.VICTIMS)
    await world.text("RESTORATIVE", VERA, CARE)
    page = f"/people/{vera}/restorative/coordinator"
    wrong = await ann.post(page, coordinator=str(world.workers[Side.SUPERVISION]))
    assert wrong.status_code == 404
    assert (await ann.post(page, coordinator=str(world.workers[Side.VICTIMS]))).status_code == 303
    assert "Ann Jones" in (await ann.get(f"/people/{vera}/restorative")).text
