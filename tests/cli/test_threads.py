"""`handrail threads`: who stands by whom, by reference; stopping the talk; what is over."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from hub.people import name_of
from hub.store.tables import Person, Worker
from hub.threads import members
from hub.threads.standing import thread_for
from hub.words import Relation, Role, Sees, Side
from tests.cli.conftest import Fill, Run
from tests.world import World

pytestmark = pytest.mark.slow  # a process or a database of its own for each command


def circle(fill: Fill) -> dict[str, str]:
    """References by first name: Rita may chat; Owen’s time is over; Max has left. And Vera’s friend Jo."""
    refs: dict[str, str] = {}

    async def add(world: World, session: AsyncSession) -> None:
        sam, _ = await world.person(session)
        await joined(world, session, sam, "Rita Brown", 3, Sees.CHAT)
        over = await joined(world, session, sam, "Owen Hart", 4, Sees.DATES)
        over.ends_at = world.clock.now() - timedelta(days=1)
        left = await joined(world, session, sam, "Max Lee", 5, Sees.PROGRESS)
        await members.end(world.hub, session, f"person:{sam.id}", left, "revoked")
        vera, _ = await world.person(session, role=Role.VICTIM, name="Vera Cole", address="+447700900202")
        jo = await world.person(
            session, role=Role.SUPPORTER, side=Side.VICTIMS, name="Jo Friend", address="+447700900204"
        )
        await members.join(
            world.hub, session, await thread_for(session, vera, world.clock.now()), jo[0], sees=Sees.DATES,
            relation=Relation.FRIEND,
        )  # fmt: skip
        for person in (sam, vera, jo[0], *people):
            refs[name_of(world.hub, person).split(" ")[0]] = person.ref
        for side in Side:
            refs[side] = (await session.get_one(Worker, world.workers[side])).email

    people: list[Person] = []

    async def joined(world: World, session: AsyncSession, sam: Person, name: str, number: int, sees: Sees) -> Any:
        who, _ = await world.person(session, role=Role.SUPPORTER, name=name, address=f"+44770090010{number}")
        people.append(who)
        thread = await thread_for(session, sam, world.clock.now())
        return await members.join(world.hub, session, thread, who, sees=sees, relation=Relation.MENTOR)

    fill(add)
    return refs


def as_json(run: Run, *words: str) -> list[dict[str, Any]]:
    done = run("threads", *words, "--json")
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_the_list_has_both_sides_by_reference_and_names_nobody(house: Run, fill: Fill) -> None:
    refs = circle(fill)
    rows = as_json(house, "list")
    assert [(row["person"], row["side"], row["in_force"], row["paused"]) for row in rows] == [
        (refs["Sam"], "supervision", 1, None),
        (refs["Vera"], "victims", 1, None),
    ]
    table = house("threads", "list").stdout
    assert refs["Sam"] in table
    for name in ("Carter", "Sam ", "Vera", "7700900"):
        assert name not in table


def test_one_thread_says_who_may_see_what_until_when(house: Run, fill: Fill) -> None:
    refs = circle(fill)
    rows = {row["supporter"]: row for row in as_json(house, "show", refs["Sam"].lower())}
    said = {name: (rows[refs[name]]["sees"], rows[refs[name]]["state"]) for name in ("Rita", "Owen", "Max")}
    assert said == {"Rita": ("chat", "in force"), "Owen": ("dates", "over"), "Max": ("progress", "left")}
    assert rows[refs["Max"]]["why"] == "revoked"
    assert refs["Jo"] not in rows, "whoever stands by somebody of the other side is in another thread"
    assert "Rita" not in house("threads", "show", refs["Sam"]).stdout
    assert "thread_viewed" in house("audit", "show").stdout


def test_who_has_no_thread_is_not_there(house: Run, fill: Fill) -> None:
    refs = circle(fill)
    done = house("threads", "show", refs["Rita"])
    assert done.exit_code == 1
    assert "Traceback" not in done.output


def test_the_talk_is_stopped_and_goes_on_as_somebody_and_a_dry_run_changes_nothing(house: Run, fill: Fill) -> None:
    refs = circle(fill)
    by = ("--as", refs[Side.SUPERVISION])
    assert house("threads", "pause", refs["Sam"], *by, "--dry-run").exit_code == 0
    assert as_json(house, "list")[0]["paused"] is None
    assert house("threads", "pause", refs["Sam"], *by).exit_code == 0
    assert as_json(house, "list")[0]["paused"]
    assert house("threads", "resume", refs["Sam"], *by, "--dry-run").exit_code == 0
    assert as_json(house, "list")[0]["paused"]
    assert house("threads", "resume", refs["Sam"], *by).exit_code == 0
    assert as_json(house, "list")[0]["paused"] is None


def test_a_worker_of_the_other_side_stops_nothing(house: Run, fill: Fill) -> None:
    refs = circle(fill)
    assert house("threads", "pause", refs["Sam"], "--as", refs[Side.VICTIMS]).exit_code == 1
    assert as_json(house, "list")[0]["paused"] is None


def test_what_is_over_is_ended_once(house: Run, fill: Fill) -> None:
    refs = circle(fill)
    assert "near: 1." in house("threads", "expire", "--dry-run").stdout
    assert {row["supporter"]: row["state"] for row in as_json(house, "show", refs["Sam"])}[refs["Owen"]] == "over"
    assert "near: 1." in house("threads", "expire").stdout
    assert {row["supporter"]: row["state"] for row in as_json(house, "show", refs["Sam"])}[refs["Owen"]] == "left"
    assert "near: 0." in house("threads", "expire").stdout
