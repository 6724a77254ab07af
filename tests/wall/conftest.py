"""A house for every town of the wall."""

from collections.abc import AsyncIterator

import pytest

from tests.wall.house import House, open_house
from tests.world import World


@pytest.fixture
async def house(world: World) -> AsyncIterator[House]:
    async with open_house(world) as opened:
        yield opened
