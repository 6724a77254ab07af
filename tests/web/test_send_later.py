"""An answer for later: when it may go out, taking it back, and what happens in between."""

import pytest
from sqlalchemy import select

from hub.store.tables import Message
from hub.words import Side
from tests.web.conftest import Enter
from tests.web.test_inbox import person_in_trouble
from tests.web.test_talk import sent, shown
from tests.world import World

pytestmark = pytest.mark.slow

TOMORROW = {"day": "3", "month": "3", "year": "2026", "clock": "9:30am"}


async def test_an_answer_for_later_waits_can_be_taken_back_and_goes_out_at_its_time(world: World, enter: Enter) -> None:
    ref, number = await person_in_trouble(world)
    priya = await enter()
    path = f"/people/{ref}/messages"
    assert 'value="9:30am"' in (await priya.post(path, conversation=number, body="Good luck", do="later")).text
    later = await priya.post(path, conversation=number, body="Good luck", do="send_later", **TOMORROW)
    assert later.status_code == 303
    page = await shown(priya, ref)
    assert "Will go out on Tue 3 March at 9:30am." in page
    assert "The bot is answering." in page
    assert await sent(world) == []
    async with world.hub.store.transaction() as session:
        message = (await session.scalars(select(Message.id))).one()
    await priya.post(f"{path}/{message}/change")
    assert "Good luck</textarea>" in await shown(priya, ref)
    await priya.post(path, conversation=number, body="Good luck today", do="send_later", **TOMORROW)
    await world.push(days=1)
    assert await sent(world) == ["Good luck today"]


async def test_what_waits_can_be_called_off(world: World, enter: Enter) -> None:
    ref, number = await person_in_trouble(world)
    priya = await enter()
    path = f"/people/{ref}/messages"
    await priya.post(path, conversation=number, body="Good luck", do="send_later", **TOMORROW)
    async with world.hub.store.transaction() as session:
        message = (await session.scalars(select(Message.id))).one()
    other = await enter(Side.VICTIMS)
    assert (await other.post(f"{path}/{message}/cancel")).status_code == 404
    await priya.post(f"{path}/{message}/cancel")
    await world.push(days=1)
    assert await sent(world) == []
    assert "Not sent: a worker took it back" in await shown(await enter(), ref)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"day": "31", "month": "2"}, "The date must be a real one"),
        ({"clock": "soon"}, "The time must be like 2pm, 9:30am or 14:30."),
        ({"day": "2", "clock": "9am"}, "The time must be in the future."),
        ({"year": "2027"}, "within six months"),
        (
            {"clock": "21:30"},
            "between 8am and 8pm. The next time after the one you chose is Wed 4 March at 8am.",
        ),
    ],
)
async def test_a_time_that_cannot_be_is_refused_with_what_would_do(
    world: World, enter: Enter, when: dict[str, str], words: str
) -> None:
    ref, number = await person_in_trouble(world)
    priya = await enter()
    form = {**TOMORROW, **when}
    refused = await priya.post(
        f"/people/{ref}/messages", conversation=number, body="Good luck", do="send_later", **form
    )
    assert refused.status_code == 422
    assert words in refused.text
    assert ">Good luck</textarea>" in refused.text
    assert f'value="{form["clock"]}"' in refused.text
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Message))).all() == []


async def test_what_waits_does_not_go_out_after_stop(world: World, enter: Enter) -> None:
    ref, number = await person_in_trouble(world)
    priya = await enter()
    await priya.post(f"/people/{ref}/messages", conversation=number, body="See you", do="send_later", **TOMORROW)
    await world.text("STOP")
    said = len(world.heard())
    await world.push(days=1)
    await world.settle()
    assert len(world.heard()) == said
    assert "Not sent: they asked us to stop texts" in await shown(await enter(), ref)
