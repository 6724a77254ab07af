"""Check-ins and being back as a worker sets them up and looks at them."""

from datetime import date, time, timedelta

import pytest
from playwright.async_api import Browser
from sqlalchemy import select

from hub import check_in_plans, check_ins, return_plans
from hub.check_in_plans import Rhythm
from hub.return_plans import Evenings
from hub.rhythm import WEEKDAYS
from hub.store.tables import CheckIn, Person, Worker
from hub.words import Side, WorkerRole
from tests.browser.looks import Look
from tests.browser.scene import morning
from tests.browser.test_screens import signed_in_context
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]


async def two_weeks(world: World, ref: str) -> int:
    """Sam is asked every fortnight and on every evening, answered once and was silent once."""
    async with world.hub.store.transaction() as session:
        priya = f"worker:{world.workers[Side.SUPERVISION]}"
        sam = (await session.scalars(select(Person).where(Person.ref == ref))).one()
        sam.tier = 3
        rhythm = Rhythm(2, date(2026, 3, 9), time(11), date(2026, 9, 25))
        asked = ["How is the new flat?", "Have you heard from your sister?"]
        plan = await check_in_plans.set_plan(world.hub, session, priya, sam, rhythm, asked)
        wish = Evenings(WEEKDAYS, time(21), date(2026, 3, 2), agreed=True)
        await return_plans.set_plan(world.hub, session, priya, sam, wish)
        made = await check_ins.schedule(world.hub, session, sam, world.clock.now() + timedelta(hours=1), plan)
    await world.push(hours=2)
    for answer in ("2", "4", "skip", "skip", "1", "skip", "1"):
        await world.text(answer)
    await world.push(hours=12)
    return made.id


async def test_no_screen_of_check_ins_is_broken(world: World, chromium: Browser, site: str, look: Look) -> None:
    scene = await morning(world)
    number = await two_weeks(world, scene.ref)
    page = await (await signed_in_context(world, chromium, site)).new_page()
    person = f"/people/{scene.ref}"
    pages = {
        f"{person}/check-ins": "person-check-ins",
        f"{person}/check-in-plan": "check-in-plan",
        f"{person}/check-in-plan/pause": "",
        f"{person}/check-in-plan/end": "",
        f"{person}/check-ins/now": "check-in-now",
        f"{person}/tier": "tier",
        f"{person}/back": "are-they-back",
        f"/check-ins/{number}": "check-in",
        "/check-ins": "",
    }
    problems = [problem for path, name in pages.items() for problem in await look(page, site + path, name)]
    async with world.hub.store.transaction() as session:
        assert await session.scalar(select(CheckIn.feeling).where(CheckIn.id == number)) == 2
        (await session.get_one(Worker, world.workers[Side.SUPERVISION])).role = WorkerRole.ADMINISTRATOR
    problems += await look(page, site + "/settings/check-ins", "settings-check-ins")
    assert problems == []
