"""The pages on which a victim's phone is said to be safe, as workers see them."""

import pytest
from playwright.async_api import Browser

from hub.store.tables import ContactPoint
from hub.words import ChannelKind, Role, Side
from tests.browser.looks import Look
from tests.browser.test_screens import signed_in_context
from tests.world import LINES, World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]


async def test_no_page_of_safe_contact_is_broken(world: World, chromium: Browser, site: str, look: Look) -> None:
    async with world.hub.store.transaction() as session:
        vera, talk = await world.person(session, role=Role.VICTIM, name="Vera Moss", discreet=True)
        nia, _ = await world.person(session, role=Role.VICTIM, name="Nia Evans", address="+447700900102", safe_by="")
        way = talk.contact_point_id
        (await session.get_one(ContactPoint, way)).ask_first = True
    await world.text("who is this", line=LINES[Side.VICTIMS, ChannelKind.SMS])
    context = await signed_in_context(world, chromium, site, side=Side.VICTIMS)
    page = await context.new_page()
    found = []
    for address, name in (
        ("/people/new", "person-new-victim"),
        (f"/people/{vera.ref}/contact/{way}", "safe-contact"),
        (f"/people/{vera.ref}/contact", "person-contact-victim"),
        (f"/people/{vera.ref}/messages", "conversation-doubted"),
        (f"/people/{nia.ref}/messages", "conversation-not-known"),
        (f"/people/{nia.ref}/added", "person-added-victim"),
        ("/people?safe=unknown", ""),
    ):
        found += await look(page, site + address, name)
    assert found == []
