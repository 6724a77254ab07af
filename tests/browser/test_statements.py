"""A statement and a voice message, as a real browser shows, plays and sends them."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from hub.ports import Media
from hub.statements import records
from hub.store.tables import Worker
from hub.words import ChannelKind, Role, Side
from tests.browser.looks import Look
from tests.browser.test_screens import signed_in_context
from tests.transcripts.props import photo
from tests.transcripts.speaking import voice
from tests.world import ScriptedTranscriber, World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

HEARD = "He pushed the door in at about half past nine, and he shouted at me from the hall."
# What a player of the browser says: no error, and how long it is.
LOADED = """async (player) => {
    player.preload = "auto"; player.load();
    await new Promise((done) => { player.onloadedmetadata = done; player.onerror = done; setTimeout(done, 8000); });
    return [player.error?.code ?? 0, player.duration];
}"""


async def ana(world: World, questions: str = "at_the_scene") -> tuple[str, str, int]:
    """The reference, the secret of her link, the statement's number."""
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM, name="Ana Reyes")
        worker = await session.get_one(Worker, world.workers[Side.VICTIMS])
        statement = await records.ask(world.hub, session, worker, person, questions)
        return person.ref, records.token(world.hub, statement), statement.id


async def plays(page: Page) -> None:
    error, seconds = await page.locator("audio").first.evaluate(LOADED)
    assert error == 0
    assert seconds == pytest.approx(2, abs=0.4)


async def test_told_with_a_photo_and_a_voice_message_on_a_phone(
    world: World, chromium: Browser, site: str, look: Look, tmp_path: Path
) -> None:
    object.__setattr__(world.hub, "transcriber", ScriptedTranscriber(HEARD))
    ref, secret, number = await ana(world)
    (tmp_path / "voice.ogg").write_bytes(voice())
    (tmp_path / "door.jpg").write_bytes(photo("door.jpg"))
    page = await (await chromium.new_context(viewport={"width": 360, "height": 740})).new_page()
    await page.goto(f"{site}/q/{secret}")
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Start").click()
    await page.get_by_label("Or send a voice message").set_input_files(tmp_path / "voice.ogg")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_label(re.compile("Where was it"))).to_be_visible()
    await page.get_by_label(re.compile("Where was it")).fill("At home, 4 Mill Lane")
    await page.get_by_role("button", name="Continue").click()
    for question in ("When was it", "Did anyone else"):
        await expect(page.get_by_label(re.compile(question))).to_be_visible()
        await page.get_by_role("button", name="Skip this question").click()
    await page.get_by_label("Photo", exact=True).set_input_files(tmp_path / "door.jpg")
    await page.get_by_role("button", name="Send this photo").click()
    await expect(page.get_by_text("Photos sent: 1")).to_be_visible()
    await page.get_by_role("button", name="Continue").click()
    for question in ("Were you hurt", "Would you like"):
        await expect(page.get_by_role("heading", level=1)).to_contain_text(question)
        await page.get_by_label("No").check()
        await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_label(re.compile("Is there anything else"))).to_be_visible()
    await page.get_by_role("button", name="Skip this question").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Read it through")
    await world.settle()
    await page.reload()
    await expect(page.get_by_text(HEARD)).to_be_visible()
    await plays(page)
    broken = await look(page, f"{site}/q/{secret}/check", "told-check")
    await page.get_by_role("button", name="The machine heard it right").click()
    await page.get_by_role("button", name="This is right, in my own words").click()
    await expect(page.get_by_text("It is kept just as you said it.")).to_be_visible()
    desk = await (await signed_in_context(world, chromium, site, side=Side.VICTIMS)).new_page()
    broken += await look(desk, f"{site}/people/{ref}/statements/{number}", "statement")
    await plays(desk)
    broken += await look(desk, f"{site}/people/{ref}/statements", "statements")
    assert broken == []


async def test_the_pages_of_a_statement_are_whole(world: World, chromium: Browser, site: str, look: Look) -> None:
    ref, secret, number = await ana(world, "witness")
    page = await (await chromium.new_context()).new_page()
    broken = await look(page, f"{site}/q/{secret}/start", "told-start")
    broken += await look(page, f"{site}/q/{secret}/1", "told-question")
    broken += await look(page, f"{site}/q/{secret}/back")
    desk = await (await signed_in_context(world, chromium, site, side=Side.VICTIMS)).new_page()
    broken += await look(desk, f"{site}/people/{ref}/statements/{number}/link", "statement-link")
    assert broken == []


async def test_a_voice_message_in_a_conversation_plays(world: World, chromium: Browser, site: str, look: Look) -> None:
    object.__setattr__(world.hub, "transcriber", ScriptedTranscriber(HEARD))
    ref, _, _ = await ana(world)
    said = (Media(voice(), "audio/ogg", "voice.ogg"),)
    await world.simulator.text("+447700900101", "+447700900002", "", channel=ChannelKind.SMS, media=said)
    await world.settle()
    page = await (await signed_in_context(world, chromium, site, side=Side.VICTIMS)).new_page()
    broken = await look(page, f"{site}/people/{ref}/messages", "voice-message")
    await plays(page)
    assert broken == []


async def test_without_javascript(world: World, chromium: Browser, site: str, tmp_path: Path) -> None:
    _, secret, _ = await ana(world, "witness")
    (tmp_path / "voice.ogg").write_bytes(voice())
    page = await (await chromium.new_context(java_script_enabled=False)).new_page()
    await page.goto(f"{site}/q/{secret}/1")
    await page.get_by_label("Or send a voice message").set_input_files(tmp_path / "voice.ogg")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("How close were you?")
