"""Signing in, the settings and the help as people see and do them: an administrator, a new worker, somebody late."""

import re
from datetime import timedelta

import pyotp
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from hub import api_keys, sign_in, sign_in_links
from hub.heartbeat import beat
from hub.store import audit
from hub.store.tables import Worker
from hub.words import Side, WorkerRole
from inbox.app import WebSettings, create_app
from inbox.login import SESSION
from integrations.identity.oidc import OpenIdProvider
from tests.browser.conftest import port_of, serving
from tests.browser.looks import DESK, Look, look_again
from tests.browser.scene import PASSWORD, morning
from tests.peers.openid_server import CLIENT, OpenIdServer
from tests.peers.serving import serving as serving_peer
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

WORDS = "lamp orchard ferry"
PEOPLE = "/settings/people-who-work-here"


async def context_of(
    world: World, chromium: Browser, site: str, *, role: WorkerRole = WorkerRole.ADMINISTRATOR, **how: bool
) -> BrowserContext:
    """A browser in which somebody of Priya's team is signed in."""
    async with world.hub.store.transaction() as session:
        priya = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        worker = await session.scalar(select(Worker).where(Worker.email == f"{role}@example.org"))
        if worker is None:
            worker = Worker(team=priya.team, role=role, name="Ada Moss", first_name="Ada", email=f"{role}@example.org")
            session.add(worker)
            await session.flush()
        token = await sign_in.start(world.hub, session, worker, second_factor=True, browser="Firefox on Windows")
        await sign_in.start(world.hub, session, worker, second_factor=True, browser="Chrome on Android")
    context = await chromium.new_context(viewport=DESK, **how)  # type: ignore[arg-type]
    await context.add_cookies([{"name": SESSION, "value": token, "url": site}])
    return context


async def press(page: Page, button: str) -> None:
    await page.get_by_role("button", name=button).click()
    await page.wait_for_load_state("load")


async def test_no_screen_of_the_settings_is_broken(world: World, chromium: Browser, site: str, look: Look) -> None:
    await morning(world)
    async with world.hub.store.transaction() as session:
        team = (await session.get_one(Worker, world.workers[Side.SUPERVISION])).team
        for name in ("Case system", "Calendar of the court"):
            key, _ = await api_keys.create(
                world.hub, session, "key:0", agency_id=team.agency_id, side=team.side, name=name
            )
        await api_keys.revoke(world.hub, session, "key:0", key)
        await audit.seal(session, world.clock.now())
        await beat(session, world.clock.now())
    page = await (await context_of(world, chromium, site)).new_page()
    screens = {
        "/settings": "settings",
        "/settings/sign-in": "settings-sign-in",
        "/settings/sessions": "settings-sessions",
        PEOPLE: "settings-people",
        f"{PEOPLE}/new": "settings-people-new",
        f"{PEOPLE}/{world.workers[Side.SUPERVISION]}": "settings-person",
        "/settings/teams": "settings-teams",
        "/settings/agency": "settings-agency",
        "/settings/hours": "settings-hours",
        "/settings/channels": "settings-channels",
        "/settings/webhooks": "settings-webhooks",
        "/settings/retention": "settings-retention",
        "/settings/keys": "settings-keys",
        "/settings/audit": "settings-audit",
        "/help": "help",
        "/status": "status",
        "/accessibility": "accessibility",
        "/privacy": "privacy",
        "/sign-in/forgotten": "sign-in-forgotten",
    }
    assert [problem for path, name in screens.items() for problem in await look(page, site + path, name)] == []


async def test_hours_are_checked_before_they_are_saved(world: World, chromium: Browser, site: str) -> None:
    await morning(world)
    page = await (await context_of(world, chromium, site, java_script_enabled=False)).new_page()
    await page.goto(f"{site}/settings/hours")
    await page.locator("#contact_from").fill("ten")
    await press(page, "Continue")
    await expect(page.locator(".govuk-error-summary")).to_contain_text("Enter a time of day")
    await expect(page.locator("#contact_from")).to_have_value("ten")
    await page.locator("#contact_from").fill("15:00")
    await press(page, "Continue")
    await expect(page.get_by_role("heading", name="Check before you save")).to_be_visible()
    await expect(page.locator("main")).to_contain_text("to another time")
    await press(page, "Save the hours")
    await expect(page.locator("#contact_from")).to_have_value("15:00")


async def test_what_is_refused_or_shown_once_looks_right_too(world: World, chromium: Browser, site: str) -> None:
    await morning(world)
    page = await (await context_of(world, chromium, site)).new_page()
    found: list[str] = []
    await page.goto(f"{site}/settings/hours")
    await page.locator("#contact_from").fill("15:00")
    await press(page, "Continue")
    found += await look_again(page, "settings-hours-check")
    await page.goto(f"{site}{PEOPLE}/new")
    await press(page, "Add and make the link")
    found += await look_again(page, "settings-people-errors")
    await page.locator("#name").fill("Jo Hill")
    await page.locator("#email").fill("jo@example.org")
    await press(page, "Add and make the link")
    found += await look_again(page, "settings-link")
    await page.goto(f"{site}/settings/keys")
    await page.locator("#name").fill("Case system")
    await press(page, "Make the key")
    found += await look_again(page, "settings-key")
    await page.goto(f"{site}/settings/keys")
    await press(page, "Revoke Case system")
    found += await look_again(page, "settings-key-revoke")
    await page.goto(f"{site}/settings/audit")
    await press(page, "Check the seals now")
    found += await look_again(page)
    await page.goto(f"{site}/settings/sign-in")
    await press(page, "Continue")
    found += await look_again(page)
    assert found == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with_scripts", "without"])
async def test_a_new_worker_is_added_sets_up_their_phone_and_is_in(
    world: World, chromium: Browser, site: str, scripts: bool
) -> None:
    admin = await (await context_of(world, chromium, site, java_script_enabled=scripts)).new_page()
    await admin.goto(f"{site}{PEOPLE}")
    await admin.get_by_role("button", name="Add somebody").or_(admin.get_by_text("Add somebody")).first.click()
    await admin.locator("#name").fill("Jo Hill")
    await admin.locator("#email").fill("jo@example.org")
    await press(admin, "Add and make the link")
    link = (await admin.locator(".handrail-secret-box").inner_text()).strip()
    page = await (await chromium.new_context(viewport=DESK, java_script_enabled=scripts)).new_page()  # type: ignore[arg-type]
    await page.goto(link)
    found = await look_again(page, "welcome") if scripts else []
    await page.locator("#password").fill("short")
    await page.locator("#again").fill("short")
    await press(page, "Continue")
    await expect(page.locator(".govuk-error-summary")).to_contain_text("at least 12 characters")
    await page.locator("#password").fill(WORDS)
    await page.locator("#again").fill(WORDS)
    await press(page, "Continue")
    found += await look_again(page, "authenticator") if scripts else []
    secret = re.sub(r"\s", "", await page.locator(".handrail-secret").text_content() or "")
    await page.locator("#code").fill(pyotp.TOTP(secret).at(world.clock.now()))
    await press(page, "Continue")
    await expect(page.locator(".handrail-codes li")).to_have_count(8)
    found += await look_again(page, "recovery-codes") if scripts else []
    await page.get_by_text("I have kept them").click()
    await expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    assert found == []


async def test_a_session_is_ended_from_another_browser(world: World, chromium: Browser, site: str) -> None:
    page = await (await context_of(world, chromium, site, java_script_enabled=False)).new_page()
    await page.goto(f"{site}/settings/sessions")
    await expect(page.get_by_text("Chrome on Android").first).to_be_visible()
    await press(page, "Sign out everywhere else")
    await expect(page.get_by_text("Chrome on Android")).to_have_count(0)


async def test_the_night_is_kept_when_it_is_chosen(world: World, chromium: Browser, site: str) -> None:
    page = await (await context_of(world, chromium, site)).new_page()
    await page.goto(f"{site}/settings")
    await page.get_by_label("Dark, for the night").check()
    await press(page, "Set colours")
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 23, 24)"
    assert await look_again(page, "settings-night") == []


async def test_what_was_typed_too_late_is_kept_through_signing_in(world: World, chromium: Browser, site: str) -> None:
    scene = await morning(world)
    context = await chromium.new_context(viewport=DESK, java_script_enabled=False)  # type: ignore[arg-type]
    page = await context.new_page()

    async def enter() -> None:
        await page.locator("#email").fill("priya@example.org")
        await page.locator("#password").fill(PASSWORD)
        await press(page, "Continue")
        await page.locator("#code").fill(pyotp.TOTP(scene.secret).at(world.clock.now()))
        await press(page, "Sign in")

    await page.goto(f"{site}/people/{scene.ref}/messages")
    await enter()
    await page.locator("#body").fill("Come to room 2.")
    world.clock.push(timedelta(minutes=31))
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_text("What you typed was not sent. It is kept")).to_be_visible()
    await enter()
    await expect(page.locator("textarea")).to_have_value("Come to room 2.")
    await press(page, "Send it now")
    await expect(page.locator("#stream")).to_contain_text("Come to room 2.")


async def test_two_tabs_agree_on_when_the_session_ends(world: World, chromium: Browser, site: str) -> None:
    context = await context_of(world, chromium, site)
    first, second = await context.new_page(), await context.new_page()
    for page in (first, second):
        await page.goto(f"{site}/settings")
    late = "localStorage.setItem('handrail-session-ends', String(Date.now() + 90000))"
    await second.evaluate(late)
    await expect(first.locator("#timeout")).to_be_visible()
    await expect(first.locator("#timeout-left")).to_have_text("2 minutes")
    await expect(second.locator("#timeout")).to_be_visible(timeout=10_000)
    await first.get_by_role("button", name="Stay signed in").click()
    await expect(first.locator("#timeout")).to_be_hidden()
    await expect(second.locator("#timeout")).to_be_hidden()


async def test_signing_in_with_the_agencys_account(
    world: World, chromium: Browser, settings: WebSettings, look: Look
) -> None:
    server = OpenIdServer(world.clock)
    server.account.amr = ["mfa"]
    async with serving_peer(server.app()) as server.url:
        provider = OpenIdProvider(server.url, *CLIENT, clock=world.clock, second_factor=frozenset({"mfa"}))
        app = create_app(world.hub, settings=settings, identity=provider)
        async with serving(app, port_of(settings)):
            page = await chromium.new_page()
            assert await look(page, f"{settings.public_url}/sign-in", "sign-in") == []
            await page.get_by_text("Sign in with your agency").click()
            await page.get_by_text("Continue as Priya").click()
            await expect(page.get_by_role("heading", name="Inbox")).to_be_visible()


async def test_a_link_that_was_used_is_refused_kindly(world: World, chromium: Browser, site: str, look: Look) -> None:
    async with world.hub.store.transaction() as session:
        priya = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        old = await sign_in_links.make(world.hub, session, "key:1", priya)
        await sign_in_links.make(world.hub, session, "key:1", priya)
    page = await chromium.new_page()
    assert await look(page, f"{site}/welcome/{old}") == []
    await expect(page.locator("main")).to_contain_text("does not work")
