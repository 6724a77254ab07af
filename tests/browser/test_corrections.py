"""Putting right what the bot understood, in a real browser: one click opens, one click says, what is typed stays."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.looks import DESK, PHONE, ZOOMED, Look, axe, broken_at
from tests.browser.scene import morning
from tests.browser.test_screens import signed_in_context
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

READ = "Understood as: asks where it is (sure)"


@pytest.fixture
async def page(world: World, chromium: Browser, site: str) -> Page:
    """Sam's conversation, opened by Priya."""
    scene = await morning(world)
    page = await (await signed_in_context(world, chromium, site)).new_page()
    await page.goto(f"{site}/people/{scene.ref}/messages")
    return page


async def test_the_list_of_meanings_is_whole_at_every_width(page: Page, look: Look) -> None:
    await page.get_by_text(READ).click()
    assert await axe(page) == []
    for size in (DESK, PHONE, ZOOMED):
        assert await broken_at(page, size) == []


async def test_one_click_puts_it_right_and_a_reply_being_typed_stays(page: Page) -> None:
    await page.get_by_label("Reply to Sam").fill("It is at 1 High St")
    await page.get_by_text(READ).click()
    await page.get_by_role("button", name="asks how to get there", exact=False).click()
    corrected = page.get_by_text(f"{READ}. Corrected by Priya Shah: asks how to get there")
    await expect(corrected).to_be_visible()
    await expect(page.locator("summary:focus")).to_contain_text("Corrected by Priya Shah")
    await expect(page.get_by_label("Reply to Sam")).to_have_value("It is at 1 High St")
