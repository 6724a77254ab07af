"""The outbox, texts to several people, wordings and rules, as people see and use them."""

import pytest
from playwright.async_api import Browser, BrowserContext, expect
from sqlalchemy import select, update

from hub import sign_in
from hub.store.tables import ContactPoint, Person, TextVersion, Worker
from hub.words import Side, WorkerRole
from inbox.login import SESSION
from tests.browser.looks import DESK, Look, look_again
from tests.web.test_outbox import appoint, waits
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(600)]

KEY = "appointments.reminder_first"


async def as_supervisor(world: World, chromium: Browser, site: str, *, script: bool = True) -> BrowserContext:
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        worker.role = WorkerRole.SUPERVISOR
        token = await sign_in.start(world.hub, session, worker, second_factor=True)
    context = await chromium.new_context(viewport=DESK, java_script_enabled=script)  # type: ignore[arg-type]
    await context.add_cookies([{"name": SESSION, "value": token, "url": site}])
    return context


async def five_people(world: World) -> str:
    """Sam and four others with appointments; one has stopped, one reads Welsh, one has a phone that others read."""
    ref = await appoint(world, 9)
    await appoint(world, 3, name="Bethan Rees", address="+447700900112", language="cy")
    await appoint(world, 9, name="Callum O'Neill", address="+447700900113", discreet=True)
    await appoint(world, 12, name="Destiny Clarke", address="+447700900114")
    async with world.hub.store.transaction() as session:
        destiny = (await session.scalars(select(Person.id).order_by(Person.id.desc()))).first()
        stopped = update(ContactPoint).where(ContactPoint.person_id == destiny)
        await session.execute(stopped.values(stopped_at=world.clock.now()))
    await waits(world, "Hi Amir, this is Priya. Please bring your letter tomorrow.")
    return ref


async def test_no_empty_screen_is_broken(world: World, chromium: Browser, site: str, look: Look) -> None:
    page = await (await as_supervisor(world, chromium, site)).new_page()
    pages = {
        "/outbox": "outbox-empty",
        "/outbox?view=stopped": "",
        "/send": "send-empty",
        "/send/before": "",
        "/texts/proposals": "",
    }
    assert [problem for path, name in pages.items() for problem in await look(page, site + path, name)] == []


async def test_the_outbox_and_the_rules_are_whole(world: World, chromium: Browser, site: str, look: Look) -> None:
    ref = await five_people(world)
    page = await (await as_supervisor(world, chromium, site)).new_page()
    found = await look(page, f"{site}/outbox", "outbox")
    await page.set_viewport_size(DESK)  # type: ignore[arg-type]
    for tick in (await page.locator("input[name=text]").all())[:2]:
        await tick.check()
    await page.get_by_role("button", name="Send now").click()
    await expect(page.get_by_role("heading", name="Send now: 2 texts")).to_be_visible()
    found += await look_again(page, "outbox-check")
    await page.get_by_role("link", name="Leave them as they are").click()
    await page.locator("input[name=text]").first.check()
    await page.get_by_role("button", name="Hold back").click()
    await expect(page.get_by_text("1 text held back.")).to_be_visible()
    found += await look(page, f"{site}/outbox?view=held", "outbox-held")
    found += await look(page, f"{site}/rules", "rules")
    found += await look(page, f"{site}/rules/reminder_1_day", "rule")
    await page.set_viewport_size(DESK)  # type: ignore[arg-type]
    await page.locator("#person").fill(ref)
    await page.get_by_role("button", name="Show what it would send").click()
    await expect(page.get_by_text("you see Priya on")).to_be_visible()
    found += await look_again(page, "rule-tried")
    await page.locator("#clock").fill("12:30")
    await page.get_by_role("button", name="See what changes").click()
    await expect(page.get_by_text("planned texts move")).to_be_visible()
    found += await look_again(page, "rule-check")
    await page.get_by_role("button", name="Change the rule").click()
    await expect(page.get_by_text("The rule is changed.")).to_be_visible()
    await page.get_by_role("button", name="See what is cancelled").click()
    await expect(page.locator(".govuk-error-summary")).to_contain_text("Say why the rule is turned off.")
    found += await look_again(page)
    assert found == []


async def test_texts_are_whole_and_a_wording_is_proposed_and_used(
    world: World, chromium: Browser, site: str, look: Look
) -> None:
    page = await (await as_supervisor(world, chromium, site)).new_page()
    found = await look(page, f"{site}/texts", "texts")
    found += await look(page, f"{site}/texts/{KEY}/en", "text-change")
    await page.set_viewport_size(DESK)  # type: ignore[arg-type]
    text = page.get_by_label("New wording")
    good = await text.input_value()
    await text.fill("You must comply")
    await expect(page.locator("#check")).to_contain_text("says “comply”")
    await page.get_by_role("button", name="Propose this wording").click()
    await expect(page.locator(".govuk-error-summary")).to_contain_text("cannot be used yet")
    found += await look_again(page, "text-refused")
    await text.fill(good.replace("Hi ", "Hello "))
    await expect(page.locator("#check")).to_contain_text("It keeps all the rules.")
    await page.get_by_role("button", name="Propose this wording").click()
    await expect(page.get_by_text("The wording is proposed.")).to_be_visible()
    found += await look(page, f"{site}/texts/proposals", "text-proposals")
    await page.goto(f"{site}/texts/{KEY}")
    await page.get_by_role("button", name="Use it from now on").click()
    await expect(page.get_by_text("The wording is in use from now on.")).to_be_visible()
    found += await look_again(page, "text")
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(TextVersion.state))).one() == "live"
    assert found == []


async def test_a_text_is_held_and_let_go_without_javascript(world: World, chromium: Browser, site: str) -> None:
    await appoint(world, 9)
    page = await (await as_supervisor(world, chromium, site, script=False)).new_page()
    await page.goto(f"{site}/outbox")
    await page.locator("input[name=text]").first.check()
    await page.get_by_role("button", name="Hold back").click()
    await expect(page.get_by_text("1 text held back.")).to_be_visible()
    await page.goto(f"{site}/outbox?view=held")
    await expect(page.get_by_text("somebody holds it back")).to_be_visible()
    await page.locator("input[name=text]").first.check()
    await page.get_by_role("button", name="Let go").click()
    await expect(page.get_by_text("1 text let go.")).to_be_visible()
