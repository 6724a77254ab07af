"""`handrail referrals`: the form is opened, lists name nobody, and what has ended is emptied."""

import json
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from hub.referrals import receipt
from tests.cli.conftest import Fill, Run
from tests.referring import PERSONAL, refer
from tests.world import World


def test_the_form_is_opened_under_a_word_and_closed(house: Run, fill: Fill) -> None:
    fill(_nothing)
    opened = house("referrals", "form", "Northshire", "--word", "derby-youth")
    assert opened.exit_code == 0, opened.output
    assert "/refer/derby-youth" in opened.output
    assert house("referrals", "form", "Northshire", "--word", "No spaces").exit_code == 1
    assert "Closed" in house("referrals", "form", "Northshire", "--word", "derby-youth", "--closed").output


async def _nothing(_world: World, _session: AsyncSession) -> None:
    """The small invented world is enough."""


def test_lists_name_nobody_and_what_has_ended_is_emptied(house: Run, fill: Fill) -> None:
    async def add(world: World, session: AsyncSession) -> None:
        over = await refer(world, session)
        await receipt.withdraw(world.hub, session, over)
        over.look_at = world.clock.now() - timedelta(days=400)
        await refer(world, session)

    fill(add)
    listed = house("referrals", "list", "--json")
    rows = json.loads(listed.stdout)
    assert [row["state"] for row in rows] == ["withdrawn", "received"]
    assert [words for words in PERSONAL if words in listed.stdout] == []
    assert "1 would be emptied" in house("referrals", "empty", "--dry-run").output
    assert "1 emptied" in house("referrals", "empty").output
    assert "0 emptied" in house("referrals", "empty").output
