"""The screen at a venue, the page behind its QR code, the link to a video call, places in the settings."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import select

from hub import appointments, places, venue_codes, video
from hub.people import add_contact
from hub.states import ProofState
from hub.store.tables import Appointment, Person, Proof, Worker
from hub.words import ChannelKind, Side, WorkerRole
from tests.browser.looks import Look
from tests.browser.test_screens import signed_in_context
from tests.transcripts.props import VENUE
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

CHAT = "sam-token-that-nobody-can-guess"
CALL = "https://meet.example.org/abc"


async def session_of(world: World, *, how: str = "in_person") -> str:
    """Sam is with Priya now. The reference."""
    async with world.hub.store.transaction() as session:
        person = await session.scalar(select(Person))
        if person is None:
            person, _ = await world.person(session)
            await add_contact(world.hub, session, person, ChannelKind.WEBCHAT, CHAT, preferred=False)
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        made = await appointments.schedule(
            world.hub, session, "hub", person=person, starts_at=world.clock.now() + timedelta(minutes=1),
            with_whom="Priya", place="1 High St", how=how, proof_wanted=True, worker_id=worker.id,
        )  # fmt: skip
        if how == "video":
            await video.set_meeting(world.hub, session, worker, made, CALL)
        else:
            await places.set_venue(world.hub, session, worker, Side.SUPERVISION, "1 High St", VENUE, 100)
        return made.ref


async def test_no_screen_about_proof_is_broken(world: World, chromium: Browser, site: str, look: Look) -> None:
    ref, call = await session_of(world), await session_of(world, how="video")
    async with world.hub.store.transaction() as session:
        found = (await session.scalars(select(Appointment).where(Appointment.ref == call))).one()
        link = "/join/" + video.link(world.hub, found).rpartition("/")[2]
    page = await (await signed_in_context(world, chromium, site)).new_page()
    broken = await look(page, f"{site}/appointments/{ref}/screen", "venue-screen")
    broken += await look(page, f"{site}/appointments/{call}")
    broken += await look(page, f"{site}/here?code=482913&to=447700900001", "venue-code")
    broken += await look(page, f"{site}{link}", "video-call")
    broken += await look(page, f"{site}/proof/{CHAT}", "proof-upload")
    async with world.hub.store.transaction() as session:
        (await session.get_one(Worker, world.workers[Side.SUPERVISION])).role = WorkerRole.ADMINISTRATOR
    broken += await look(page, f"{site}/settings/venues", "places")
    assert broken == []


async def test_a_phone_sends_where_it_is_with_one_press(world: World, chromium: Browser, site: str) -> None:
    await session_of(world)
    here = {"latitude": VENUE[0], "longitude": VENUE[1]}
    context = await chromium.new_context(geolocation=here, permissions=["geolocation"])  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(f"{site}/proof/{CHAT}")
    await page.get_by_role("button", name="Send where I am").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, we have it")
    await world.settle()
    async with world.hub.store.transaction() as session:
        proof = (await session.scalars(select(Proof))).one()
    assert (proof.state, proof.kind, proof.checks["there"]) == (ProofState.GIVEN, "place", True)


async def test_the_screen_goes_on_to_the_next_code_by_itself(world: World, chromium: Browser, site: str) -> None:
    ref = await session_of(world)
    world.clock.push(timedelta(seconds=venue_codes.STEP - 1))
    context = await signed_in_context(world, chromium, site, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{site}/appointments/{ref}/screen")
    code = page.locator(".handrail-code")
    first = await code.inner_text()
    world.clock.push(timedelta(seconds=venue_codes.STEP))
    await expect(code).not_to_have_text(first)
