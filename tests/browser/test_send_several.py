"""One text to several people, in a browser: with and without JavaScript."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.looks import DESK, Look, look_again
from tests.browser.test_outbox import as_supervisor, five_people
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(600)]

TEXT = "Hi, this is Priya from Northshire support. The office is closed on Friday. Call 0300 000 0000."


async def choose_all(page: Page, site: str) -> None:
    await page.goto(f"{site}/send")
    await page.get_by_role("button", name="Continue with all 5").click()
    await expect(page.get_by_role("heading", name="Write the text to 5 people")).to_be_visible()


async def test_every_page_of_the_way_is_whole(world: World, chromium: Browser, site: str, look: Look) -> None:
    await five_people(world)
    page = await (await as_supervisor(world, chromium, site)).new_page()
    found = await look(page, f"{site}/send", "send")
    await page.set_viewport_size(DESK)  # type: ignore[arg-type]
    await choose_all(page, site)
    await page.get_by_role("button", name="Check before sending").click()
    await expect(page.locator(".govuk-error-summary")).to_contain_text("Write the text.")
    await page.get_by_label("The text in English").fill(TEXT)
    await expect(page.locator("#words-en-count")).to_contain_text("1 text")
    found += await look_again(page, "send-write")
    await page.get_by_role("button", name="Check before sending").click()
    await expect(page.get_by_role("button", name="Send to 3 people")).to_be_visible()
    found += await look_again(page, "send-check")
    await page.get_by_role("button", name="Send to 3 people").click()
    await expect(page.get_by_role("heading", name="Text to several people")).to_be_visible()
    await world.settle()
    found += await look(page, page.url, "mailing")
    assert TEXT in world.heard("+447700900111")
    found += await look(page, f"{site}/send/before")
    assert found == []


async def test_it_is_sent_and_taken_back_without_javascript(world: World, chromium: Browser, site: str) -> None:
    await five_people(world)
    page = await (await as_supervisor(world, chromium, site, script=False)).new_page()
    await choose_all(page, site)
    await page.get_by_label("The text in English").fill(TEXT)
    await page.get_by_label("At a day and time").check()
    await page.get_by_label("Day", exact=True).fill("2026-03-04")
    await page.get_by_label("Time", exact=True).fill("11:00")
    await page.get_by_role("button", name="Check before sending").click()
    await expect(page.get_by_text("Wed 4 March at 11am: 3 people")).to_be_visible()
    await page.get_by_role("button", name="Change the text or the time").click()
    await expect(page.get_by_label("The text in English")).to_have_value(TEXT)
    await page.get_by_role("button", name="Check before sending").click()
    await page.get_by_role("button", name="Send to 3 people").click()
    await page.get_by_role("button", name="Cancel what has not gone").click()
    await expect(page.get_by_text("3 texts cancelled.")).to_be_visible()
