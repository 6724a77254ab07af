"""Cases, their timeline, closing one, and feedback both ways: as workers and providers see them."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from hub import appointments, conditions, feedback
from hub.store.tables import Case, Worker
from hub.surveys import answers, runs
from hub.words import AppointmentState, Side
from tests.browser.looks import Look, look_again
from tests.browser.test_screens import signed_in_context
from tests.browser.valid import invalid
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]


async def sam_on_a_contract(world: World) -> tuple[str, int, str]:
    """(person, case, session held): two things agreed, a session held and talked about, one ahead."""
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        case = Case(
            agency_id=person.agency_id, side=person.side, person=person, kind="deferred_prosecution",
            reference="NS/2026/17", worker_id=person.worker_id, opened_at=world.clock.now() - timedelta(hours=3),
        )  # fmt: skip
        session.add(case)
        await session.flush()
        today = world.clock.now().date()
        for words, days in (("Write a letter to say sorry", 20), ("Finish the alcohol course", 60)):
            await conditions.add(world.hub, session, "worker:1", case, words, today + timedelta(days=days))
        held, _ = [
            await appointments.schedule(
                world.hub, session, "worker:1", person=person, starts_at=world.clock.now() + timedelta(hours=hours),
                with_whom="Turning Corners", place="2 Mill Road", case_id=case.id,
            )
            for hours in (-1, 76)
        ]  # fmt: skip
        await appointments.set_outcome(world.hub, session, "worker:1", held, AppointmentState.ATTENDED)
        run = await runs.open_run(session, person)
        assert run
        for question, said in (("useful", "4"), ("respected", "yes"), ("own_words", "the room was cold")):
            await answers.answer(world.hub, session, run, question, said)
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        await feedback.on_session(
            world.hub, session, worker, held, "planned", 3, look=False, words="Came with notes, asked a lot."
        )
        return person.ref, case.id, held.ref


async def test_no_screen_of_a_contract_is_broken(world: World, chromium: Browser, site: str, look: Look) -> None:
    ref, number, held = await sam_on_a_contract(world)
    await world.settle()
    page = await (await signed_in_context(world, chromium, site)).new_page()
    cases = f"/people/{ref}/cases"
    pages = {
        f"{cases}/{number}/timeline": "person-timeline",
        f"{cases}/{number}/close": "case-close",
        f"/people/{ref}/surveys": "person-feedback",
        f"/appointments/{held}": "appointment-feedback",
        f"/appointments/{held}/feedback": "feedback-session",
        "/feedback": "feedback",
        "/feedback/provider": "feedback-provider",
    }
    assert [problem for path, name in pages.items() for problem in await look(page, site + path, name)] == []
    await page.goto(f"{site}{cases}/{number}/close")
    await page.get_by_label("They did what was agreed").check()
    await page.get_by_role("button", name="See what they are told").click()
    await expect(page.locator(".handrail-preview")).to_contain_text("Well done, Sam")
    found = [*invalid(await page.content()), *await look_again(page, "case-close-check")]
    assert found == []
    await page.get_by_role("button", name="Close it and tell them").click()
    await expect(page.get_by_role("status")).to_contain_text("The case is closed.")
