"""Rights, services, restorative justice and views as a worker sees them, and what the person reads."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser
from sqlalchemy import select

from hub import proposals, restorative, rights, services, settings_links, support_areas
from hub.people import conversation_for
from hub.proposals import Wish
from hub.restorative import Step
from hub.services import Entry
from hub.states_of_care import RestorativeState
from hub.store.tables import Case, Person, Restorative, Worker
from hub.times import local
from hub.words import Role, Side, WorkerRole
from tests.browser.looks import Look
from tests.browser.test_screens import signed_in_context
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

VERA, CARE = "+447700900202", "+447700900002"
ENTRY = Entry(
    "Riverside Counselling", ("talk", "health"), ("DE1",), "0300 000 0010", hours="9am to 5pm", who_for="Women"
)


async def lived(world: World) -> tuple[str, int, str]:
    """Vera, some weeks on: her reference, her case, the link to her own settings."""
    hub = world.hub
    async with hub.store.transaction() as session:
        ann = await session.get_one(Worker, world.workers[Side.VICTIMS])
        ann.role = WorkerRole.SUPERVISOR
        vera, _ = await world.person(session, role=Role.VICTIM, name="Vera Lind", address=VERA)
        case = Case(
            agency_id=vera.agency_id, side=vera.side, person=vera, kind="victim_care", reference="VC/1",
            worker_id=ann.id, opened_at=world.clock.now(),
        )  # fmt: skip
        session.add(case)
        await session.flush()
        await services.save(hub, session, f"worker:{ann.id}", (vera.agency_id, vera.side), ENTRY)
        await support_areas.entered(hub, session, ann, vera, "DE1")
        rights.record_by_worker(session, ann, vera, "1", world.clock.now())
        ref, number = vera.ref, case.id
    for words in ("RIGHTS 7", "SUPPORT", "1", "1", "RESTORATIVE", "1"):
        await world.text(words, VERA, CARE)
    await world.push(days=1)
    async with hub.store.transaction() as session:
        ann = await session.get_one(Worker, world.workers[Side.VICTIMS])
        row = (await session.scalars(select(Restorative))).one()
        speaking = Step(RestorativeState.SPEAKING, "Rang her; she would like a letter.")
        await restorative.take_step(hub, session, ann, row, speaking)
        by = local(world.clock.now(), "Europe/London").date() + timedelta(days=4)
        wish = Wish("He pays for the window and works 10 hours in the park.", "He has said that he did it.", by)
        await proposals.propose(hub, session, ann, await session.get_one(Case, number), wish)
    await world.push(minutes=5)
    for words in ("2", "A window is not all that he broke."):
        await world.text(words, VERA, CARE)
    async with hub.store.transaction() as session:
        person = (await session.scalars(select(Person).where(Person.ref == ref))).one()
        conversation = await conversation_for(session, person)
        assert conversation
        link = (await settings_links.make(hub, session, conversation)).removeprefix(hub.public_url)
    return ref, number, link


async def test_no_screen_of_rights_and_support_is_broken(
    world: World, chromium: Browser, site: str, look: Look
) -> None:
    ref, number, link = await lived(world)
    page = await (await signed_in_context(world, chromium, site, side=Side.VICTIMS)).new_page()
    pages = {
        f"/people/{ref}/support": "person-support",
        f"/people/{ref}/restorative": "person-restorative",
        f"/people/{ref}/cases/{number}/views": "person-views",
        f"/people/{ref}/conditions": "",
        "/restorative": "restorative",
        "/services": "services",
        "/services/new": "service-new",
        "/services/import": "",
        "/rights": "rights",
        "/rights?in=cy": "",
        f"{link}/view": "respondent-view",
        link: "",
    }
    assert [problem for path, name in pages.items() for problem in await look(page, site + path, name)] == []
