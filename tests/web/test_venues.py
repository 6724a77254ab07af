"""Places of appointments in the settings: entered, corrected, taken away; what a shared place counts for."""

import pytest
from sqlalchemy import select

from hub.store.tables import Agency, AuditEvent, Venue
from hub.words import Side, WorkerRole
from tests.web.conftest import Enter
from tests.web.test_appointments import appointment
from tests.world import World

pytestmark = pytest.mark.slow

FORM = {"place": "1 High St, DE1", "point": "52.9228, -1.4766", "metres": "80"}


async def venues(world: World) -> list[tuple[str, float, int]]:
    async with world.hub.store.transaction() as session:
        return [(v.place, v.latitude, v.metres) for v in await session.scalars(select(Venue))]


async def test_a_place_is_entered_corrected_and_taken_away(world: World, enter: Enter) -> None:
    admin = await enter(role=WorkerRole.ADMINISTRATOR)
    assert (await admin.post("/settings/venues", **FORM)).status_code == 303
    assert await venues(world) == [("1 high st de1", 52.9228, 80)]
    await admin.post("/settings/venues", **FORM | {"place": "1 High St DE1", "metres": "150"})
    assert await venues(world) == [("1 high st de1", 52.9228, 150)]
    async with world.hub.store.transaction() as session:
        number = (await session.scalars(select(Venue.id))).one()
    await admin.post(f"/settings/venues/{number}/delete")
    assert await venues(world) == []
    async with world.hub.store.transaction() as session:
        said = list(await session.scalars(select(AuditEvent.what)))
    assert said.count("venue_set") == 2
    assert "venue_dropped" in said


@pytest.mark.parametrize(
    ("field", "typed"),
    [("place", " "), ("point", "Derby"), ("point", "52.9"), ("point", "152.9, 1"), ("metres", "5"), ("metres", "far")],
)
async def test_what_cannot_be_read_is_asked_for_again(world: World, enter: Enter, field: str, typed: str) -> None:
    page = await (await enter(role=WorkerRole.ADMINISTRATOR)).post("/settings/venues", **FORM | {field: typed})
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert await venues(world) == []


async def test_places_of_appointments_that_have_no_point_are_named(world: World, enter: Enter) -> None:
    await appointment(world, minutes=10)
    admin = await enter(role=WorkerRole.ADMINISTRATOR)
    assert "<li>1 High St" in (await admin.get("/settings/venues")).text


async def test_the_agency_says_what_a_place_counts_for(world: World, enter: Enter) -> None:
    admin = await enter(role=WorkerRole.ADMINISTRATOR)
    await admin.post("/settings/venues/counts", trusts_place="yes")
    async with world.hub.store.transaction() as session:
        agency = (await session.scalars(select(Agency))).one()
        assert (agency.trusts_place, agency.keeps_point) == (True, False)


async def test_the_other_side_neither_sees_nor_drops_it(world: World, enter: Enter) -> None:
    await (await enter(role=WorkerRole.ADMINISTRATOR)).post("/settings/venues", **FORM)
    other = await enter(Side.VICTIMS, role=WorkerRole.ADMINISTRATOR)
    assert "1 high st" not in (await other.get("/settings/venues")).text
    async with world.hub.store.transaction() as session:
        number = (await session.scalars(select(Venue.id))).one()
    assert (await other.post(f"/settings/venues/{number}/delete")).status_code == 404


async def test_a_case_worker_may_not(enter: Enter) -> None:
    assert (await (await enter()).get("/settings/venues")).status_code == 403
