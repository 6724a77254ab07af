"""The rhythm of check-ins as another program sets it."""

import pytest

from tests.data_in.caller import Caller, audited
from tests.world import World

RHYTHM = {"weeks": 2, "first_on": "2026-03-09", "time": "11:00", "tier": 3}


async def test_a_rhythm_is_set_shown_and_ended(world: World, supervision: Caller) -> None:
    ref = await supervision.person()
    path = f"/people/{ref}/check-in-plan"
    await supervision.get(path, status=404)
    made = (await supervision.ask("PUT", path, json=RHYTHM)).json()
    assert made == {**RHYTHM, "last_on": None, "paused_until": None}
    assert await supervision.get(path) == made
    await supervision.ask("DELETE", path)
    await supervision.get(path, status=404)
    recorded = await audited(world)
    assert {"check_in_plan_made", "tier_set", "check_in_plan_ended"} <= set(recorded)


async def test_the_same_request_twice_sets_it_once(world: World, supervision: Caller) -> None:
    path = f"/people/{await supervision.person()}/check-in-plan"
    for _ in range(2):
        await supervision.ask("PUT", path, json=RHYTHM, once="rhythm-1")
    assert (await audited(world)).count("check_in_plan_made") == 1


@pytest.mark.parametrize(
    "wrong",
    [{"weeks": 3}, {"first_on": "2026-03-14"}, {"time": "23:00"}, {"last_on": "2026-03-01"}, {"tier": 5}],
)
async def test_what_is_no_rhythm_is_refused(supervision: Caller, wrong: dict[str, object]) -> None:
    path = f"/people/{await supervision.person()}/check-in-plan"
    await supervision.ask("PUT", path, json={**RHYTHM, **wrong}, status=422)


async def test_nobody_of_the_other_side_is_found(supervision: Caller, victims: Caller) -> None:
    ref = await supervision.person()
    await victims.ask("PUT", f"/people/{ref}/check-in-plan", json=RHYTHM, status=404)
