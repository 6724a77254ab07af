"""Ten invented days with a carrier that fails in every way it can: every promise must hold, at every hour."""

import pytest

from handrail.settings import load
from handrail.simulation.people import replies
from handrail.simulation.run import simulate
from tests.world import AssistantOff

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.mark.parametrize("faults", [False, True], ids=["calm", "faulty"])
async def test_ten_days_break_no_promise(database_url: str, faults: bool) -> None:
    found = await simulate(
        load(), database_url, appointments=60, days=10, seed=7, faults=faults, assistant=AssistantOff()
    )
    assert found.broken == []
    assert sum(found.inbound.values()) >= 40
    assert found.nudges["reminder_1_day", "queued", ""] + found.nudges["reminder_1_day", "cancelled", "no_longer_true"]


def test_people_answer_in_sixty_ways_at_least() -> None:
    assert len(set(replies())) >= 60
