"""What happens on one side changes nothing that the other can see: no count, no badge, no order of a list, no row.

The pages of one side are looked at, a lot happens on the other, and they are looked at again: they are the same, piece
by piece. A page that changes by being looked at (it says who looked) is no witness: it is looked at twice before.
"""

from collections.abc import Mapping
from typing import Any

from hub.store.audit import seal
from hub.words import Side, WorkerRole
from tests.wall import acts
from tests.wall.house import Desk
from tests.wall.looking import differing, pages, shown
from tests.wall.marks import OTHER
from tests.wall.on_pages import is_worth_looking, look, own_addresses
from tests.wall.places import Places
from tests.wall.town import Town

HOURS = {"contact_from": "13:00", "contact_until": "14:00", "open_from": "09:00", "open_until": "17:00",
         "time_zone": "Europe/London", "holidays": "ENG"}  # fmt: skip
LOOKS = {  # forms that only ask: what they answer is looked at before and after, too
    "/settings/hours": HOURS,
    "/settings/audit": {"kind": "changed"},
    "/outbox": {"view": "going"},
    "/send": {"language": "en"},
    "/people": {"words": "Kim"},
    "/inbox/search": {"words": "Both"},
}


async def nothing_moves(town: Town, places: Places, role: WorkerRole) -> list[str]:
    side, desk = places.side, town.house.desk(places.side, role)
    addresses = own_addresses(town, places, desk)
    first, wrong = await look(town, desk, addresses)
    if role in (WorkerRole.WORKER, WorkerRole.SUPERVISOR):
        wrong += is_worth_looking(first)
    first = {**first, **await answers(desk)}
    second = await pages(desk, addresses) | await answers(desk)
    rows = (await town.rows()).of_side(side)
    await stir(town, OTHER[side])
    wrong += [f"an act of {OTHER[side]} changes {each}" for each in moved(rows, (await town.rows()).of_side(side))]
    third = await pages(desk, addresses) | await answers(desk)
    witnesses = {path: text for path, text in second.items() if first[path] == text}
    wrong += [f"{side} {role} sees an act of {OTHER[side]}: {each}" for each in differing(witnesses, third)]
    return wrong


async def answers(desk: Desk) -> dict[str, str]:
    return {f"POST {path}": shown(await desk.post(path, **fields)) for path, fields in LOOKS.items()}


async def stir(town: Town, side: Side) -> None:
    """Everything that can happen on a side in a moment; the clock stands still."""
    house, dice, members = town.house, town.dice, town.members(side)
    for text in ("STOP", "who is this", "wrong person", "i want to die {mark}", "call me {mark}", ""):
        for member in dice.sample(members, min(2, len(members))):
            await acts.write(house, dice, member, text.format(mark=member.mark))
    await house.world.settle()
    for member in dice.sample(members, min(6, len(members))):
        await acts.work(house, dice, member)
    await acts.work_of_a_team(house, dice, side, members)
    await acts.work_in_bulk(house, dice, side)
    await acts.live_a_life(house, dice, town.households[-1], side, f"{town.seed}:stir")
    await acts.make_one_of_two(house, dice, dice.choice(town.households), side)
    await house.world.settle()
    async with house.world.hub.store.transaction() as session:
        await seal(session, house.world.clock.now())


def moved(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> list[str]:
    """The rows that are not as they were."""
    return [f"{table} {key}" for table, key in before.keys() | after.keys()
            if before.get((table, key)) != after.get((table, key))]  # fmt: skip
