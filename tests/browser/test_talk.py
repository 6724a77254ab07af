"""Writing to somebody, as workers do it: warned, counted, with ready texts, later, by two at once, without a mouse."""

from dataclasses import dataclass
from datetime import time, timedelta

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from hub import appointments, escalations, sign_in
from hub.store.tables import Conversation, Worker
from hub.words import Side
from inbox.login import SESSION
from tests.browser.looks import DESK, PHONE, Look, broken_at, look_again
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]


@dataclass
class Talk:
    """Sam's conversation: a phone that others read, an appointment ahead, three open reasons, some talk."""

    world: World
    chromium: Browser
    site: str
    ref: str

    @property
    def address(self) -> str:
        return f"{self.site}/people/{self.ref}/messages"

    async def context(self, name: str = "Priya Shah", **how: object) -> BrowserContext:
        """The browser of a worker of Sam's team."""
        async with self.world.hub.store.transaction() as session:
            worker = await session.scalar(select(Worker).where(Worker.name == name))
            if worker is None:
                priya = await session.get_one(Worker, self.world.workers[Side.SUPERVISION])
                first, email = name.split(" ")[0], f"{name.split(' ')[0].lower()}@example.org"
                worker = Worker(team=priya.team, role=priya.role, name=name, first_name=first, email=email)
                session.add(worker)
                await session.flush()
            token = await sign_in.start(self.world.hub, session, worker, second_factor=True)
        context = await self.chromium.new_context(viewport=DESK, **how)  # type: ignore[arg-type]
        await context.add_cookies([{"name": SESSION, "value": token, "url": self.site}])
        return context

    async def page(self, name: str = "Priya Shah", **how: object) -> Page:
        page = await (await self.context(name, **how)).new_page()
        await page.goto(self.address)
        return page


@pytest.fixture
async def talk(world: World, chromium: Browser, site: str) -> Talk:
    async with world.hub.store.transaction() as session:
        person, conversation = await world.person(session, discreet=True)
        conversation.contact_point.safe_from, conversation.contact_point.safe_until = time(9), time(15)
        await appointments.schedule(
            world.hub,
            session,
            "key:1",
            person=person,
            starts_at=world.clock.now() + timedelta(days=8, hours=4),
            with_whom="Priya",
            place="1 High St, DE1 1AA",
            worker_id=world.workers[Side.SUPERVISION],
        )
    await world.settle()
    for words in ("where is it again?", "ok thank you", "not sure i can make it tho", "can i talk to priya"):
        await world.push(minutes=3)
        await world.text(words)
    async with world.hub.store.transaction() as session:
        found = (await session.scalars(select(Conversation))).one()
        for reason in ("wants_a_person", "struggling", "travel_help"):
            await escalations.escalate(session, found, reason, world.clock.now())
    return Talk(world, chromium, site, person.ref)


async def test_no_screen_of_the_conversation_is_broken(talk: Talk, look: Look) -> None:
    await (await talk.page("Tom Reed")).close()  # who was here a moment ago
    page = await talk.page()
    found = await look(page, talk.address, "talk")
    await page.get_by_text("Use a ready text").click()
    await page.get_by_label("Reply to Sam").fill("Diolch, wŷr 🙂 " * 8)
    found += await look_again(page, "talk-ready-texts")
    await page.get_by_role("button", name="Send later").click()
    await page.locator("#day").fill("31")
    await page.locator("#month").fill("2")
    await page.get_by_role("button", name="Send at that time").click()
    await expect(page.get_by_text("There is a problem")).to_be_visible()
    found += await look_again(page, "talk-send-later")
    found += await look(page, f"{talk.address}/transcript", "transcript")
    assert found == []


async def test_the_box_is_in_sight_on_a_desk_with_a_warning_a_colleague_and_three_reasons(talk: Talk) -> None:
    await (await talk.page("Tom Reed")).close()
    page = await talk.page()
    await expect(page.get_by_text("Tom Reed is also looking at this.")).to_be_visible()
    await expect(page.locator(".handrail-mind").last).to_contain_text("Others may read this phone")
    await expect(page.get_by_text("2 more reasons")).to_be_visible()
    box = await page.get_by_role("button", name="Send", exact=True).bounding_box()
    assert box
    assert box["y"] + box["height"] <= DESK["height"]


async def test_on_a_phone_who_it_is_stays_in_sight_and_leaves_room(talk: Talk) -> None:
    page = await talk.page()
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await page.locator("#body").scroll_into_view_if_needed()
    await page.mouse.wheel(0, 600)
    bar = await page.locator(".handrail-identity").bounding_box()
    assert bar
    assert (bar["y"], bar["height"] <= 70) == (0, True)
    await page.evaluate("() => window.scrollTo(0, 0)")
    tops = [await page.locator(what).bounding_box() for what in (".handrail-identity", "#stream", "#body", "#why")]
    assert tops == sorted(tops, key=lambda box: box["y"] if box else 0)


async def test_what_a_slash_finds_goes_into_the_box_and_ctrl_enter_sends_it(talk: Talk) -> None:
    page = await talk.page()
    await page.locator("#body").press("/")
    await expect(page.locator("#find-ready")).to_be_focused()
    await page.keyboard.type("bring")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    words = "Please bring photo ID, such as a passport or a bus pass, on Tue 10 March at 2pm."
    await expect(page.locator("#body")).to_have_value(words)
    await expect(page.locator("#body-count")).to_contain_text(f"1 text, {len(words)} of 160 characters")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#stream .handrail-message--out").last).to_contain_text(words)


async def test_of_two_workers_each_sees_the_other_and_one_answers(talk: Talk) -> None:
    priya, tom = await talk.page(), await talk.page("Tom Reed")
    await expect(priya.get_by_text("Tom Reed is also looking at this.")).to_be_visible()
    await tom.locator("#body").press_sequentially("I can")
    await expect(tom.locator("#draft")).to_contain_text("Kept as a draft")
    await expect(priya.get_by_text("Tom Reed is writing here now.")).to_be_visible()
    await priya.locator("#body").fill("I will call you at 2")
    await priya.get_by_role("button", name="Send", exact=True).click()
    await expect(tom.locator("#holder")).to_contain_text("Priya Shah is answering.")
    await tom.get_by_role("button", name="Send", exact=True).click()
    await expect(tom.locator(".govuk-error-summary")).to_contain_text("Another worker is answering here, Priya Shah")
    await expect(tom.locator("#body")).to_have_value("I can")
    await expect(tom.locator("#stream")).to_contain_text("I will call you at 2")


async def test_a_draft_is_there_again_on_the_next_day_and_on_another_machine(talk: Talk) -> None:
    page = await talk.page()
    await page.locator("#body").press_sequentially("I have asked about")
    await expect(page.locator("#draft")).to_contain_text("Kept as a draft at 10:12am")
    other = await talk.page()
    await expect(other.locator("#body")).to_have_value("I have asked about")
    await expect(other.locator("#draft")).to_contain_text("You began this at 10:12am")
    await other.get_by_role("button", name="Throw it away").click()
    await expect(other.locator("#body")).to_have_value("")


async def test_everything_about_the_box_works_without_javascript(talk: Talk) -> None:
    page = await talk.page(java_script_enabled=False)
    await page.locator("#body").fill("Hello Sam.")
    await page.get_by_text("Use a ready text").click()
    await page.get_by_role("button", name="I will call you").click()
    whole = "Hello Sam.\nI will call today. If that is not a good time, tell me when is."
    await expect(page.locator("#body")).to_have_value(whole)
    await page.get_by_role("button", name="Check the length").click()
    await expect(page.locator("#body-count")).to_contain_text("1 text, 74 of 160 characters")
    await page.get_by_role("button", name="Keep as draft").click()
    await expect(page.locator("#draft")).to_contain_text("You began this at")
    await page.get_by_role("button", name="Send later").click()
    await page.get_by_role("button", name="Send at that time").click()
    await expect(page.locator("#stream")).to_contain_text("Will go out on Tue 3 March at 9:30am.")
    await page.get_by_role("button", name="Change what goes out").click()
    await expect(page.locator("#body")).to_have_value(whole)
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator("#holder")).to_contain_text("You are answering.")
    assert await broken_at(page, PHONE) == []
