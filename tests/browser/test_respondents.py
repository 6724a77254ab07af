"""Respondents' pages in Chromium: each looked at, each journey with and without JavaScript, leaving, the history."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select

from hub.states import SafeContactState
from hub.store.tables import Answer, ContactPoint, MediaFile, SurveyRun
from hub.words import ChannelKind, Role, Side
from tests.browser.looks import Look
from tests.web.respondents import CHAT, VERA, Led, leads, photo, proof_is_wanted
from tests.world import LINES, World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

SAM = "+447700900101"
with_and_without_javascript = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no js"])


@pytest.fixture
async def victim(world: World) -> Led:
    return await leads(world, Role.VICTIM, "Vera Lind", VERA)


@pytest.fixture
async def sam(world: World) -> Led:
    return await leads(world, Role.SUPERVISED, "Sam Carter", SAM)


@asynccontextmanager
async def browsing(chromium: Browser, *, javascript: bool = True) -> AsyncIterator[Page]:
    """A browser of somebody's own; the weather is served here."""
    context: BrowserContext = await chromium.new_context(java_script_enabled=javascript)
    await context.route("https://www.bbc.co.uk/**", _weather)
    yield await context.new_page()
    await context.close()


async def _weather(route: Route) -> None:
    await route.fulfill(body="<!DOCTYPE html><title>Weather</title><h1>Sunny</h1>", content_type="text/html")


async def press(page: Page, name: str) -> None:
    """Press a button and wait for the page that comes, whichever way it comes."""
    heading = page.locator("main").first
    await heading.evaluate("(main) => main.setAttribute('data-before', '')")
    await page.get_by_role("button", name=name, exact=True).click()
    await expect(page.locator("main[data-before]")).to_have_count(0)


async def test_every_page_of_the_victims_side_is_fit_to_use(
    world: World, chromium: Browser, site: str, look: Look, victim: Led
) -> None:
    async with browsing(chromium) as page:
        found = await look(page, site + victim.survey, "respondent-leave")
        found += await look(page, f"{site}{victim.survey}/start", "respondent-start")
        found += await look(page, f"{site}{victim.survey}/1", "respondent-question")
        found += await look(page, f"{site}{victim.survey}/not-me", "respondent-not-me")
        found += await look(page, f"{site}/s/nobody", "respondent-wrong-link")
        found += await look(page, f"{site}/about/privacy", "respondent-privacy")
        found += await look(page, f"{site}/about/accessibility")
        found += await look(page, site + victim.chat, "respondent-chat-empty")
        found += await look(page, site + victim.me)
    assert found == []


async def test_every_page_of_the_other_side_is_fit_to_use(
    world: World, chromium: Browser, site: str, look: Look, sam: Led, tmp_path: Path
) -> None:
    await proof_is_wanted(world)
    async with browsing(chromium) as page:
        found = await look(page, site + sam.chat)
        found += await look(page, site + sam.proof, "respondent-proof")
        await page.locator("#photo").set_input_files(_file(tmp_path))
        await press(page, "Continue")
        found += await look(page, page.url, "respondent-proof-check")
        await press(page, "Send this photo")
        await world.settle()
        found += await look(page, page.url, "respondent-proof-sent")
        for what in ("language", "name", "hours", "way", "private", "texts"):
            found += await look(page, f"{site}{sam.me}/{what}", f"respondent-settings-{what}")
        found += await look(page, f"{site}{sam.me}?done=saved", "respondent-settings")
        found += await look(page, f"{site}{sam.me}/data", "respondent-settings-code")
    assert found == []


@with_and_without_javascript
async def test_a_survey_is_answered_skipped_changed_and_sent(
    world: World, chromium: Browser, site: str, victim: Led, javascript: bool
) -> None:
    async with browsing(chromium, javascript=javascript) as page:
        await page.goto(site + victim.survey)
        await expect(page.get_by_role("heading", level=1)).to_have_text("Before you start")
        await press(page, "Continue")
        await press(page, "Start")
        await press(page, "Continue")
        await expect(page).to_have_title("Error: Questions")
        if javascript:
            await expect(page.locator(".govuk-error-summary")).to_be_focused()
        await page.get_by_label("2", exact=True).check()
        await press(page, "Continue")
        await page.get_by_role("link", name="Back").click()
        await expect(page.get_by_label("2", exact=True)).to_be_checked()
        await press(page, "Continue")
        await page.get_by_label("Yes").check()
        await press(page, "Continue")
        await page.get_by_label("Prefer not to say").check()
        await press(page, "Continue")
        for _ in range(5):
            await press(page, "Skip this question")
        await page.get_by_role("link", name="Change Were you kept informed?").click()
        await page.get_by_label("No", exact=True).check()
        await press(page, "Continue")
        await press(page, "Skip this question")
        await press(page, "Send my answers")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
        await expect(page).to_have_title("Thank you")
    async with world.hub.store.transaction() as session:
        found = await session.execute(select(Answer.question, Answer.code))
        answers = {row.question: row.code for row in found}
        assert (await session.scalars(select(SurveyRun.state))).one() == "completed"
    assert answers["fair_treatment"] == "2"
    assert answers["kept_informed"] == "no"
    assert answers["how_informed"] is None, "asked because of the change, and skipped"
    assert answers["asked_needs"] == "prefer_not_to_say"


async def test_the_questions_of_a_run_leave_one_entry_in_the_history(
    world: World, chromium: Browser, site: str, victim: Led
) -> None:
    async with browsing(chromium) as page:
        await page.goto(site + victim.survey)
        before = await page.evaluate("history.length")
        await press(page, "Continue")
        await press(page, "Start")
        for _ in range(3):
            await press(page, "Skip this question")
        assert page.url.endswith("/4"), "the address is that of the question, so that reloading stays there"
        await press(page, "Cymraeg")
        await expect(page.locator("html")).to_have_attribute("lang", "cy")
        await expect(page.get_by_role("button", name="Gadael y dudalen hon")).to_be_visible()
        assert await page.evaluate("history.length") == before
        await page.reload()
        await expect(page.locator("html")).to_have_attribute("lang", "cy")


@pytest.mark.parametrize("how", ["button", "shift"])
async def test_leaving_covers_the_page_at_once_and_back_does_not_return(
    world: World, chromium: Browser, site: str, victim: Led, how: str
) -> None:
    async with browsing(chromium) as page:
        await page.goto("about:blank")
        await page.goto(site + victim.survey)
        await press(page, "Continue")
        await press(page, "Start")
        seen: list[str] = []
        await page.expose_function("covered", lambda words: seen.append(words))
        await page.evaluate(_WATCH_FOR_THE_COVER)
        if how == "button":
            await page.get_by_role("button", name="Exit this page").click(no_wait_after=True)
        else:
            for _ in range(3):
                await page.keyboard.press("Shift")
        await page.wait_for_url("https://www.bbc.co.uk/weather")
        assert seen == ["Loading. none"], "what was there is covered while the weather loads"
        await page.go_back()
        assert page.url == "about:blank", "the pages are not behind the weather"


async def test_without_javascript_leaving_is_a_link_and_the_first_thing_that_the_keyboard_reaches(
    chromium: Browser, site: str, victim: Led
) -> None:
    async with browsing(chromium, javascript=False) as page:
        await page.goto(f"{site}{victim.survey}/1")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.wait_for_url("https://www.bbc.co.uk/weather")


@with_and_without_javascript
async def test_the_browsers_back_and_two_tabs_lose_nothing(
    world: World, chromium: Browser, site: str, sam: Led, javascript: bool
) -> None:
    async with browsing(chromium, javascript=javascript) as page:
        await page.goto(site + sam.survey)
        await press(page, "Start")
        await page.get_by_label("4", exact=True).check()
        await press(page, "Continue")
        other = await page.context.new_page()
        await other.goto(f"{site}{sam.survey}/2")
        await other.get_by_label("Yes").check()
        await press(other, "Continue")
        await page.go_back()
        await expect(page.get_by_label("4", exact=True)).to_be_checked()
        await page.get_by_label("1", exact=True).check()
        await press(page, "Continue")
        assert page.url.endswith("/3"), "a low rating leads another way"
        await press(page, "Skip this question")
        await press(page, "Skip this question")
        await press(other, "Skip this question")
        await press(page, "Send my answers")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")


@with_and_without_javascript
async def test_a_photo_is_seen_sent_and_deleted(
    world: World, chromium: Browser, site: str, sam: Led, tmp_path: Path, javascript: bool
) -> None:
    await proof_is_wanted(world)
    async with browsing(chromium, javascript=javascript) as page:
        await page.goto(site + sam.proof)
        await press(page, "Continue")
        await expect(page.get_by_role("alert")).to_contain_text("Choose a photo or enter the code")
        await page.locator("#photo").set_input_files(_file(tmp_path))
        await press(page, "Continue")
        seen = page.get_by_role("img", name="The photo that you chose")
        await expect(seen).to_have_count(1)
        if javascript:  # it is read from the phone itself: seen once it is decoded
            assert await seen.evaluate("async (image) => (await image.decode(), image.naturalWidth)") == 40
        await press(page, "Delete it and choose another")
        await page.locator("#photo").set_input_files(_file(tmp_path))
        await press(page, "Continue")
        await press(page, "Send this photo")
        await world.settle()
        await page.reload()
        await expect(page.locator("main")).to_contain_text("Priya will look at it by")
        await press(page, "Delete the photo")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Your photo is deleted")
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(MediaFile.content_sealed))).all() == [None]


@with_and_without_javascript
async def test_settings_are_changed_and_what_we_hold_is_seen_with_a_code(
    world: World, chromium: Browser, site: str, sam: Led, look: Look, javascript: bool
) -> None:
    async with browsing(chromium, javascript=javascript) as page:
        await page.goto(site + sam.me)
        await page.get_by_role("link", name="Change Hours for texts").click()
        await page.get_by_label("Only in the hours that I choose").check()
        await page.get_by_label("From", exact=True).select_option("9am")
        await page.get_by_label("Until", exact=True).select_option("5pm")
        await press(page, "Save")
        await expect(page.get_by_role("alert")).to_contain_text("We have saved your choice")
        await expect(page.locator("dl")).to_contain_text("9am to 5pm")
        await page.get_by_role("link", name="See what we hold about you").click()
        await press(page, "Send me a code")
        await world.settle()
        code = world.heard(SAM)[-1].split(" ")[0]
        await page.get_by_label("Code", exact=True).fill(f"{code[:3]} {code[3:]}")
        await press(page, "Show what you hold")
        await expect(page.locator("dl")).to_contain_text("Sam Carter")
        await press(page, "Ask for a copy")
        await expect(page.locator("main")).to_contain_text("Priya will answer you by")


@with_and_without_javascript
async def test_somebody_else_says_so_and_is_left_in_peace(
    world: World, chromium: Browser, site: str, victim: Led, javascript: bool
) -> None:
    async with browsing(chromium, javascript=javascript) as page:
        await page.goto(site + victim.survey)
        await page.get_by_role("link", name="I am not the person this is for").click()
        await press(page, "Yes, stop writing to me")
        await expect(page.get_by_role("heading", level=1)).to_have_text("We are sorry")
    async with world.hub.store.transaction() as session:
        assert SafeContactState.DOUBTED in (await session.scalars(select(ContactPoint.safe_state))).all()


async def test_the_chat_speaks_to_a_screen_reader(world: World, chromium: Browser, site: str) -> None:
    """Order, names, one polite announcement a message, and the cursor that stays."""
    await leads(world, Role.VICTIM, "Vera Lind", CHAT, channel=ChannelKind.WEBCHAT)
    line = LINES[Side.VICTIMS, ChannelKind.WEBCHAT]
    await world.text("1", CHAT, line)
    async with browsing(chromium) as page:
        await page.goto(f"{site}/chat/{CHAT}")
        await expect(page.get_by_role("log", name="Messages, newest last")).to_have_attribute("aria-live", "polite")
        tree = await page.locator("main").aria_snapshot()
        order = ['heading "Messages"', 'log "Messages, newest last"', 'button "1"', 'textbox "Your message"']
        order += ['button "Send"', 'link "Use plain pages for the questions instead"', 'link "I am not the person']
        places = [tree.find(part) for part in order]
        assert -1 not in places, tree
        assert places == sorted(places), tree
        await page.evaluate(_HEAR)
        await page.get_by_role("button", name="4", exact=True).click()
        await expect(page.get_by_label("Your message")).to_be_focused()
        await page.wait_for_timeout(300)
        await world.settle()
        await expect(page.get_by_role("log")).to_contain_text("Were you kept informed?")
        heard: list[str] = await page.evaluate("window.heard")
        assert [words for words in heard if "kept informed" in words] != []
        assert len(heard) == len(set(heard)) == 2, "what was said before is not said again"
        await expect(page.get_by_label("Your message")).to_be_focused()
        assert await page.evaluate("document.activeElement.value") == ""


_WATCH_FOR_THE_COVER = """() => {
    const shown = () => getComputedStyle(document.querySelector('main')).display;
    const say = () => { const over = document.querySelector('.govuk-exit-this-page-overlay');
        if (over) window.covered(`${over.textContent} ${shown()}`); };
    new MutationObserver(say).observe(document.body, {childList: true});
}"""

_HEAR = """() => {
    window.heard = [];
    new MutationObserver((changes) => {
        for (const change of changes) for (const node of change.addedNodes) {
            const words = (node.textContent ?? '').trim();
            if (words) window.heard.push(words);
        }
    }).observe(document.querySelector('[role=log]'), {childList: true});
}"""


def _file(folder: Path) -> Path:
    file = folder / "here.png"
    file.write_bytes(photo()["photo"][1])
    return file
