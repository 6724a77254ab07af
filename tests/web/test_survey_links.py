"""The link in the invitation to a survey and in its one reminder."""

import re

import pytest

from hub.surveys import runs
from hub.words import Role
from tests.web.conftest import Visitor
from tests.world import World

pytestmark = pytest.mark.slow

NUMBER = "+447700900202"


async def invited_and_reminded(world: World, *, discreet: bool) -> tuple[str, str]:
    """The two texts."""
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM, name="Vera Lind", address=NUMBER, discreet=discreet)
        await runs.invite(world.hub, session, person, "victim_satisfaction")
    await world.push(minutes=5)
    await world.push(days=4)
    invitation, reminder = world.heard(NUMBER)
    return invitation, reminder


async def test_the_link_of_the_invitation_and_of_the_reminder_both_work(world: World, visitor: Visitor) -> None:
    texts = await invited_and_reminded(world, discreet=False)
    links = [re.findall(r"http\S+/s/[\w-]+", text) for text in texts]
    assert len(links[0]) == 1
    assert links[0] == links[1]
    page = await visitor.get("/s/" + links[0][0].rpartition("/")[2])
    assert page.status_code == 200
    assert "Exit this page" in page.text


async def test_each_person_has_a_link_of_their_own(world: World) -> None:
    tokens = set()
    for number in range(3):
        async with world.hub.store.transaction() as session:
            person, _ = await world.person(
                session, role=Role.VICTIM, name=f"Vera {number}", address=f"+44770090020{number}"
            )
            await runs.invite(world.hub, session, person, "victim_satisfaction")
        await world.push(minutes=5)
        tokens.add(world.heard(f"+44770090020{number}")[0].rpartition("/s/")[2])
    assert len(tokens) == 3
    assert min(map(len, tokens)) >= 20


@pytest.mark.parametrize("word", ["http", "crime", "victim", "police", "case", "Northshire"])
async def test_a_phone_that_others_may_read_gets_no_link_and_no_reason(world: World, word: str) -> None:
    for text in await invited_and_reminded(world, discreet=True):
        assert word not in text
