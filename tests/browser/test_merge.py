"""The same person twice, as a worker sees it: suggested, compared, made one."""

import pytest
from playwright.async_api import Browser, expect

from hub.people import add_contact
from hub.words import ChannelKind
from tests.browser.looks import Look, look_again
from tests.browser.scene import morning
from tests.browser.test_screens import signed_in_context
from tests.browser.valid import invalid
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

NEW_PHONE = "+447700900121"


async def twice(world: World) -> tuple[str, str]:
    """Sam, and Sam again from a new phone that others may read."""
    scene = await morning(world)
    async with world.hub.store.transaction() as session:
        again, _ = await world.person(session, address=NEW_PHONE, discreet=True)
        await add_contact(world.hub, session, again, ChannelKind.TELEGRAM, "telegram-of-sam", preferred=False)
    await world.text("its sam, this is my new phone", NEW_PHONE)
    return scene.ref, again.ref


async def test_no_screen_of_it_is_broken(world: World, chromium: Browser, site: str, look: Look) -> None:
    keep, other = await twice(world)
    page = await (await signed_in_context(world, chromium, site)).new_page()
    wrong = await look(page, f"{site}/people/{keep}", "person-twice")
    wrong += await look(page, f"{site}/people/{keep}/merge", "person-merge")
    await page.get_by_label("Name or reference of the other record").fill("nobody at all")
    await page.get_by_role("button", name="Search").click()
    await expect(page.get_by_role("heading", name="0 results")).to_be_visible()
    await page.get_by_label("Name or reference of the other record").fill("")
    await page.get_by_role("button", name="Search").click()
    await expect(page.get_by_role("link", name="Enter at least 2 letters")).to_be_visible()
    wrong += await look_again(page, "person-merge-error")
    await page.get_by_label("Name or reference of the other record").fill("carter")
    await page.get_by_role("button", name="Search").click()
    await expect(page.get_by_role("heading", name="1 result")).to_be_visible()
    wrong += await look_again(page, "person-merge-found")
    wrong += await look(page, f"{site}/people/{keep}/merge/{other}", "person-merge-check")
    await page.get_by_role("button", name="Make them one").click()
    await expect(page.get_by_role("link", name="Select that this is one person")).to_be_visible()
    wrong += await look_again(page, "person-merge-unsure")
    wrong += await look(page, f"{site}/people/{keep}/merge/{keep}", "person-merge-never")
    await page.goto(f"{site}/people/{keep}/merge/{other}")
    await page.get_by_label("I am sure").check()
    await page.get_by_role("button", name="Make them one").click()
    await expect(page.get_by_text("The two records are one now")).to_be_visible()
    wrong += await look_again(page, "person-merged")
    assert wrong == []


async def test_two_become_one_without_javascript(world: World, chromium: Browser, site: str) -> None:
    keep, other = await twice(world)
    page = await (await signed_in_context(world, chromium, site, java_script_enabled=False)).new_page()
    await page.goto(f"{site}/people/{other}")
    await page.get_by_role("link", name="Compare the two").click()
    await page.get_by_role("link", name="Keep the other one instead").click()
    assert page.url == f"{site}/people/{keep}/merge/{other}"
    assert invalid(await page.content()) == []
    await page.get_by_label("I am sure").check()
    await page.get_by_role("button", name="Make them one").click()
    await expect(page.get_by_text("The two records are one now")).to_be_visible()
    await page.goto(f"{site}/people/{other}/messages")
    await expect(page.get_by_text("its sam, this is my new phone")).to_be_visible()
    await expect(page.get_by_text("Became one with another record of theirs")).to_be_visible()


async def test_two_people_of_one_name_are_told_apart(world: World, chromium: Browser, site: str) -> None:
    keep, other = await twice(world)
    page = await (await signed_in_context(world, chromium, site)).new_page()
    await page.goto(f"{site}/people/{keep}/merge/{other}")
    await page.get_by_role("button", name="They are two people").click()
    await expect(page.get_by_text("They are two people. Neither is suggested")).to_be_visible()
    await expect(page.get_by_text("May be the same person")).to_have_count(0)
