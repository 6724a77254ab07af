"""Figures, surveys, check-ins and proofs as people see them, with the keyboard alone and without JavaScript."""

from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from handrail.demo.earlier import Earlier
from hub import check_ins, sign_in
from hub.states import CheckInState, ProofState
from hub.store.tables import CheckIn, Person, Proof, Team, Worker
from hub.words import Side, WorkerRole
from inbox.login import SESSION
from tests.browser.looks import DESK, Look, look_again
from tests.browser.scene import morning
from tests.browser.test_screens import tab_to
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]


@dataclass
class Months:
    proof: str
    low: int  # the number of a check-in that worries


async def months(world: World) -> Months:
    """The scene's morning, ten weeks before it, and check-ins of each kind."""
    async with world.hub.store.transaction() as session:
        team_ids = {team.side: team.id for team in await session.scalars(select(Team))}
        workers = {side: [world.workers[side], *(await _two_more(session, team))] for side, team in team_ids.items()}
        await Earlier(world.hub, session, world.agency_id, workers, world.clock.now()).fill()
    scene = await morning(world)
    async with world.hub.store.transaction() as session:
        people = (await session.scalars(select(Person).where(Person.ref == scene.ref))).all()
        low = await check_ins.schedule(world.hub, session, people[0], world.clock.now())
        for number, name in enumerate(("Amir", "Bethan")):
            someone, _ = await world.person(session, name=f"{name} Moor", address=f"+447700900{600 + number}")
            await check_ins.schedule(world.hub, session, someone, world.clock.now())
    await world.push(minutes=31)
    await world.text("1", "+447700900600")
    await world.text("8", "+447700900600")
    async with world.hub.store.transaction() as session:
        found = await session.get_one(CheckIn, low.id)
        found.state, found.feeling, found.needs = CheckInState.ANSWERED, 5, ["money", "feelings"]
        found.answered_at = world.clock.now()
    return Months(scene.proof, low.id)


async def _two_more(session: object, team: int) -> list[int]:
    made = [
        Worker(team_id=team, role=WorkerRole.WORKER, name=f"{n} {team}", first_name=n, email=f"{n}{team}@example.org")
        for n in ("Una", "Owen")
    ]
    session.add_all(made)  # type: ignore[attr-defined]
    await session.flush()  # type: ignore[attr-defined]
    return [worker.id for worker in made]


async def entered(
    world: World, chromium: Browser, site: str, *, side: Side = Side.SUPERVISION, javascript: bool = True
) -> BrowserContext:
    """A supervisor, who may do everything here."""
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[side])
        worker.role = WorkerRole.SUPERVISOR
        token = await sign_in.start(world.hub, session, worker, second_factor=True)
    context = await chromium.new_context(viewport=DESK, java_script_enabled=javascript)  # type: ignore[arg-type]
    await context.add_cookies([{"name": SESSION, "value": token, "url": site}])
    return context


async def test_no_screen_of_figures_surveys_check_ins_and_proofs_is_broken(
    world: World, chromium: Browser, site: str, look: Look
) -> None:
    found = await months(world)
    page = await (await entered(world, chromium, site)).new_page()
    survey = "/surveys/session_feedback"
    pages = {
        "/outcomes": "outcomes",
        "/surveys": "surveys",
        survey: "survey-definition",
        f"{survey}/preview/1": "survey-preview",
        f"{survey}/preview/5": "",
        f"{survey}/publish": "survey-publish",
        f"{survey}/stop": "survey-stop",
        f"{survey}/results": "survey-results",
        "/check-ins": "check-ins",
        "/check-ins?view=awaiting": "check-ins-awaiting",
        "/check-ins?view=reviewed": "",
        f"/check-ins/{found.low}": "check-in",
        "/proofs": "proofs",
        "/proofs?view=never": "proofs-never",
        f"/proofs/{found.proof}": "proof",
    }
    wrong = [problem for path, name in pages.items() for problem in await look(page, f"{site}{path}", name)]
    awaiting = await page.request.get(f"{site}/check-ins?view=awaiting")
    number = (await awaiting.text()).split('href="/check-ins/')[1].split('"')[0]
    wrong += await look(page, f"{site}/check-ins/{number}/again", "check-in-again")
    assert wrong == []


async def test_the_tables_below_the_charts_open_and_are_whole_at_every_width(
    world: World, chromium: Browser, site: str
) -> None:
    await months(world)
    page = await (await entered(world, chromium, site)).new_page()
    await page.goto(f"{site}/outcomes")
    for summary in await page.locator("section summary").all():
        await summary.click()
    await expect(page.get_by_role("cell", name="With a reminder", exact=True)).to_be_visible()
    assert await look_again(page, "outcomes-tables") == []


async def test_proofs_are_decided_with_the_keyboard_alone(world: World, chromium: Browser, site: str) -> None:
    found = await months(world)
    page = await (await entered(world, chromium, site)).new_page()
    await page.goto(f"{site}/proofs")
    await tab_to(page, f'a[href="/proofs/{found.proof}"]')
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/proofs/*")
    await tab_to(page, 'button[value="accept"]')
    await page.keyboard.press("Enter")
    await expect(page.locator(".handrail-done")).to_contain_text("Accepted. We tell them. No more to check.")


async def test_check_ins_proofs_and_figures_work_without_javascript(world: World, chromium: Browser, site: str) -> None:
    found = await months(world)
    page = await (await entered(world, chromium, site, javascript=False)).new_page()
    await page.goto(f"{site}/check-ins")
    await page.locator(f'a[href="/check-ins/{found.low}"]').click()
    await page.get_by_label("I rang and spoke to them").check()
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".handrail-done")).to_contain_text("marked as looked at")
    await page.goto(f"{site}/proofs/{found.proof}")
    await page.get_by_role("button", name="Reject and ask for another").click()
    await expect(page.locator(".govuk-error-summary")).to_contain_text("Select why it does not count")
    await page.get_by_label("It shows another day").check()
    await page.get_by_role("button", name="Reject and ask for another").click()
    await page.get_by_role("link", name="Open the last one again").click()
    await page.get_by_role("button", name="It counts after all").click()
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Proof.state).where(Proof.ref == found.proof))).one() is ProofState.ACCEPTED
    await page.goto(f"{site}/outcomes")
    await page.get_by_label("When").select_option("12-months")
    await page.get_by_role("button", name="Show").click()
    assert "period=12-months" in page.url
    await expect(page.get_by_role("img", name="Attendance with and without a reminder")).to_be_visible()


async def test_a_survey_is_tried_stopped_and_published_again(world: World, chromium: Browser, site: str) -> None:
    page: Page = await (await entered(world, chromium, site)).new_page()
    await page.goto(f"{site}/surveys/session_feedback")
    await page.get_by_role("link", name="Try it as a page").click()
    await page.get_by_label("1", exact=True).check()
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("What was missing?")
    await page.get_by_role("link", name="End the preview").click()
    await page.get_by_role("link", name="Stop asking it").click()
    await page.get_by_role("button", name="Stop asking it").click()
    await expect(page.locator(".handrail-done")).to_contain_text("Stopped.")
    await page.get_by_role("link", name="Publish it").click()
    await page.get_by_role("button", name="Publish").click()
    await expect(page.locator(".handrail-done")).to_contain_text("Published.")
