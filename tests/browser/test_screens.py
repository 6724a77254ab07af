"""Every screen as people see it: axe, a narrow phone, 400% zoom, the keyboard alone. Saves docs/pictures."""

import pyotp
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from hub import sign_in
from hub.store.tables import Appointment, Worker
from hub.words import Side
from inbox.login import SESSION
from tests.browser.looks import DESK, PHONE, ZOOMED, Look, axe, broken_at
from tests.browser.scene import CHAT, PASSWORD, morning
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]


async def tab_to(page: Page, selector: str) -> None:
    """Press Tab until it has the focus, as somebody without a mouse does."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"the Tab key never reaches {selector}")


async def leave(page: Page, button: str) -> None:
    """Press a button that leads to another page, and be there."""
    before = page.url
    await page.get_by_role("button", name=button).click()
    await page.wait_for_url(lambda now: now != before)


async def signed_in_context(
    world: World, chromium: Browser, site: str, *, java_script_enabled: bool = True, side: Side = Side.SUPERVISION
) -> BrowserContext:
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[side])
        token = await sign_in.start(world.hub, session, worker, second_factor=True)
    context = await chromium.new_context(viewport=DESK, java_script_enabled=java_script_enabled)  # type: ignore[arg-type]
    await context.add_cookies([{"name": SESSION, "value": token, "url": site}])
    return context


async def test_no_screen_of_a_worker_is_broken(world: World, chromium: Browser, site: str, look: Look) -> None:
    scene = await morning(world)
    page = await (await signed_in_context(world, chromium, site)).new_page()
    async with world.hub.store.transaction() as session:
        appointment = (await session.scalars(select(Appointment.ref).order_by(Appointment.id))).first()
    pages = {
        "/inbox": "inbox",
        f"/people/{scene.ref}/messages": "conversation",
        f"/proofs/{scene.proof}": "proof",
        "/appointments": "appointments",
        f"/appointments/{appointment}": "appointment",
        "/people": "people",
        "/inbox?view=mine": "",
        "/inbox?view=done": "",
        "/proofs": "",
        f"/people/{scene.ref}": "",
        "/accessibility": "",
        "/privacy": "",
    }
    assert [problem for path, name in pages.items() for problem in await look(page, site + path, name)] == []


async def test_no_screen_of_a_respondent_is_broken(world: World, chromium: Browser, site: str, look: Look) -> None:
    scene = await morning(world)
    page = await chromium.new_page()
    found = await look(page, f"{site}/chat/{CHAT}", "chat")
    found += await look(page, f"{site}/proof/{CHAT}", "proof-upload")
    found += await look(page, f"{site}/chat/nobody")
    found += await look(page, f"{site}/s/{scene.survey}", "survey-start")
    found += await look(page, f"{site}/s/{scene.survey}/1", "survey")
    await page.set_viewport_size(DESK)  # type: ignore[arg-type]
    while "/check" not in page.url:
        if await page.locator("input[type=radio]").count():
            await page.locator("input[type=radio]").first.check()
            await leave(page, "Continue")
        else:
            found += await look(page, page.url)
            await leave(page, "Skip")
    found += await look(page, page.url, "survey-check")
    await page.get_by_role("button", name="Send my answers").click()
    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    found += await look(page, page.url)
    assert found == []


async def test_sign_in_open_and_reply_with_the_keyboard_alone(
    world: World, chromium: Browser, site: str, look: Look
) -> None:
    scene = await morning(world)
    page = await chromium.new_page()
    await page.goto(f"{site}/inbox")
    assert await look(page, page.url) == []
    await tab_to(page, "#email")
    await page.keyboard.type("priya@example.org")
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#code")
    await tab_to(page, "#code")
    await page.keyboard.type(pyotp.TOTP(scene.secret).at(world.clock.now()))
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".handrail-list")
    await tab_to(page, f"a[href='/people/{scene.ref}/messages']")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#body")
    await tab_to(page, "#body")
    await page.keyboard.type("Yes, come to room 2 after.")
    await expect(page.locator("#body-count")).to_contain_text("1 text")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#stream")).to_contain_text("Yes, come to room 2 after.")


async def test_a_new_message_appears_while_the_worker_types_and_takes_nothing_away(
    world: World, chromium: Browser, site: str
) -> None:
    scene = await morning(world)
    page = await (await signed_in_context(world, chromium, site)).new_page()
    await page.goto(f"{site}/people/{scene.ref}/messages")
    await page.locator("#body").fill("Half a sen")
    await page.wait_for_timeout(500)  # the browser connects to the live signals
    await world.text("one more thing")
    await expect(page.locator("#stream")).to_contain_text("one more thing")
    assert await page.locator("#body").input_value() == "Half a sen"


async def test_the_list_offers_what_is_new_and_moves_nothing(world: World, chromium: Browser, site: str) -> None:
    await morning(world)
    page = await (await signed_in_context(world, chromium, site)).new_page()
    await page.goto(f"{site}/inbox")
    rows = await page.locator(".handrail-list tbody tr").all_inner_texts()
    await page.wait_for_timeout(500)
    await world.push(seconds=30)
    await world.text("hello??", "+447700900111")
    await expect(page.get_by_role("link", name="1 new – show")).to_be_visible()
    assert await page.locator(".handrail-list tbody tr").all_inner_texts() == rows


async def test_the_web_chat_is_live_and_keeps_the_cursor_in_its_place(
    world: World, chromium: Browser, site: str
) -> None:
    await morning(world)
    page = await chromium.new_page()
    await page.goto(f"{site}/chat/{CHAT}")
    await page.wait_for_timeout(300)
    await page.locator("#text").fill("1")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator("#stream .handrail-message--out")).to_have_count(2)
    await expect(page.locator("#text")).to_have_value("")
    await world.settle()
    await expect(page.locator("#stream .handrail-message--in")).to_have_count(3)


async def test_the_chat_works_without_javascript(world: World, chromium: Browser, site: str) -> None:
    await morning(world)
    page = await (await chromium.new_context(java_script_enabled=False)).new_page()
    await page.goto(f"{site}/chat/{CHAT}")
    await page.locator("#text").fill("1")
    await page.get_by_role("button", name="Send").click()
    await world.settle()
    await page.reload()
    await expect(page.locator("#stream .handrail-message--in")).to_have_count(3)


@pytest.mark.parametrize("side", Side)
async def test_the_menu_runs_off_no_screen_when_it_is_open(
    world: World, chromium: Browser, site: str, side: Side
) -> None:
    page = await (await signed_in_context(world, chromium, site, side=side)).new_page()
    await page.goto(f"{site}/inbox")
    await page.get_by_text("More", exact=True).click()
    await expect(page.get_by_role("link", name="Help").first).to_be_visible()
    assert [problem for size in (PHONE, ZOOMED, DESK) for problem in await broken_at(page, size)] == []
    assert await axe(page) == []
