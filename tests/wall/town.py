"""A town: many households in one database, living beside each other on both sides for some days.

Drawn from a seed: the same seed makes the same town, and a household of it can be drawn alone.
"""

import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import select

from hub import settings_links
from hub.calendar_feeds import Scope
from hub.calendar_feeds import make as make_feed
from hub.errors import NotInvited
from hub.store.audit import seal
from hub.store.tables import Conversation, Person, Venue, Worker
from hub.surveys import runs
from hub.words import Side, WorkerRole
from tests.wall import acts, circles
from tests.wall.house import House
from tests.wall.households import SURVEY, Drawn, Household, Member, move_in
from tests.wall.marks import Book, households_of
from tests.wall.places import Places
from tests.wall.rows import Rows, read_rows

WORLDS = int(os.environ.get("HANDRAIL_WALL_WORLDS", "2000"))
A_TOWN = 100  # households
TOWNS = max(1, -(-WORLDS // A_TOWN))
ALONE = [int(each) for each in os.environ.get("HANDRAIL_WALL_HOUSEHOLDS", "").split(",") if each]
FULL_LIVES = 3  # households with a row in every table
SHARED_PLACE = "1 Market Sq, DE1 1AA"


def new_seed() -> str:
    """Given, the same each time on CI, else another one each time: what a new draw finds is for a developer."""
    return os.environ.get("HANDRAIL_WALL_SEED") or ("same" if os.environ.get("CI") else secrets.token_hex(3))


@dataclass
class Town:
    house: House
    number: int
    seed: str
    dice: Random
    book: Book = field(default_factory=Book)
    households: list[Household] = field(default_factory=list)
    tokens: dict[Side, dict[str, str]] = field(default_factory=dict)

    def members(self, side: Side | None = None, agency: int | None = None) -> Sequence[Member]:
        everybody = (member for household in self.households for member in household.members.values())
        return [m for m in everybody if side in (None, m.side) and agency in (None, m.agency)]

    def places(self, side: Side, rows: Rows) -> Places:
        return Places(rows, side, self.tokens[side], self.dice, {"survey": SURVEY[side]})

    async def rows(self) -> Rows:
        """As they are now; the book learns their references."""
        async with self.house.world.hub.store.transaction() as session:
            rows = await read_rows(session)
        self.book.refs = rows.refs()
        return rows

    def again(self, wrong: Sequence[str]) -> str:
        """How to see a fault again: with the households alone whose marks are in it, where it has any."""
        alone = ",".join(map(str, sorted(households_of(wrong))))
        only = f"HANDRAIL_WALL_HOUSEHOLDS={alone} " if alone else ""
        return f"HANDRAIL_WALL_SEED={self.seed} {only}pytest tests/wall -m slow -k 'town_{self.number}]'"


async def found_town(house: House, number: int) -> Town:
    seed = new_seed()
    town = Town(house, number, seed, Random(f"{seed}:{number}"))  # must be repeatable
    for household in ALONE or range(A_TOWN):
        async with house.world.hub.store.transaction() as session:
            drawn = Drawn(f"{seed}:{number}", household)
            town.households.append(await move_in(house.worlds, session, town.book, drawn))
    await house.world.settle()
    await live(town)
    await house.come_in()
    await _open_doors(town)
    return town


async def live(town: Town) -> None:
    """Some days: people write, workers work, texts come due."""
    house, dice, members = town.house, town.dice, town.members()
    await acts.write_all(house, dice, dice.sample(members, -(-len(members) // 2)))
    for member in dice.sample(members, -(-len(members) // 4)):
        await acts.work(house, dice, member)
        await circles.worker_speaks(house, dice, member)
    for member in (each for each in members if each.mother):
        await circles.mother_writes(house, dice, member)
    for household in dice.sample(town.households, -(-len(town.households) // 10)):
        await circles.hand_on_a_code(house, dice, town.book, household)
    await house.world.settle()
    for household in town.households[:FULL_LIVES]:
        for side in Side:
            await acts.live_a_life(house, dice, household, side, town.seed)
    for side in Side:
        await acts.work_in_bulk(house, dice, side)
        await acts.work_of_a_team(house, dice, side, members)
        await acts.ask_providers(house, side, members)
        await acts.make_one_of_two(house, dice, dice.choice(town.households), side)
    await house.world.push(days=1)
    await acts.write_all(house, dice, dice.sample(members, -(-len(members) // 4)))
    await house.world.push(days=1, hours=2)
    async with house.world.hub.store.transaction() as session:
        await seal(session, house.world.clock.now())


async def _open_doors(town: Town) -> None:
    """A link of every kind, one of each side's; and a place that both sides know."""
    world, now = town.house.world, town.house.world.clock.now()
    async with world.hub.store.transaction() as session:
        for side in Side:
            member = next((m for m in town.members(side) if m.agency == 0), town.members(side)[0])
            person = await session.get_one(Person, member.person_id)
            talk = (await session.scalars(select(Conversation).where(Conversation.person_id == person.id))).first()
            boss = await session.get_one(Worker, town.house.desk(side, WorkerRole.SUPERVISOR).worker_id)
            run = None
            if not person.merged_into_id:
                with suppress(NotInvited):  # by a rule of theirs
                    run = await runs.invite(world.hub, session, person, SURVEY[side])
            session.add(Venue(agency_id=world.agency_id, side=side, place=SHARED_PLACE, latitude=52.9, longitude=-1.5,
                              metres=100, set_at=now))  # fmt: skip
            town.tokens[side] = {
                "chat": member.chat,
                "proof": member.chat,
                "me": (await settings_links.make(world.hub, session, talk)).rpartition("/")[2] if talk else "",
                "s": runs.link_to(world.hub, run).rpartition("/")[2] if run else "",
                "calendar": await make_feed(world.hub, session, boss, Scope.TEAM, names=True),
            }
    await world.settle()  # the invitations go out
