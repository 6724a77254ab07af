"""The screen at a venue, and the page that its QR code opens."""

import pytest
from sqlalchemy import select

from hub import appointments, venue_codes
from hub.states import ProofState
from hub.store.tables import Appointment, Person, Proof
from hub.words import AppointmentState, Role, Side, WorkerRole
from tests.web.conftest import Enter, Visitor
from tests.web.respondents import Led, leads
from tests.world import World

pytestmark = pytest.mark.slow

NUMBER = "447700900001"


@pytest.fixture
async def sam(world: World) -> Led:
    """Sam is here, now, with Priya."""
    led = await leads(world, Role.SUPERVISED, "Sam Carter", "+447700900101")
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person))).one()
        await appointments.schedule(
            world.hub, session, "hub", person=person, starts_at=world.clock.now(), with_whom="Priya",
            place="1 High St", proof_wanted=True, worker_id=world.workers[Side.SUPERVISION],
        )  # fmt: skip
    return led


async def code_now(world: World) -> tuple[str, str]:
    async with world.hub.store.transaction() as session:
        found = (await session.scalars(select(Appointment))).one()
        return found.ref, venue_codes.shown(world.hub, found, world.clock.now())


async def states(world: World) -> tuple[str, str]:
    async with world.hub.store.transaction() as session:
        proof = (await session.scalars(select(Proof.state))).one()
        return proof, (await session.scalars(select(Appointment.state))).one()


async def test_the_screen_shows_the_code_and_names_nobody(world: World, enter: Enter, sam: Led) -> None:
    ref, code = await code_now(world)
    page = await (await enter(role=WorkerRole.PROVIDER)).get(f"/appointments/{ref}/screen")
    assert f"{code[:3]} {code[3:]}" in page.text
    assert "Sam" not in page.text
    assert "handrail-qr" in page.text
    assert 0 < int(page.headers["refresh"]) <= venue_codes.STEP
    world.clock.push(venue_codes.NEAR / 100)
    assert code not in (await (await enter(role=WorkerRole.PROVIDER)).get(f"/appointments/{ref}/screen")).text


async def test_the_screen_of_another_provider_is_not_there(world: World, enter: Enter, sam: Led) -> None:
    ref, _ = await code_now(world)
    other = await enter(role=WorkerRole.PROVIDER, name="Tom Field")
    assert (await other.get(f"/appointments/{ref}/screen")).status_code == 404


async def test_whoever_scans_it_gets_a_text_with_the_code_in_it(world: World, visitor: Visitor) -> None:
    page = await visitor.get(f"/here?code=123456&to={NUMBER}")
    assert f'href="sms:+{NUMBER}?body=123456"' in page.text
    assert "07700 900001" in page.text, "as people write it"
    assert "Send the code now" not in page.text
    assert "set-cookie" not in page.headers


@pytest.mark.parametrize("query", ["", "?code=123456", f"?code=12345x&to={NUMBER}", "?code=123456&to=447700900999"])
async def test_nobody_is_sent_to_a_number_that_is_not_ours(visitor: Visitor, query: str) -> None:
    assert (await visitor.get(f"/here{query}")).status_code == 404


async def test_a_phone_that_is_kept_as_theirs_sends_it_with_one_press(world: World, visitor: Visitor, sam: Led) -> None:
    await visitor.post(f"{sam.proof}/phone")
    _, code = await code_now(world)
    page = await visitor.get(f"/here?code={code}&to={NUMBER}")
    assert "Send the code now" in page.text
    assert (await visitor.post("/here", code=code)).headers["location"] == f"{sam.proof}/sent"
    await world.settle()
    assert await states(world) == (ProofState.ACCEPTED, AppointmentState.ATTENDED)


async def test_a_phone_can_be_forgotten(world: World, visitor: Visitor, sam: Led) -> None:
    await visitor.post(f"{sam.proof}/phone")
    assert "Forget this phone" in (await visitor.get(sam.proof)).text
    await visitor.post(f"{sam.proof}/phone", forget="yes")
    assert "Send the code now" not in (await visitor.get(f"/here?code=123456&to={NUMBER}")).text
    assert (await visitor.post("/here", code="123456")).status_code == 404


async def test_no_phone_of_a_victim_is_kept(world: World, visitor: Visitor) -> None:
    vera = await leads(world, Role.VICTIM, "Vera Moss", "+447700900202", chat="vera-token-that-nobody-guesses")
    assert "Keep this phone" not in (await visitor.get(vera.proof)).text
    await visitor.post(f"{vera.proof}/phone")
    assert not visitor.http.cookies.get("handrail_phone")
