"""The demo's page: four phones and the inbox beside them, as a visitor finds it after two weeks of history."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest
from playwright.async_api import Browser, Page, expect

from handrail.demo import pages
from handrail.demo.seed import Seed, arrival, beginning
from handrail.driving import Driver
from hub.clock import FixedClock
from hub.core import Hub
from hub.flows import Flows
from hub.outcomes import record_receipt
from hub.receive import accept
from hub.store.engine import Store
from hub.words import ChannelKind
from inbox.app import WebSettings, create_app
from integrations.channels.registry import ChannelRegistry
from integrations.channels.simulator import Simulator
from integrations.channels.webchat.channel import WebChat
from integrations.files.clean import Cleaner
from tests.browser.conftest import port_of, serving
from tests.browser.looks import DESK, PHONE, Look, axe, broken_at
from tests.browser.understanding import ReadTheScript
from tests.world import MONDAY, VAULT

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
async def demo(store: Store, flows: Flows, settings: WebSettings) -> AsyncIterator[tuple[str, Driver]]:
    """The demo on its own small stage: the page's address, and the driver that lets things happen."""
    today = arrival(MONDAY)
    clock = FixedClock(beginning(today))
    simulator = Simulator(clock)
    hub = Hub(
        store=store,
        vault=VAULT,
        flows=flows,
        clock=clock,
        assistant=ReadTheScript(),
        channels=ChannelRegistry(dict.fromkeys(ChannelKind, simulator) | {ChannelKind.WEBCHAT: WebChat()}),
        files=Cleaner(),
        public_url=settings.public_url,
    )
    simulator.connect(partial(accept, hub), partial(record_receipt, hub))
    driver = Driver(hub, clock, simulator)
    await Seed(hub, driver, today).play()
    app = create_app(hub, settings=settings, routers=[pages.router(hub, driver, settings)])
    async with serving(app, port_of(settings)):
        yield f"{settings.public_url}/demo", driver


async def reachable(page: Page, phone: str) -> bool:
    """Whether a phone's texts and its field can both be seen at once on this screen."""
    await page.locator(f"#text-{phone}").scroll_into_view_if_needed()
    field = await page.locator(f"#text-{phone}").bounding_box()
    texts = await page.locator(f"#screen-{phone}").bounding_box()
    assert field
    assert texts
    seen = field["y"] - max(texts["y"], 0)
    return field["width"] >= 120 and seen >= 150


async def test_a_text_on_a_phone_is_answered_there_and_reaches_the_inbox_beside_it(
    demo: tuple[str, Driver], chromium: Browser, look: Look
) -> None:
    address, driver = demo
    page = await chromium.new_page()
    assert await look(page, address, "demo") == []
    await page.set_viewport_size(DESK)  # type: ignore[arg-type]
    inbox = page.frame_locator("iframe")
    await expect(inbox.get_by_role("heading", name="Inbox")).to_be_visible()
    sam = page.locator("#screen-sam")
    await page.locator("#text-sam").fill("wheres it at again")
    await page.locator("#sam").get_by_role("button", name="Send").click()
    await expect(sam.locator(".wrote").last).to_contain_text("wheres it at again")
    await expect(page.locator("#text-sam")).to_have_value("")
    await driver.settle()
    await expect(sam.locator(".got").last).to_contain_text("1 High St")
    await driver.advance(timedelta(seconds=30))  # what is new to a page is newer than the page
    await page.locator("#text-sam").fill("I need to talk to someone")
    await page.locator("#text-sam").press("Enter")
    await expect(sam.locator(".wrote").last).to_contain_text("I need to talk to someone")
    await driver.settle()
    await expect(inbox.get_by_role("link", name="new – show")).to_be_visible()


async def test_the_frame_shows_each_workers_own_inbox_and_nobody_else_may_frame_it(
    demo: tuple[str, Driver], chromium: Browser
) -> None:
    address, _ = demo
    page = await chromium.new_page()
    await page.goto(address)
    await expect(page.frame_locator("iframe").get_by_text("Priya Shah, Out-of-court disposals")).to_be_visible()
    await page.get_by_role("link", name="Ann Victim care").click()
    inbox = page.frame_locator("iframe")
    await expect(inbox.get_by_text("Ann Jones, Victim care")).to_be_visible()
    await expect(inbox.locator("body")).not_to_contain_text("Carter")
    answer = await page.request.get(address.replace("/demo", "/inbox"))
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]


async def test_the_frame_is_whole_at_its_own_width(demo: tuple[str, Driver], chromium: Browser) -> None:
    address, _ = demo
    page = await chromium.new_page()
    await page.goto(address.replace("/demo", "/demo/as/priya"))
    for width in (640, 700, 800, 1024, 1200):
        assert await broken_at(page, {"width": width, "height": 700}) == [], width
    await page.locator(".handrail-list__name a").first.click()
    assert await broken_at(page, {"width": 700, "height": 700}) == []
    assert await axe(page) == []


async def test_all_four_phones_can_be_used_on_a_phone(demo: tuple[str, Driver], chromium: Browser) -> None:
    address, _ = demo
    page = await chromium.new_page()
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await page.goto(address)
    for phone in ("sam", "dawn", "marcus", "leila"):
        assert await reachable(page, phone), phone
        await page.locator(f"#text-{phone}").fill(f"a word from {phone}")
        await page.locator(f"#text-{phone}").press("Enter")
        await expect(page.locator(f"#screen-{phone} .wrote").last).to_contain_text(f"a word from {phone}")


async def test_the_clock_moves_on_and_the_next_reminder_comes(demo: tuple[str, Driver], chromium: Browser) -> None:
    address, _ = demo
    page = await chromium.new_page()
    await page.goto(address)
    before = await page.locator("#clock").inner_text()
    await page.get_by_role("button", name="Tomorrow 9am").click()
    await expect(page.locator("#clock")).to_contain_text("9am")
    assert await page.locator("#clock").inner_text() != before
