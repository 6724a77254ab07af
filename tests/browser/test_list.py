"""The inbox in a browser: two workers and a cry for help, the keyboard alone, many at once, and without JavaScript."""

import asyncio
import time
from datetime import timedelta

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select

from hub import appointments, escalations, sign_in
from hub.states import EscalationState, ProofState
from hub.store.tables import Conversation, Escalation, MoveRequest, Proof, Worker
from hub.words import Side, WorkerRole
from inbox.login import SESSION
from tests.browser.looks import DESK, Look, look_again
from tests.browser.scene import morning
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

SOON = 2000  # milliseconds, from the moment that the text was accepted or the button pressed
LEON = "+447700900131"


async def context_of(
    world: World, chromium: Browser, site: str, name: str = "Priya Shah", **how: bool
) -> BrowserContext:
    """A browser of its own, signed in as the worker of that name."""
    async with world.hub.store.transaction() as session:
        worker = (await session.scalars(select(Worker).where(Worker.name == name))).one()
        token = await sign_in.start(world.hub, session, worker, second_factor=True)
    context = await chromium.new_context(viewport=DESK, **how)  # type: ignore[arg-type]
    await context.add_cookies([{"name": SESSION, "value": token, "url": site}])
    return context


async def colleague(world: World, name: str = "Tom Field", role: WorkerRole = WorkerRole.WORKER) -> None:
    async with world.hub.store.transaction() as session:
        priya = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        first = name.split(" ")[0]
        email = f"{first.lower()}@example.org"
        session.add(Worker(team_id=priya.team_id, role=role, name=name, first_name=first, email=email))


async def listening(page: Page, address: str) -> None:
    """Open a page, and wait until it hears what the server tells."""
    async with page.expect_response(lambda answer: answer.url.endswith("/events")):
        await page.goto(address)


async def test_a_cry_for_help_reaches_open_pages_and_the_second_worker_sees_who_took_it(
    world: World, chromium: Browser, site: str
) -> None:
    await colleague(world)
    async with world.hub.store.transaction() as session:
        await world.person(session, name="Leon Baptiste", address=LEON)
    inbox = await (await context_of(world, chromium, site)).new_page()
    calendar = await (await context_of(world, chromium, site, "Tom Field")).new_page()
    await listening(inbox, f"{site}/inbox")
    await listening(calendar, f"{site}/appointments")
    accepted = time.monotonic()
    await world.text("i want to kill myself", LEON)
    for page in (inbox, calendar):
        left = SOON - (time.monotonic() - accepted) * 1000
        banner = page.get_by_role("alert", name="Somebody needs help")
        await expect(banner).to_contain_text("May harm themselves", timeout=max(left, 1))
        assert "Baptiste" not in await banner.inner_text()
    pressed = time.monotonic()
    await inbox.get_by_role("button", name="I have it").click()
    left = SOON - (time.monotonic() - pressed) * 1000
    await expect(calendar.locator("#danger")).to_contain_text("Taken by Priya Shah", timeout=max(left, 1))
    await expect(inbox.locator("#danger")).to_contain_text("Taken by you")
    await expect(calendar.get_by_role("button", name="I have it")).to_have_count(0)
    assert inbox.url == f"{site}/inbox", "whatever was being done there goes on"


async def test_a_cry_that_came_while_the_page_was_loading_is_shown_all_the_same(
    world: World, chromium: Browser, site: str
) -> None:
    async with world.hub.store.transaction() as session:
        _, conversation = await world.person(session, name="Leon Baptiste", address=LEON)
    page = await (await context_of(world, chromium, site)).new_page()
    listens: asyncio.Future[Route] = asyncio.get_running_loop().create_future()
    await page.route("**/events", lambda route: listens.set_result(route))
    await page.goto(f"{site}/people")
    async with world.hub.store.transaction() as session:
        found = await session.get_one(Conversation, conversation.id)
        await escalations.escalate(session, found, "crisis_self", world.clock.now())
    await (await listens).continue_()
    await expect(page.locator("#danger")).to_contain_text("May harm themselves")


async def test_the_list_and_its_pages_are_whole_for_all_eyes(
    world: World, chromium: Browser, site: str, look: Look
) -> None:
    await morning(world)
    await colleague(world, "Mary Poole", WorkerRole.SUPERVISOR)
    page = await (await context_of(world, chromium, site, "Mary Poole")).new_page()
    found = await look(page, f"{site}/inbox", "inbox-danger")
    await page.get_by_role("button", name="I have it").click()
    await expect(page.locator("#danger")).to_contain_text("Taken by you")
    found += await look_again(page, "inbox-danger-taken")
    found += await look(page, f"{site}/inbox?group=appointments&group=wellbeing&order=newest", "inbox-filtered")
    await page.get_by_text("Filter and sort").click()
    await page.get_by_text("Keep this view").click()
    found += await look_again(page, "inbox-filters-open")
    await page.locator("#name").fill("Calls to make")
    await page.get_by_role("button", name="Keep it").click()
    await expect(page.get_by_role("link", name="Calls to make")).to_be_visible()
    found += await look(page, f"{site}/inbox?view=attention", "inbox")
    for verb in ("Assign", "Put aside", "Close"):
        await page.set_viewport_size(DESK)  # type: ignore[arg-type]
        await page.goto(f"{site}/inbox")
        for row in (1, 2, 3):
            await page.locator("[name=item]").nth(row).check()
        await page.get_by_role("button", name=verb, exact=True).click()
        found += await look_again(page, f"inbox-several-{verb.lower().replace(' ', '-')}")
        await page.get_by_role("button", name=f"{verb} 3 conversations").click()
        found += await look_again(page)
    found += await look(page, f"{site}/duty", "duty")
    await page.get_by_role("button", name="Add this duty").click()
    found += await look_again(page, "duty-errors")
    found += await look(page, f"{site}/help/keys", "keys")
    found += await look(page, f"{site}/inbox/search")
    await page.locator("#words").fill("next")
    await page.get_by_role("button", name="Search").click()
    found += await look_again(page, "search")
    assert found == []


async def test_the_list_is_worked_through_without_javascript(world: World, chromium: Browser, site: str) -> None:
    await morning(world)
    page = await (await context_of(world, chromium, site, java_script_enabled=False)).new_page()
    await page.goto(f"{site}/inbox")
    await expect(page.locator("#danger")).to_contain_text("May harm themselves")
    await page.get_by_role("button", name="I have it").click()
    await expect(page.locator("#danger")).not_to_contain_text("May harm")
    await page.get_by_role("link", name="Inbox", exact=True).first.click()
    for name in ("Khan, Amir", "Rees, Bethan"):
        await page.get_by_role("checkbox", name=f"Select {name}").check()
    await page.get_by_role("button", name="Put aside", exact=True).click()
    await page.get_by_label("On a day that I choose").check()
    for part, typed in (("Day", "9"), ("Month", "3"), ("Year", "2026")):
        await page.get_by_label(part, exact=True).fill(typed)
    await page.get_by_role("button", name="Put aside 2 conversations").click()
    await expect(page.get_by_role("status")).to_contain_text("2 put aside")
    await expect(page.get_by_role("link", name="Khan, Amir")).to_have_count(0)
    await page.locator("summary", has_text="Filter and sort").click()
    await page.get_by_label("Wants a person").check()
    await page.get_by_role("button", name="Show these").click()
    await page.get_by_role("link", name="Remove this filter: Wants a person").click()
    assert "group" not in page.url
    await page.locator("#words").fill("chippy")
    await page.get_by_role("button", name="Search").click()
    await expect(page.get_by_role("link", name="O'Neill, Callum")).to_be_visible()


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def to_page(page: Page, *keys: str) -> None:
    """Press keys whose last one leads to another page, and be there."""
    async with page.expect_navigation(wait_until="load"):
        await press(page, *keys)
    await page.wait_for_timeout(150)  # the modules of the page run


async def choose(page: Page, label: str) -> None:
    """The radio of that label, with Tab and arrows; then Enter sends its form."""
    await tab_to(page, "main input[type=radio]")
    for _ in range(12):
        if await page.evaluate("document.activeElement.labels?.[0]?.textContent.trim()") == label:
            await page.keyboard.press("Space")
            return
        await page.keyboard.press("ArrowDown")
    raise AssertionError(f"no radio {label}")


async def tab_to(page: Page, selector: str) -> None:
    for _ in range(80):
        if await page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never reaches {selector}")


async def stand_on(page: Page, name: str) -> None:
    """Go down the list to somebody, and up again."""
    for key in "j" * 11 + "k" * 11:
        await page.keyboard.press(key)
        if await page.evaluate("document.activeElement.textContent.trim()") == name:
            return
    raise AssertionError(f"{name} is not in the list")


async def outcome(page: Page, label: str) -> None:
    await choose(page, label)
    await to_page(page, "Enter")


TEN = {
    "Ash, Bea": "wants_a_person",
    "Baptiste, Leon": "crisis_self",
    "Carter, Sam": "proof_to_check",
    "Clarke, Destiny": "struggling",
    "Evans, Ioan": "case_question",
    "Khan, Amir": "cannot_attend",
    "Moss, Ivy": "not_delivered",
    "Rees, Bethan": "wants_to_move",
    "Stone, Max": "complaint",
    "Wright, Jo": "travel_help",
}


async def ten_mixed_items(world: World) -> tuple[str, str]:
    """Ten people, each with something else. Returns the references of Sam's proof and of Bethan's appointment."""
    now, refs = world.clock.now(), {}
    async with world.hub.store.transaction() as session:
        for place, (name, reason) in enumerate(TEN.items()):
            last, first = name.split(", ")
            person, conversation = await world.person(
                session, name=f"{first} {last}", address=f"+4477009001{place + 40}"
            )
            if reason in {"wants_to_move", "proof_to_check"}:
                meeting = await appointments.schedule(
                    world.hub,
                    session,
                    "key:1",
                    person=person,
                    starts_at=now + timedelta(hours=4),
                    with_whom="Priya",
                    place="1 High St, DE1 1AA",
                    worker_id=world.workers[Side.SUPERVISION],
                )
                refs[reason] = meeting.ref
            if reason == "wants_to_move":
                session.add(MoveRequest(appointment_id=meeting.id, asked_at=now, wanted_at=now + timedelta(days=4)))
            if reason == "proof_to_check":
                given = {"state": ProofState.GIVEN, "kind": "code", "asked_at": now, "given_at": now}
                session.add(
                    Proof(ref="PROOFREF", appointment_id=meeting.id, person_id=person.id, side=person.side, **given)
                )
            await escalations.escalate(session, conversation, reason, now)
    await world.settle()
    return "PROOFREF", refs["wants_to_move"]


async def test_ten_mixed_items_are_cleared_with_the_keyboard_alone(world: World, chromium: Browser, site: str) -> None:
    await colleague(world)
    proof, meeting = await ten_mixed_items(world)
    page = await (await context_of(world, chromium, site)).new_page()
    await page.add_init_script(
        "for (const kind of ['mousedown', 'pointerdown', 'touchstart'])"
        "  addEventListener(kind, () => sessionStorage.setItem('mice', kind), true);"
    )
    await page.goto(f"{site}/inbox")
    await expect(page.locator("[data-row]")).to_have_count(10)

    # 1: take and reply, then close, in the conversation of the cry for help, which stands first.
    await press(page, "j")
    assert await page.evaluate("document.activeElement.textContent") == "Baptiste, Leon"
    await to_page(page, "t")
    await expect(page.get_by_role("status")).to_contain_text("1 taken")
    await press(page, "j")
    await to_page(page, "Enter")
    await press(page, "r")
    await page.keyboard.type("I am calling you now, Leon. tjkx")
    await press(page, "Tab")
    await to_page(page, "Enter")
    await expect(page.locator("#stream")).to_contain_text("I am calling you now, Leon. tjkx")
    await press(page, "e")
    await outcome(page, "Called them")
    await to_page(page, "u")

    # 2: one closed with an outcome. 3: one put aside until a day. 4: one until they write. 5: one assigned.
    await stand_on(page, "Stone, Max")
    await to_page(page, "e")
    await outcome(page, "Called them")
    await expect(page.get_by_role("status")).to_contain_text("1 closed")
    await stand_on(page, "Evans, Ioan")
    await to_page(page, "s")
    await choose(page, "On a day that I choose")
    await tab_to(page, "#until-day")
    for typed in ("9", "3", "2026"):
        await page.keyboard.type(typed)
        await press(page, "Tab")
    await to_page(page, "Enter")
    await stand_on(page, "Clarke, Destiny")
    await to_page(page, "s")
    await outcome(page, "When they write to us")
    await stand_on(page, "Khan, Amir")
    await to_page(page, "a")
    await outcome(page, "Tom Field")
    await expect(page.get_by_role("status")).to_contain_text("1 assigned")

    # 6 and 7: two at once.
    for name in ("Moss, Ivy", "Wright, Jo"):
        await stand_on(page, name)
        await press(page, "x")
    await to_page(page, "e")
    await outcome(page, "Answered")
    await expect(page.get_by_role("status")).to_contain_text("2 closed")

    # 8: put aside from the open conversation, then on to the next one with n.
    await stand_on(page, "Ash, Bea")
    await to_page(page, "Enter")
    await press(page, "s")
    await outcome(page, "Tomorrow morning")
    await to_page(page, "n")
    await expect(page.locator("h1")).not_to_have_text("Bea Ash")

    # 9: the proof, by way of the navigation. 10: another time for the appointment, then its reason closed.
    await to_page(page, "g", "i")
    await tab_to(page, "a[href='/proofs']")
    await to_page(page, "Enter")
    await tab_to(page, f"a[href='/proofs/{proof}']")
    await to_page(page, "Enter")
    await tab_to(page, "button[name=decision][value=accept]")
    await to_page(page, "Enter")
    await to_page(page, "g", "a")
    await tab_to(page, f"a[href='/appointments/{meeting}']")
    await to_page(page, "Enter")
    await tab_to(page, "button[name=decision][value=yes]")
    await to_page(page, "Enter")
    await to_page(page, "g", "i")
    await stand_on(page, "Rees, Bethan")
    await to_page(page, "e")
    await outcome(page, "Changed the appointment")

    await expect(page.get_by_text("Nothing needs attention now.")).to_be_visible()
    assert await page.evaluate("sessionStorage.getItem('mice')") is None, "no mouse was used"
    async with world.hub.store.transaction() as session:
        states = (await session.execute(select(Escalation.reason, Escalation.state))).all()
    ended = {reason: state for reason, state in states if reason in TEN.values()}
    left = {"case_question", "struggling", "wants_a_person"}
    assert {reason for reason, state in ended.items() if state is EscalationState.SNOOZED} == left
    assert ended["cannot_attend"] is EscalationState.TAKEN
    assert sum(state is EscalationState.CLOSED for state in ended.values()) == 6
