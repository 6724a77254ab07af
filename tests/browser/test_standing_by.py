"""A supporter's own page as it is seen: accessible, whole at every width, and used with the mouse."""

import pytest
from playwright.async_api import Browser

from hub.threads import members
from hub.threads.standing import thread_for
from hub.words import Relation, Role, Sees
from tests.browser.looks import Look
from tests.web.test_own_settings import path_in
from tests.world import World

pytestmark = pytest.mark.slow


async def test_a_supporters_page_is_accessible_and_quiet_is_one_click(
    world: World, site: str, chromium: Browser, look: Look
) -> None:
    async with world.hub.store.transaction() as session:
        supporter, _ = await world.person(session, role=Role.SUPPORTER, name="Jo Reed")
        for name, number, sees in (
            ("Alex Reed", "+447700900202", Sees.CHAT),
            ("Bea Stone", "+447700900203", Sees.DATES),
        ):
            person, _ = await world.person(session, name=name, address=number)
            thread = await thread_for(session, person, world.clock.now())
            await members.join(world.hub, session, thread, supporter, sees=sees, relation=Relation.FAMILY)
    await world.text("settings")
    link = f"{site}{path_in(world.heard()[-1])}"
    page = await chromium.new_page()
    assert await look(page, f"{link}/standing-by", "standing_by") == []
    await page.get_by_role("button", name="Quiet for now Alex").click()
    await page.get_by_text("We will be quiet until you want to hear again.").wait_for()
    await page.get_by_role("link", name="Stop standing by Bea").click()
    await page.get_by_role("heading", name="Stop standing by Bea?").wait_for()
    assert await look(page, page.url, "standing_by_leave") == []
    await page.get_by_role("button", name="Yes, stop").click()
    await page.get_by_text("You have left.").wait_for()
    assert not await page.get_by_role("heading", name="Bea").count()
