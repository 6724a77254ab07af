"""“Are you safe?” as a worker sees it and as the person sets it on their own page."""

import re
from datetime import time, timedelta

import pytest
from playwright.async_api import Browser

from hub import safe_check_plans, safe_circle, safe_wishes, settings_links
from hub.people import conversation_for
from hub.rhythm import WEEKDAYS
from hub.safe_check_words import Time
from hub.words import ChannelKind, Role, Side
from tests.browser.looks import Look, look_again
from tests.browser.test_screens import signed_in_context
from tests.circles import stand_by
from tests.world import LINES, World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]
JO, LINE = "+447700900303", LINES[Side.VICTIMS, ChannelKind.SMS]


async def a_silence(world: World) -> tuple[str, str]:
    """Sam set every night and once, answered one, and was silent at the other. Returns the ref and their own link."""
    async with world.hub.store.transaction() as session:
        sam, _ = await world.person(session, role=Role.VICTIM, name="Sam Carter")
        jo, _ = await world.person(session, role=Role.SUPPORTER, side=Side.VICTIMS, name="Jo Hart", address=JO)
        await stand_by(world.hub, session, sam, jo)
        await safe_circle.ask(world.hub, session, "test", sam, jo)
        wish = safe_wishes.Wish("Did you feed the cat?", "Bluebell", 15)
        await safe_wishes.change(world.hub, session, "test", sam, wish)
        every = Time(clock=time(22), weekdays=WEEKDAYS)
        await safe_check_plans.set_time(world.hub, session, f"person:{sam.id}", sam, every)
        once = Time(world.clock.now() + timedelta(hours=1))
        await safe_check_plans.set_time(world.hub, session, f"worker:{world.workers[Side.VICTIMS]}", sam, once)
        ref = sam.ref
    await world.settle()
    await world.text("1", JO, LINE)
    await world.push(hours=1)
    await world.text("1", line=LINE)
    await world.push(hours=11, minutes=16)
    async with world.hub.store.transaction() as session:
        talk = await conversation_for(session, sam)
        assert talk
        link = (await settings_links.make(world.hub, session, talk)).removeprefix(world.hub.public_url)
    return ref, link


async def test_no_screen_of_are_you_safe_is_broken(world: World, chromium: Browser, site: str, look: Look) -> None:
    ref, link = await a_silence(world)
    page = await (await signed_in_context(world, chromium, site, side=Side.VICTIMS)).new_page()
    pages = {
        f"/people/{ref}/safe": "person-safe",
        f"/people/{ref}/safe/new": "person-safe-time",
        f"/people/{ref}/safe/how": "person-safe-how",
        "/inbox": "",
        f"/people/{ref}/messages": "",
    }
    problems = [problem for path, name in pages.items() for problem in await look(page, site + path, name)]
    own = await (await chromium.new_context()).new_page()
    problems += await look(own, f"{site}{link}/times", "")
    await own.get_by_role("button").filter(has_text="code").first.click()
    await own.wait_for_url("**sent=yes")
    await world.settle()
    found = re.search(r"\b\d{3} ?\d{2}\b", world.heard()[-1])
    assert found
    await own.get_by_label("Code").fill(found.group())
    await own.get_by_role("button", name="Go on").click()
    problems += await look_again(own, "my-times")
    assert problems == []
