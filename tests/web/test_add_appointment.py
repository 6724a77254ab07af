"""A new appointment: what follows is shown first, then it is made; the day and the week that it stands in."""

from typing import Any

import pytest
from sqlalchemy import select

from hub.states import NudgeState
from hub.store.tables import Appointment, AppointmentSeries, Nudge, Person
from hub.words import Side
from tests.web.conftest import Enter
from tests.world import World

pytestmark = pytest.mark.slow


def form(world: World, ref: str, **other: Any) -> dict[str, Any]:
    return {
        "person": ref,
        "day": "2026-03-12",
        "clock": "15:30",
        "minutes": "30",
        "how": "in_person",
        "place": "1 High St",
        "with_whom": "Priya",
        "worker": world.workers[Side.SUPERVISION],
        "repeats": "",
    } | other


async def sam(world: World) -> str:
    async with world.hub.store.transaction() as session:
        return (await world.person(session))[0].ref


async def stored(world: World) -> list[Appointment]:
    async with world.hub.store.transaction() as session:
        return list((await session.scalars(select(Appointment).order_by(Appointment.starts_at))).all())


async def planned(world: World) -> int:
    async with world.hub.store.transaction() as session:
        return len((await session.scalars(select(Nudge.id).where(Nudge.state == NudgeState.PLANNED))).all())


async def test_the_reminders_are_shown_before_it_is_made_and_are_those_that_are_planned(
    world: World, enter: Enter
) -> None:
    ref, priya = await sam(world), await enter()
    assert "Sam Carter" in (await priya.get(f"/appointments/new?person={ref}")).text
    check = await priya.post("/appointments/new", **form(world, ref))
    assert "Thu 12 March at 3:30pm" in check.text
    assert "Adding this plans 3 reminders." in check.text
    assert "They are told nothing at once." in check.text
    assert await stored(world) == []
    assert (await priya.post("/appointments/new", **form(world, ref, sure="yes"))).status_code == 303
    (made,) = await stored(world)
    assert made.starts_at.isoformat() == "2026-03-12T15:30:00+00:00"
    assert await planned(world) == 3


async def test_what_was_typed_comes_back_to_be_changed(world: World, enter: Enter) -> None:
    ref = await sam(world)
    again = await (await enter()).post("/appointments/new", **form(world, ref, change="yes"))
    assert 'value="2026-03-12"' in again.text
    assert 'value="1 High St"' in again.text


async def test_it_can_repeat_every_two_weeks_until_a_day(world: World, enter: Enter) -> None:
    ref, priya = await sam(world), await enter()
    repeated = form(world, ref, repeats="every 2 weeks", until="2026-04-23")
    assert "every 2 weeks on Thursday until 23 April 2026" in (await priya.post("/appointments/new", **repeated)).text
    await priya.post("/appointments/new", **repeated, sure="yes")
    assert [each.starts_at.isoformat() for each in await stored(world)] == [
        "2026-03-12T15:30:00+00:00",
        "2026-03-26T15:30:00+00:00",
        "2026-04-09T14:30:00+00:00",  # the clocks have changed: half past three on the wall all the same
        "2026-04-23T14:30:00+00:00",
    ]
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(AppointmentSeries))).one().with_whom == "Priya"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"person": "ZZZZZZZZ"}, "Nobody of yours has this reference."),
        ({"day": "2026-02-01"}, "Enter a day and a time to come"),
        ({"day": "2026-03-29", "clock": "01:30"}, "Enter a day and a time to come"),  # the clock skips it
        ({"clock": "9"}, "Enter a day and a time to come"),
        ({"place": ""}, "Enter the place."),
        ({"with_whom": ""}, "Enter who they meet"),
        ({"minutes": "2"}, "5 to 600"),
        ({"worker": "1000000"}, "Select whose diary"),
        ({"repeats": "every week", "until": "2026-03-01"}, "Enter the last day"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_made(
    world: World, enter: Enter, other: dict[str, str], said: str
) -> None:
    ref = await sam(world)
    refused = await (await enter()).post("/appointments/new", **form(world, ref, sure="yes", **other))
    assert refused.status_code == 422
    assert said in refused.text
    assert await stored(world) == []


async def test_what_is_to_be_minded_is_said_before(world: World, enter: Enter) -> None:
    ref, priya = await sam(world), await enter()
    await priya.post("/appointments/new", **form(world, ref, sure="yes"))
    assert (
        "They have another appointment then"
        in (await priya.post("/appointments/new", **form(world, ref, clock="15:45"))).text
    )
    assert (
        "weekend or a bank holiday"
        in (await priya.post("/appointments/new", **form(world, ref, day="2026-04-03"))).text
    )
    async with world.hub.store.transaction() as session:
        (await session.scalars(select(Person))).one().ended_at = world.clock.now()
    assert (
        "No reminder can go out" in (await priya.post("/appointments/new", **form(world, ref, day="2026-03-11"))).text
    )


async def test_the_week_shows_each_day_and_whose_it_is(world: World, enter: Enter) -> None:
    ref, priya = await sam(world), await enter()
    await priya.post("/appointments/new", **form(world, ref, sure="yes"))
    week = (await priya.get("/appointments?view=week&day=2026-03-10")).text
    assert "9 to 15 March 2026" in week
    assert week.count("handrail-week__day") >= 7
    assert "Carter, Sam" in week
    assert "day=2026-03-16" in week
    assert "Carter, Sam" not in (await priya.get("/appointments?view=week&day=2026-03-17")).text
    assert "Carter, Sam" in (await priya.get("/appointments?day=2026-03-12&whose=mine")).text
    tom = await enter(name="Tom Field")
    assert "Carter, Sam" not in (await tom.get("/appointments?day=2026-03-12&whose=mine")).text


async def test_what_happened_is_said_in_the_list(world: World, enter: Enter) -> None:
    ref, priya = await sam(world), await enter()
    await priya.post("/appointments/new", **form(world, ref, day="2026-03-02", clock="10:30", sure="yes"))
    assert "Did not come" not in (await priya.get("/appointments")).text
    await world.push(minutes=45)
    priya = await enter()
    page = (await priya.get("/appointments")).text
    assert "Did not come" in page
    (made,) = await stored(world)
    answer = await priya.post(
        f"/appointments/outcomes/{made.ref}", outcome="attended", here="day=2026-03-02&view=day&whose="
    )
    assert answer.headers["location"] == f"/appointments?day=2026-03-02&view=day&whose=#row-{made.ref}"
    assert [each.state for each in await stored(world)] == ["attended"]
    away = await priya.post(f"/appointments/outcomes/{made.ref}", here="//example.org")
    assert away.headers["location"] == "/appointments"


async def test_the_end_of_a_series_is_shown_before_and_keeps_what_came_before(world: World, enter: Enter) -> None:
    ref, priya = await sam(world), await enter()
    await priya.post("/appointments/new", **form(world, ref, repeats="every week", until="2026-04-09", sure="yes"))
    second = (await stored(world))[1]
    before = await planned(world)
    page = await priya.post(f"/appointments/{second.ref}/end-series")
    assert "Ending the series cancels 9 reminders." in page.text
    assert "have come to their end" in page.text, "what Sam will read"
    assert await planned(world) == before
    assert (await priya.post(f"/appointments/{second.ref}/end-series", sure="yes")).status_code == 303
    assert [each.state for each in await stored(world)] == ["planned", "planned", *["cancelled"] * 3]


async def test_a_series_changes_for_what_lies_ahead_and_what_follows_is_shown_before(
    world: World, enter: Enter
) -> None:
    ref, priya = await sam(world), await enter()
    await priya.post("/appointments/new", **form(world, ref, repeats="every week", until="2026-04-09", sure="yes"))
    first, second, *_ = await stored(world)
    await priya.post(f"/appointments/{second.ref}/move", day="2026-03-20", clock="09:00", sure="yes")
    asked = (await priya.get(f"/appointments/{first.ref}/series")).text
    assert 'value="2026-03-12"' in asked, "the next one"
    assert 'value="2026-04-09"' in asked, "the last one"
    wanted = {
        "day": "2026-03-11",
        "clock": "10:00",
        "repeats": "every week",
        "until": "2026-04-08",
        "place": "2 Low St",
    }
    page = (await priya.post(f"/appointments/{first.ref}/series", **wanted)).text
    assert "every week on Wednesday until 8 April 2026 at 10:00, 2 Low St" in page
    assert "They get this text at once" in page
    assert {each.place for each in await stored(world)} == {"1 High St"}, "nothing has changed yet"
    assert (await priya.post(f"/appointments/{first.ref}/series", **wanted, sure="yes")).status_code == 303
    standing = [(each.starts_at, each.place) for each in await stored(world) if each.state == "planned"]
    days = [f"{at:%d %b %H:%M} {place}" for at, place in standing]
    assert "20 Mar 09:00 1 High St" in days, "what was moved by hand stays"
    assert {"11 Mar 10:00 2 Low St", "25 Mar 10:00 2 Low St", "08 Apr 09:00 2 Low St"} <= set(days), days


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day": "2026-02-01"}, "Enter a day and a time to come"),
        ({"repeats": ""}, "Select how often"),
        ({"place": ""}, "Enter where it is"),
        ({"until": "2026-03-01"}, "Enter the last day, after the first one"),
    ],
)
async def test_what_a_series_cannot_be_is_said_beside_the_field(
    world: World, enter: Enter, typed: dict[str, str], words: str
) -> None:
    ref, priya = await sam(world), await enter()
    await priya.post("/appointments/new", **form(world, ref, repeats="every week", sure="yes"))
    made, *_ = await stored(world)
    wanted = {"day": "2026-03-11", "clock": "10:00", "repeats": "every week", "until": "", "place": "2 Low St"} | typed
    page = await priya.post(f"/appointments/{made.ref}/series", **wanted)
    assert page.status_code == 422
    assert words in page.text


async def test_what_does_not_repeat_has_no_series_to_end(world: World, enter: Enter) -> None:
    ref, priya = await sam(world), await enter()
    await priya.post("/appointments/new", **form(world, ref, sure="yes"))
    (made,) = await stored(world)
    assert (await priya.post(f"/appointments/{made.ref}/end-series", sure="yes")).status_code == 404
    assert (await priya.get(f"/appointments/{made.ref}/series")).status_code == 404
