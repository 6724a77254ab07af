"""Referrals in a real browser: the form with and without JavaScript, by keyboard and thumb, and the worker's pages."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page
from sqlalchemy import select

from hub.store.tables import Referral
from tests.browser.looks import Look
from tests.browser.test_screens import signed_in_context
from tests.referring import TYPED, WORD, aged, open_door, refer, worker_of
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

PAGES = ("you", "young", "reach", "guardian", "why", "good", "safety")
BORN = {"day": "27", "month": "3", "year": "2011"}


async def answer(page: Page, asks: str) -> None:
    """What the page asks, as somebody types it."""
    wanted = {
        "you": ("referrer_name", "organisation", "email", "referrer_phone"),
        "young": ("young_name",),
        "reach": ("young_phone",),
        "guardian": ("guardian_name", "guardian_phone"),
        "why": ("why_words",),
        "good": ("good_at",),
        "safety": ("safety",),
    }
    chosen = {
        "you": ("referrer_role",),
        "young": ("told",),
        "reach": ("young_safe", "language"),
        "guardian": ("guardian_relation", "guardian_safe", "guardian_told"),
    }
    for name in wanted[asks]:
        await page.fill(f"#{name}", TYPED[name])
    if asks == "young":
        for part, value in BORN.items():
            await page.fill(f"#born-{part}", value)
    for name in chosen.get(asks, ()):
        await page.check(f"input[name={name}][value={TYPED[name]}]")
    if asks == "why":
        await page.check("input[name=why][value=school]")


@pytest.mark.parametrize("javascript", [True, False])
async def test_a_teacher_gets_through_the_form(world: World, chromium: Browser, site: str, javascript: bool) -> None:
    async with world.hub.store.transaction() as session:
        await open_door(world, session)
    page = await (await chromium.new_context(java_script_enabled=javascript)).new_page()
    await page.goto(f"{site}/refer/{WORD}")
    world.clock.push_to(world.clock.now() + timedelta(seconds=10))
    await page.click("text=Start now")
    for asks in PAGES:
        await page.wait_for_url(f"**/{asks}")
        await answer(page, asks)
        await page.click("text=Continue")
    await page.wait_for_url("**/check")
    await page.click("a:has-text('Change') >> nth=5")
    await page.wait_for_url("**/good?change=true")
    await page.fill("#good_at", "Singing")
    await page.click("text=Continue")
    await page.wait_for_url("**/check")
    assert "Singing" in await page.inner_text("main")
    world.clock.push_to(world.clock.now() + timedelta(minutes=3))
    await page.click("text=Send it")
    await page.wait_for_url("**/refer/status/**")
    assert "Your reference is" in await page.inner_text("main")
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Referral))).unique().one().source == "form"


async def test_no_page_of_the_form_is_broken(world: World, chromium: Browser, site: str, look: Look) -> None:
    async with world.hub.store.transaction() as session:
        await open_door(world, session)
    page = await (await chromium.new_context()).new_page()
    problems = await look(page, f"{site}/refer/{WORD}", "refer-start")
    world.clock.push_to(world.clock.now() + timedelta(seconds=10))
    await page.click("text=Start now")
    draft = page.url.rpartition("/")[0]
    for asks in PAGES:
        problems += await look(page, f"{draft}/{asks}", f"refer-{asks}" if asks in {"you", "guardian", "why"} else "")
        await answer(page, asks)
        await page.click("text=Continue")
    problems += await look(page, f"{draft}/check", "refer-check")
    await page.goto(f"{draft}/you")
    await page.fill("#email", "")
    await page.click("text=Continue")
    world.clock.push_to(world.clock.now() + timedelta(minutes=3))
    await page.goto(f"{draft}/check")
    await page.click("text=Send it")
    problems += await look(page, page.url, "refer-status")
    assert problems == []


async def test_no_page_of_a_worker_is_broken(world: World, chromium: Browser, site: str, look: Look) -> None:
    from hub.referrals import deciding, own_links
    from hub.referrals.ages import YOUNG as THE_YOUNG

    async with world.hub.store.transaction() as session:
        await open_door(world, session)
        priya = await worker_of(world, session)
        refs = [(await refer(world, session)).ref]
        refs.append((await refer(world, session, guardian_told="risk", young_name="Bea Late")).ref)
        ready = await refer(world, session, born=aged(17), young_name="Cai Ready", young_safe="no")
        await deciding.record(world.hub, session, priya, ready, THE_YOUNG, "yes", "phone", world.clock.now().date())
        asked = await refer(world, session, born=aged(16), young_name="Dee Asked", young_phone="07700 900620")
        await deciding.ask_now(world.hub, session, priya, asked)
        lettered = await refer(world, session, born=aged(16), young_name="Eli Letter", young_safe="no")
        link = await own_links.make(world.hub, session, priya.id, lettered)
        refs += [ready.ref, asked.ref]
    page = await (await signed_in_context(world, chromium, site)).new_page()
    problems = await look(page, f"{site}/referrals", "referrals")
    problems += await look(page, f"{site}/referrals?view=asked")
    for ref, name in zip(refs, ("referral", "referral-risk", "referral-ready", ""), strict=True):
        problems += await look(page, f"{site}/referrals/{ref}", name)
    problems += await look(page, f"{site}/refer/answer/{link}", "refer-answer")
    assert problems == []
