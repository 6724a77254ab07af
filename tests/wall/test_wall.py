"""The two sides never meet: thousands of random worlds, in which the same human is on both, and nothing crosses.

Each world is a household: what its two records share, and what is done there, is drawn by lot (households.py, acts.py).
A hundred live in one database, a town, so that they can get in each other's way, and so that 2,000 take minutes.

Not drawn by Hypothesis: its way to a small example is to run hundreds more, and one town takes many seconds. Here a
fault carries the mark of its household, so the small example is known at once; the message says how to see it alone:

    HANDRAIL_WALL_SEED=4f1a2b HANDRAIL_WALL_HOUSEHOLDS=17 pytest tests/wall -m slow -k 'town_3]'
    HANDRAIL_WALL_WORLDS=20000 pytest tests/wall -m slow    # a night's worth; 2,000 otherwise
"""

from collections.abc import Iterator

import pytest

from handrail import logs
from hub.words import Side, WorkerRole
from tests.wall import on_pages, outside
from tests.wall.house import House
from tests.wall.marks import OTHER
from tests.wall.places import Places
from tests.wall.quietly import moved, nothing_moves
from tests.wall.town import TOWNS, Town, found_town

pytestmark = pytest.mark.slow

SIDES = list(Side)
LOOKERS = (WorkerRole.SUPERVISOR, WorkerRole.WORKER, WorkerRole.PROVIDER, WorkerRole.ANALYST, WorkerRole.ADMINISTRATOR)


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    yield
    logs.configure()


@pytest.mark.timeout(900)  # about 30 seconds on a machine that has nothing else to do
@pytest.mark.parametrize("number", range(TOWNS), ids=lambda number: f"town_{number}")
async def test_nothing_crosses_between_the_sides(
    house: House, number: int, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    logs.configure(level=0)
    town = await found_town(house, number)
    places = town.places(SIDES[number % 2], await town.rows())  # the next one is looked at from the other side
    wrong = [*outside.texts(town), *await nothing_moves(town, places, LOOKERS[number // 2 % len(LOOKERS)])]
    wrong += await asked(town, places, (WorkerRole.WORKER, WorkerRole.SUPERVISOR)[number // 2 % 2])
    wrong += [f"a row of two sides: {row}" for row in (await town.rows()).of_two_sides()]
    written = capsys.readouterr()
    wrong += [f"the log tells {each}" for each in town.book.private(written.out + written.err + caplog.text)]
    if wrong:
        pytest.fail("\n".join([*wrong, f"See it again: {town.again(wrong)}"]), pytrace=False)


async def asked(town: Town, places: Places, role: WorkerRole) -> list[str]:
    """A worker, another program and whoever is looked after ask for the other side’s; nothing changes there."""
    side, desk = places.side, town.house.desk(places.side, role)
    wrong = [*await on_pages.no_oracle(town, desk, places), *await on_pages.search(town, desk, places)]
    for ask in (on_pages.suggestions, on_pages.numbers, on_pages.found_by):
        wrong += await ask(town, desk)
    before = (await town.rows()).of_side(OTHER[side])
    wrong += [*await on_pages.forms_with_theirs(town, desk, places), *await outside.api(town, side, places)]
    wrong += [*await outside.imports(town, side), *await outside.codes(town, side)]
    wrong += await outside.own_words(town, side)
    after = (await town.rows()).of_side(OTHER[side])
    return wrong + [f"a form of {side} changes {each}" for each in moved(before, after)]
