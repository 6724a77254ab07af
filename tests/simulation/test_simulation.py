"""Invented weeks with all that can go wrong: every promise holds, and the same seed gives the same history."""

import pytest

from handrail.driving import Kind
from handrail.settings import load
from handrail.simulation import promises, town
from handrail.simulation.faults import ALL, chosen
from handrail.simulation.replies import REPLIES
from handrail.simulation.run import Outcome, simulate
from handrail.simulation.scene import Options
from hub.errors import BadSettings

pytestmark = [pytest.mark.timeout(600)]

SMALL = {"people": 20, "days": 10}  # the clocks change on the seventh day


async def simulated(url: str, **options: object) -> Outcome:
    return await simulate(load(), url, Options(**{**SMALL, **options}))  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
async def test_no_promise_is_broken_whatever_goes_wrong(empty_database: str, seed: int) -> None:
    found = await simulated(empty_database, seed=seed, faults=ALL)
    assert found.violations == []
    assert found.figures.texts_in >= 5
    assert found.figures.texts_out >= 20


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
async def test_who_stands_by_somebody_hears_what_is_theirs_once_whatever_goes_wrong(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Nearly half of the town stands by somebody; they write, mute, leave, are sent away, and the talk is stopped."""
    monkeypatch.setattr(town, "SUPPORTERS", 0.4)
    found = await simulated(empty_database, people=30, seed=seed, faults=ALL)
    assert found.violations == []
    assert found.figures.said_to_others >= 15


@pytest.mark.slow
async def test_in_calm_weeks_nothing_waits_and_nothing_is_missed(empty_database: str) -> None:
    found = await simulated(empty_database, seed=6, days=16)
    assert found.violations == []
    assert found.figures.crashes == 0
    assert found.figures.nudges["missed"] == 0
    assert found.figures.hours_saved > 0


@pytest.mark.slow
async def test_the_same_seed_gives_the_same_history_to_the_byte(empty_databases: tuple[str, str]) -> None:
    one, other = [await simulated(url, seed=8, faults=ALL) for url in empty_databases]
    assert one.fingerprint == other.fingerprint
    assert one.figures == other.figures


def test_people_answer_in_sixty_ways_at_least() -> None:
    assert len(set(REPLIES)) >= 60


def test_faults_are_chosen_by_name() -> None:
    assert chosen("all") == ALL
    assert chosen("none") == frozenset()
    assert chosen("crashes, lost") == {"crashes", "lost"}
    with pytest.raises(BadSettings, match="earthquake"):
        chosen("crashes,earthquake")


def test_every_promise_says_what_it_promises() -> None:
    everything = (*promises.OF_LINES, *promises.OF_TEXTS, *promises.OF_STEPS, *promises.OF_HOURS)
    assert all(promise.__doc__ for promise in everything)
    assert len({promise.__name__ for promise in everything}) == len(everything)


def test_the_driver_knows_when_each_kind_of_work_waits() -> None:
    from handrail.driving import WAITS

    assert set(WAITS) == set(Kind)
