"""Surveys as a worker sees them: who is asked and who is not, what was said and changed, who did not answer."""

from datetime import date, timedelta

import pytest
from playwright.async_api import Browser
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import marks
from hub.states import SurveyState
from hub.store.tables import Answer, Person, SurveyRun, Worker
from hub.surveys import answers, inviting
from hub.words import ChannelKind, Side, WorkerRole
from tests.browser.looks import Look
from tests.browser.scene import morning
from tests.browser.test_screens import signed_in_context
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

SURVEY = "session_feedback"


async def asked(world: World, ref: str) -> int:
    """Sam was asked, changed an answer on the page, and has something noted; sixty others answered or did not."""
    priya = f"worker:{world.workers[Side.SUPERVISION]}"
    async with world.hub.store.transaction() as session:
        sam = (await session.scalars(select(Person).where(Person.ref == ref))).one()
        run = (await inviting.invite(world.hub, session, priya, sam, SURVEY)).run
        assert run
        for question, said, where in (
            ("useful", "1", "sms"),
            ("useful", "4", "page"),
            ("respected", "2", "sms"),
            ("own_words", "More time to talk would have been good", "page"),
        ):
            await answers.answer(world.hub, session, run, question, said, where)
        await marks.set_marks(
            world.hub, session, priya, sam, {marks.DOMESTIC_ABUSE: None, marks.BEREAVED: date(2026, 2, 20)}
        )
        for number in range(60):
            await _somebody(world, session, number)
        return run.id


async def _somebody(world: World, session: AsyncSession, number: int) -> None:
    channel = ChannelKind.TELEGRAM if number % 3 == 0 else ChannelKind.SMS
    address = f"{900400 + number}" if channel is ChannelKind.TELEGRAM else f"+4477009004{number:02}"
    person, _ = await world.person(session, name=f"Person {number}", channel=channel, address=address)
    person.language = "cy" if number % 5 == 0 else "en"
    at = world.clock.now() - timedelta(days=number % 50 + 1)
    state = SurveyState.COMPLETED if number % 4 else SurveyState.EXPIRED
    run = SurveyRun(survey=SURVEY, person_id=person.id, state=state, invited_at=at, state_at=at, expires_at=at)
    session.add(run)
    await session.flush()
    if state is SurveyState.COMPLETED:
        said = {"useful": str(3 + number % 3), "respected": "yes" if number % 6 else "no"}
        session.add_all(Answer(run_id=run.id, question=q, code=code, answered_at=at) for q, code in said.items())


async def test_no_screen_of_surveys_is_broken(world: World, chromium: Browser, site: str, look: Look) -> None:
    scene = await morning(world)
    number = await asked(world, scene.ref)
    page = await (await signed_in_context(world, chromium, site)).new_page()
    tab = f"/people/{scene.ref}/surveys"
    pages = {
        tab: "person-surveys",
        f"{tab}/invite": "survey-invite",
        f"{tab}/marks": "person-marks",
        f"{tab}/{number}": "person-survey",
        f"/surveys/{SURVEY}": "survey",
        f"/surveys/{SURVEY}/results": "survey-results",
    }
    problems = [problem for path, name in pages.items() for problem in await look(page, site + path, name)]
    async with world.hub.store.transaction() as session:
        (await session.get_one(Worker, world.workers[Side.SUPERVISION])).role = WorkerRole.SUPERVISOR
    problems += await look(page, f"{site}/surveys/{SURVEY}/invite", "survey-invite-several")
    assert problems == [], "\n".join(problems)
