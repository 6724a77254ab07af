"""Conditions and silence as a worker sees them, with a request for longer that waits."""

import pytest
from playwright.async_api import Browser
from sqlalchemy import select

from hub import conditions
from hub.states import ConditionState
from hub.store.tables import Condition, Person, Worker
from hub.words import Side, WorkerRole
from tests.browser.looks import Look
from tests.browser.scene import morning
from tests.browser.test_screens import signed_in_context
from tests.integration.test_case_dates import day, open_case
from tests.integration.test_conditions import ask_longer, decide
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

TASKS = (("Write a letter to say sorry", 5), ("Pay for the window", 12), ("Finish the drug awareness course", 40))


async def test_no_screen_of_conditions_is_broken(world: World, chromium: Browser, site: str, look: Look) -> None:
    scene = await morning(world)
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person).where(Person.ref == scene.ref))).one()
        case = await open_case(world, session, person)
        for words, ahead in TASKS:
            await conditions.add(world.hub, session, "worker:1", case, words, day(world, ahead))
        (await session.get_one(Worker, world.workers[Side.SUPERVISION])).role = WorkerRole.SUPERVISOR
    async with world.hub.store.transaction() as session:
        numbers = list(await session.scalars(select(Condition.id).order_by(Condition.id)))
    await world.push(days=5)
    await decide(world, numbers[0], ConditionState.DONE)
    await world.push(days=5)
    await ask_longer(world, numbers[1], "2 more weeks pls, get paid on the 20th", day(world, 20))
    page = await (await signed_in_context(world, chromium, site)).new_page()
    here = f"/people/{scene.ref}"
    pages = {
        f"{here}/conditions": "conditions",
        f"{here}/conditions/{numbers[1]}": "condition",
        f"{here}/conditions/{numbers[0]}": "",
        f"{here}/conditions/new": "condition-new",
        f"{here}/conditions/{numbers[1]}/change": "",
        f"{here}/silence": "silence",
        here: "",
    }
    assert [problem for path, name in pages.items() for problem in await look(page, site + path, name)] == []
