"""The link to a video call: opened it shows, pressed it leads on and counts."""

import pytest
from sqlalchemy import select

from hub import appointments, video
from hub.store.tables import Appointment, Proof
from hub.words import AppointmentState, Side
from tests.web.conftest import Enter, Visitor
from tests.world import World

pytestmark = pytest.mark.slow

CALL = "https://meet.example.org/abc?pw=1"


async def by_video(world: World, minutes: int = 10) -> str:
    """The appointment's reference."""
    from datetime import timedelta

    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        made = await appointments.schedule(
            world.hub, session, "hub", person=person, starts_at=world.clock.now() + timedelta(minutes=minutes),
            with_whom="Priya", place="", how="video", worker_id=world.workers[Side.SUPERVISION],
        )  # fmt: skip
        return made.ref


async def path(world: World) -> str:
    async with world.hub.store.transaction() as session:
        found = (await session.scalars(select(Appointment))).one()
        return "/join/" + video.link(world.hub, found).rpartition("/")[2]


async def state(world: World) -> AppointmentState:
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(Appointment.state))).one()


async def test_pressing_joins_and_leads_on(world: World, enter: Enter, visitor: Visitor) -> None:
    ref = await by_video(world)
    assert (await (await enter()).post(f"/appointments/{ref}/meeting", address=CALL)).status_code == 303
    shown = await visitor.get(await path(world))
    assert "Join the call" in shown.text
    assert "meet.example.org" not in shown.text
    assert await state(world) is AppointmentState.PLANNED  # an app that looks at the link joins nothing
    joined = await visitor.post(await path(world))
    assert joined.headers["refresh"] == f"1; url={CALL}"
    assert await state(world) is AppointmentState.ATTENDED


async def test_too_early_leads_on_and_does_not_count(world: World, enter: Enter, visitor: Visitor) -> None:
    ref = await by_video(world, minutes=60)
    await (await enter()).post(f"/appointments/{ref}/meeting", address=CALL)
    page = await visitor.post(await path(world))
    assert "does not count" in page.text
    assert page.headers["refresh"]
    assert await state(world) is AppointmentState.PLANNED
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Proof))).all() == []


@pytest.mark.parametrize(
    "address", ["http://meet.example.org/a", "javascript:alert(1)", "https://u:p@meet.example.org", "meet"]
)
async def test_only_an_https_address_is_taken(world: World, enter: Enter, address: str) -> None:
    ref = await by_video(world)
    page = await (await enter()).post(f"/appointments/{ref}/meeting", address=address)
    assert page.status_code == 422
    assert 'href="#address"' in page.text


async def test_a_changed_link_does_not_work(world: World, enter: Enter, visitor: Visitor) -> None:
    ref = await by_video(world)
    await (await enter()).post(f"/appointments/{ref}/meeting", address=CALL)
    right = await path(world)
    for wrong in (f"/join/{ref}", f"/join/{ref}-", right[:-1], right + "x"):
        assert (await visitor.get(wrong)).status_code == 404
