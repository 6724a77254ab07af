"""Calendar links: made once, read with a token, revoked; the file says what it should in every zone and season."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from hub import appointments
from hub.reading.calendar import Entry
from hub.store.tables import Worker
from hub.words import Side, WorkerRole
from inbox.calendar_file import calendar
from tests.web.conftest import Enter, Visitor
from tests.world import World

pytestmark = pytest.mark.slow

ZONES = ("Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")


async def sam(world: World, **other: object) -> str:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        details: dict[str, object] = {"worker_id": world.workers[Side.SUPERVISION], "place": "1 High St"} | other
        await appointments.schedule(
            world.hub,
            session,
            "key:1",
            person=person,
            starts_at=datetime(2026, 4, 2, 13, 30, tzinfo=UTC),
            with_whom="Priya",
            **details,  # type: ignore[arg-type]
        )
    return person.ref


async def link(worker: Visitor, **fields: str) -> str:
    page = await worker.post("/calendar", **({"scope": "mine"} | fields))
    found = re.search(r"http://testserver(/calendar/feeds/[\w-]+\.ics)", page.text)
    assert found, page.text
    return found[1]


async def test_a_calendar_program_reads_the_appointments_without_a_name(
    world: World, enter: Enter, visitor: Visitor
) -> None:
    ref = await sam(world)
    answer = await visitor.get(await link(await enter()))
    assert answer.headers["content-type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["SUMMARY"] == f"Appointment, {ref}"
    assert event["LOCATION"] == "1 High St"
    assert event["DTSTART"].dt.isoformat() == "2026-04-02T14:30:00+01:00"
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=30)
    assert "Sam" not in answer.text
    again = Calendar.from_ical((await visitor.get(answer.url.path)).content).walk("VEVENT")[0]
    assert again["UID"] == event["UID"]


async def test_first_names_stand_in_it_only_where_they_were_chosen(
    world: World, enter: Enter, visitor: Visitor
) -> None:
    await sam(world)
    answer = await visitor.get(await link(await enter(), names="yes"))
    assert "SUMMARY:Appointment\\, Sam\r\n" in answer.text
    assert "Carter" not in answer.text


async def test_a_link_is_shown_once_and_leads_nowhere_when_it_is_revoked(
    world: World, enter: Enter, visitor: Visitor
) -> None:
    priya = await enter()
    path = await link(priya)
    page = (await priya.get("/calendar")).text
    assert path not in page
    assert (await visitor.get(path)).status_code == 200
    made = re.search(r"/calendar/(\w{8})/revoke", page)
    assert made
    tom = await enter(name="Tom Field")
    assert (await tom.post(f"/calendar/{made[1]}/revoke")).status_code == 404, "it is not Tom's"
    assert (await priya.post(f"/calendar/{made[1]}/revoke")).status_code == 303
    gone = await visitor.get(path)
    assert gone.status_code == 404
    assert "This link does not work" in gone.text or "link" in gone.text
    assert "There is none yet" in (await priya.get("/calendar")).text


@pytest.mark.parametrize("path", ["/calendar/feeds/nonsense.ics", "/calendar/feeds/nonsense", "/calendar/feeds/.ics"])
async def test_an_unknown_link_is_no_page_of_anybodys(visitor: Visitor, path: str) -> None:
    assert (await visitor.get(path)).status_code == 404


async def test_a_link_ends_with_its_makers_duty(world: World, enter: Enter, visitor: Visitor) -> None:
    await sam(world)
    priya = await enter()
    path = await link(priya)
    async with world.hub.store.transaction() as session:
        (await session.get_one(Worker, world.workers[Side.SUPERVISION])).disabled_at = world.clock.now()
    assert (await visitor.get(path)).status_code == 404


async def test_the_teams_link_is_for_its_supervisor(world: World, enter: Enter, visitor: Visitor) -> None:
    ref = await sam(world)
    priya = await enter()
    assert (await priya.post("/calendar", scope="team")).status_code == 422
    boss = await enter(role=WorkerRole.SUPERVISOR, name="Tom Field")
    assert ref in (await visitor.get(await link(boss, scope="team"))).text
    assert ref not in (await visitor.get(await link(boss))).text, "nobody of Tom's own"


async def test_a_provider_reads_their_own_and_the_other_side_reads_nothing(
    world: World, enter: Enter, visitor: Visitor
) -> None:
    ref = await sam(world)
    provider = await enter(role=WorkerRole.PROVIDER, name="Pat Mill")
    assert ref not in (await visitor.get(await link(provider))).text
    ann = await enter(Side.VICTIMS)
    assert ref not in (await visitor.get(await link(ann))).text


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(MOMENTS, st.integers(5, 600)), min_size=1, max_size=4), st.sampled_from(ZONES))
def test_every_time_comes_back_as_it_was_whatever_the_clocks_do(moments: list[tuple[datetime, int]], zone: str) -> None:
    entries = [
        Entry(
            f"REF{i}", "K6LPRKRF", at.replace(second=0, microsecond=0), minutes, zone, "1 High St", "", at, firm=False
        )
        for i, (at, minutes) in enumerate(moments)
    ]
    read = Calendar.from_ical(calendar(entries, "Mine", "https://hub.example.org", moments[0][0]))
    events = read.walk("VEVENT")
    assert len({event["UID"] for event in events}) == len(entries)
    for entry, event in zip(entries, events, strict=True):
        there = event["DTSTART"].dt.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert there == entry.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
