"""The figures of check-ins against a month that can be counted by hand; nobody is one of three."""

from datetime import timedelta

from hub import check_ins
from hub.reading.outcomes import check_ins as outcomes
from hub.reading.outcomes.figure import Figure
from hub.reading.outcomes.scope import WEEKS, Scope
from hub.states import CheckInState
from hub.store.tables import Agency
from hub.words import Side
from tests.world import World

Given = tuple[int | None, list[str]]
WELL: Given = (2, [])


async def asked(world: World, answers: list[Given]) -> dict[str, Figure]:
    """One check-in each, of as many people. A feeling of None: nobody answered."""
    async with world.hub.store.transaction() as session:
        for number, (feeling, needs) in enumerate(answers):
            person, _ = await world.person(session, address=f"+4477009001{number:02}")
            made = check_ins.new(person, world.clock.now() - timedelta(days=5))
            made.state, made.feeling, made.needs = CheckInState.EXPIRED, feeling, needs
            if feeling:
                made.state, made.answered_at = CheckInState.ANSWERED, made.due_at + timedelta(hours=1)
            session.add(made)
        await session.flush()
        agency = await session.get_one(Agency, world.agency_id)
        now = world.clock.now()
        scope = Scope(agency, Side.SUPERVISION, None, WEEKS, now - timedelta(weeks=4), now)
        read = (outcomes.figure, outcomes.feelings, outcomes.needs)
        found = [await one(world.hub, session, scope) for one in read]
    return {figure.key: figure for figure in found}


def cells(figure: Figure) -> dict[str, tuple[object, ...]]:
    return {row.label: row.cells for row in figure.rows}


async def test_answered_and_not(world: World) -> None:
    found = await asked(world, [WELL] * 15 + [(None, [])] * 5)
    assert cells(found["check-ins"]) == {
        "Answered in time": (15, "75%"),
        "Answered late": (0, "0%"),
        "Not answered": (5, "25%"),
    }


async def test_a_handful_is_not_shown_and_nor_is_what_would_tell_it(world: World) -> None:
    found = await asked(world, [WELL] * 10 + [(5, [])] * 2)
    assert set(cells(found["check-in-feelings"]).values()) == {("Too few to show", "Too few to show")}


async def test_needs_of_today_and_of_before_are_counted_together(world: World) -> None:
    found = await asked(world, [(3, ["housing"])] * 3 + [(3, ["home"])] * 3 + [(3, ["money"])] * 2)
    counted = cells(found["check-in-needs"])
    assert counted["A home"] == (6,)
    assert counted["Money"] == ("Too few to show",)
    assert counted["Family"] == (0,)
