"""Importing a file in the browser: rows and errors are shown first, nothing is saved before the worker says so."""

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from hub.people import name_of
from hub.store.tables import Appointment, AppointmentSeries, Person, Upload
from hub.words import Side
from tests.web.conftest import Enter, Visitor
from tests.world import World

pytestmark = pytest.mark.slow

PEOPLE = """person_ref,name,role,mobile
C1,Sam Carter,supervised,07700 900101
C2,Bea Hill,supervised,07700 900102
"""
ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Elsewhere//EN
BEGIN:VEVENT
UID:one@elsewhere.example
DTSTAMP:20260301T000000Z
DTSTART;TZID=Europe/London:20260402T143000
DTEND;TZID=Europe/London:20260402T150000
SUMMARY:Office visit, {ref}
LOCATION:1 High St
END:VEVENT
BEGIN:VEVENT
UID:two@elsewhere.example
DTSTAMP:20260301T000000Z
DTSTART:20260312T100000Z
DURATION:PT45M
SUMMARY:Ref: {ref}
LOCATION:by phone
RRULE:FREQ=WEEKLY;COUNT=3
END:VEVENT
END:VCALENDAR
"""


async def choose(worker: Visitor, path: str, content: str, name: str = "file.csv") -> httpx.Response:
    return await worker.http.post(path, data={"csrf": worker.csrf}, files={"file": (name, content.encode())})


async def say_yes(worker: Visitor, path: str, page: httpx.Response) -> httpx.Response:
    found = re.search('name="upload" value="([A-Z0-9]+)"', page.text)
    assert found, page.text
    return await worker.post(path, upload=found[1])


async def people(world: World) -> list[str]:
    async with world.hub.store.transaction() as session:
        return sorted(name_of(world.hub, person) for person in await session.scalars(select(Person)))


async def sam(world: World) -> str:
    async with world.hub.store.transaction() as session:
        return (await world.person(session))[0].ref


async def stored(world: World) -> list[Appointment]:
    async with world.hub.store.transaction() as session:
        return list((await session.scalars(select(Appointment).order_by(Appointment.starts_at))).all())


async def test_people_are_looked_at_first_and_imported_with_one_button(world: World, enter: Enter) -> None:
    priya = await enter()
    page = await choose(priya, "/people/import", PEOPLE)
    assert "2 people: 2 new, 0 changed, 0 as they are" in page.text
    assert "Import 2 people" in page.text
    assert "Bea Hill" in page.text
    assert await people(world) == []
    done = await say_yes(priya, "/people/import", page)
    assert "2 people imported" in done.text
    assert await people(world) == ["Bea Hill", "Sam Carter"]
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Upload))).all() == [], "the file is gone"
    again = await choose(priya, "/people/import", PEOPLE)
    assert "there is nothing to import" in again.text


async def test_each_wrong_cell_is_told_where_it_stands_and_nothing_is_saved(world: World, enter: Enter) -> None:
    wrong = PEOPLE.replace("07700 900102", "020 7946 0958").replace("C1,Sam Carter,supervised", "C1,,dog")
    page = await choose(await enter(), "/people/import", wrong)
    assert page.status_code == 422
    rows = {row.split("</td>")[0][-1]: row for row in page.text.split("<tr")[2:]}
    assert "It is empty." in rows["2"]
    assert "“dog” is not one of" in rows["2"]
    assert "landline" in rows["3"]
    assert 'name="upload"' not in page.text
    assert await people(world) == []


@pytest.mark.parametrize("content", ["", "not,a\nfile,of ours", "\x00\x01"])
async def test_what_is_no_such_file_is_said(world: World, enter: Enter, content: str) -> None:
    page = await choose(await enter(), "/people/import", content)
    assert page.status_code == 422
    assert "<title>Error: " in page.text
    assert (await choose(await enter(), "/appointments/import", content, "a.ics")).status_code == 422


async def test_whoever_may_not_be_seen_is_not_changed_by_a_file(world: World, enter: Enter) -> None:
    priya = await enter()
    mine = PEOPLE.replace("person_ref,name,role,mobile", "person_ref,name,role,mobile,worker_email")
    mine = mine.replace("900101\n", "900101,priya@example.org\n").replace("900102\n", "900102,priya@example.org\n")
    await say_yes(priya, "/people/import", await choose(priya, "/people/import", mine))
    tom = await enter(name="Tom Field")
    page = await choose(tom, "/people/import", PEOPLE.replace("Sam Carter", "Another Name"))
    assert page.status_code == 422
    assert "somebody else’s here" in page.text
    assert await people(world) == ["Bea Hill", "Sam Carter"]


async def test_the_file_of_another_worker_or_of_an_hour_ago_is_not_imported(world: World, enter: Enter) -> None:
    priya = await enter()
    page = await choose(priya, "/people/import", PEOPLE)
    ref = re.search('name="upload" value="([A-Z0-9]+)"', page.text)
    assert ref
    tom = await enter(name="Tom Field")
    assert (await tom.post("/people/import", upload=ref[1])).status_code == 404
    world.clock.push(timedelta(hours=1, seconds=1))
    assert (await (await enter()).post("/people/import", upload=ref[1])).status_code == 404
    assert await people(world) == []


async def test_appointments_of_a_csv_file_name_people_by_either_reference(world: World, enter: Enter) -> None:
    ref, priya = await sam(world), await enter()
    content = f"appointment_id,person_ref,date,time,with_whom,place\nA1,{ref},12/03/2026,15:30,Priya,1 High St\n"
    page = await choose(priya, "/appointments/import", content)
    assert "Import 1 appointment<" in page.text
    assert await stored(world) == []
    await say_yes(priya, "/appointments/import", page)
    assert [each.starts_at.isoformat() for each in await stored(world)] == ["2026-03-12T15:30:00+00:00"]


async def test_a_calendar_file_is_read_in_its_own_zones_and_repeats(world: World, enter: Enter) -> None:
    ref, priya = await sam(world), await enter()
    page = await choose(priya, "/appointments/import", ICS.format(ref=ref), "office.ics")
    assert page.status_code == 200, page.text
    assert "02/04/2026" in page.text
    assert "Import 2 appointments" in page.text
    await say_yes(priya, "/appointments/import", page)
    made = await stored(world)
    assert [(each.starts_at.isoformat()[:16], each.minutes, each.how) for each in made] == [
        ("2026-03-12T10:00", 45, "phone"),
        ("2026-03-19T10:00", 45, "phone"),
        ("2026-03-26T10:00", 45, "phone"),
        ("2026-04-02T13:30", 30, "in_person"),
    ]
    assert {each.worker_id for each in made} == {world.workers[Side.SUPERVISION]}
    again = await choose(priya, "/appointments/import", ICS.format(ref=ref), "office.ics")
    assert "there is nothing to import" in again.text


async def test_the_same_calendar_again_with_another_time_moves_the_appointment(world: World, enter: Enter) -> None:
    ref, priya = await sam(world), await enter()
    one = ICS.format(ref=ref).split("BEGIN:VEVENT\nUID:two")[0] + "END:VCALENDAR\n"
    await say_yes(priya, "/appointments/import", await choose(priya, "/appointments/import", one))
    later = one.replace("T143000", "T153000").replace("T150000", "T160000")
    page = await choose(priya, "/appointments/import", later)
    assert "1 appointment: 0 new, 1 changed" in page.text
    await say_yes(priya, "/appointments/import", page)
    assert [each.starts_at.isoformat()[:16] for each in await stored(world)] == ["2026-04-02T14:30"]
    await world.settle()
    assert "Thu 2 April at 3:30pm" in world.heard()[-1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("SUMMARY:Office visit, {ref}", "SUMMARY:Office visit", "does not say whose it is"),
        ("SUMMARY:Office visit, {ref}", "SUMMARY:Office visit, ZZZZ9999", "Nobody here has the reference"),
        ("DTSTART;TZID=Europe/London:20260402T143000", "DTSTART;VALUE=DATE:20260402", "no time of day"),
        ("LOCATION:1 High St\n", "", "know where to go"),
        ("LOCATION:1 High St\n", "LOCATION:1 High St\nSTATUS:CANCELLED\n", "It is cancelled there"),
        ("RRULE:FREQ=WEEKLY;COUNT=3", "RRULE:FREQ=HOURLY", "It is not clear when this repeats"),
        ("COUNT=3\n", "COUNT=3\nEXDATE:20260319T100000Z\n", "left out or moved are not read"),
        ("20260402T143000", "20250402T143000", "has passed"),
    ],
)
async def test_an_entry_that_cannot_be_used_says_why(world: World, enter: Enter, old: str, new: str, said: str) -> None:
    ref = await sam(world)
    assert old in ICS
    page = await choose(await enter(), "/appointments/import", ICS.replace(old, new).replace("{ref}", ref), "a.ics")
    assert page.status_code == 422
    assert said in page.text
    assert await stored(world) == []
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(AppointmentSeries))).all() == []
