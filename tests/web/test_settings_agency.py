"""The agency, its hours, channels, keys and record: what an administrator changes, and what it does is said before."""

import csv
import html
import re
from datetime import time, timedelta

import pytest
from sqlalchemy import select, text

from hub import api_keys, appointments
from hub.store import audit
from hub.store.tables import Agency, ApiKey, AuditEvent, Line, Nudge
from hub.words import ChannelKind, Role, Side, WorkerRole
from tests.web.conftest import Enter, Visitor
from tests.web.test_inbox import person_in_trouble
from tests.world import LINES, World

pytestmark = pytest.mark.slow

HOURS = {
    "contact_from": "08:00",
    "contact_until": "20:00",
    "open_from": "09:00",
    "open_until": "17:00",
    "time_zone": "Europe/London",
    "holidays": "ENG",
}


@pytest.fixture
async def admin(enter: Enter) -> Visitor:
    return await enter(role=WorkerRole.ADMINISTRATOR, name="Ada Moss")


async def agency(world: World) -> Agency:
    async with world.hub.store.transaction() as session:
        return await session.get_one(Agency, world.agency_id)


async def planned(world: World) -> list[object]:
    async with world.hub.store.transaction() as session:
        wanted = select(Nudge.due_at).where(Nudge.state == "planned").order_by(Nudge.id)
        return list(await session.scalars(wanted))


async def reminders(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        await appointments.schedule(
            world.hub,
            session,
            "key:1",
            person=person,
            starts_at=world.clock.now() + timedelta(days=9),
            with_whom="Priya",
            place="1 High St",
        )


async def test_other_hours_say_how_many_reminders_move_before_they_are_saved(world: World, admin: Visitor) -> None:
    await reminders(world)
    before = await planned(world)
    later = HOURS | {"contact_from": "15:00"}
    page = html.unescape((await admin.post("/settings/hours", **later)).text)
    said = re.findall(r"<li>(\d+) planned reminders? moves? to another time", page)
    assert said
    assert "08:00" in page
    assert await planned(world) == before, "nothing moved yet"
    assert (await agency(world)).contact_from == time(8)
    assert (await admin.post("/settings/hours", **later, sure="yes")).status_code == 303
    after = await planned(world)
    assert sum(a != b for a, b in zip(before, after, strict=True)) == int(said[0]) > 0
    assert (await agency(world)).contact_from == time(15)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"contact_from": "eight"}, "Enter a time of day"),
        ({"open_until": "25:00"}, "Enter a time of day"),
        ({"holidays": "FRA"}, "Select whose bank holidays"),
        ({"time_zone": "Europe/Nowhere"}, "is no time zone"),
        ({"contact_until": "08:00"}, "the hours end when they begin"),
    ],
    ids=str,
)
async def test_hours_that_cannot_be_are_refused_beside_their_field(
    world: World, admin: Visitor, typed: dict[str, str], says: str
) -> None:
    page = await admin.post("/settings/hours", **(HOURS | typed))
    assert page.status_code == 422
    assert says in page.text
    assert (await agency(world)).contact_from == time(8)


async def test_the_signature_is_shown_and_checked_before_it_stands_in_every_text(world: World, admin: Visitor) -> None:
    wanted = {"name": "Northshire", "short_name": "North team", "phone": "0300 000 0009"}
    page = await admin.post("/settings/agency", **wanted)
    assert "instead of Northshire support" in page.text
    assert (await agency(world)).short_name == "Northshire support"
    assert (await admin.post("/settings/agency", **wanted, sure="yes")).status_code == 303
    assert (await agency(world)).short_name == "North team"
    dear = await admin.post("/settings/agency", **(wanted | {"short_name": "Tŷ Cymorth"}))
    assert "plain characters" in dear.text
    assert "Enter a phone number" in (await admin.post("/settings/agency", **(wanted | {"phone": "ring us"}))).text


async def test_each_line_of_the_own_side_says_how_it_does(world: World, admin: Visitor) -> None:
    await person_in_trouble(world)
    async with world.hub.store.transaction() as session:
        own = select(Line).where(Line.channel == ChannelKind.TELEGRAM, Line.side == Side.SUPERVISION)
        (await session.scalars(own)).one().enabled = False
    await world.text("hello")
    page = html.unescape((await admin.get("/settings/channels")).text)
    assert LINES[Side.SUPERVISION, ChannelKind.SMS] in page
    assert LINES[Side.VICTIMS, ChannelKind.SMS] not in page
    assert "Off" in page
    assert "taken by the provider" in page
    assert "Mon 2 March at 10am" in page


async def test_webhooks_say_which_doors_are_open(admin: Visitor) -> None:
    page = await admin.get("/settings/webhooks")
    assert "http://testserver/webhooks/sms" in page.text
    assert "Not set up" in page.text, "no provider in this test"


async def test_a_key_is_shown_once_works_for_its_side_and_is_revoked_at_once(world: World, admin: Visitor) -> None:
    assert "Enter which program" in (await admin.post("/settings/keys", name=" ")).text
    token = re.findall(r"hk_[\w-]+", (await admin.post("/settings/keys", name="Case system")).text)[0]
    listed = await admin.get("/settings/keys")
    assert token not in listed.text
    assert "Case system" in listed.text
    async with world.hub.store.transaction() as session:
        found = await api_keys.find(session, token)
        assert found
        assert found.side is Side.SUPERVISION
    asked = await admin.post(f"/settings/keys/{found.id}/revoke")
    assert "Revoke the key for Case system?" in asked.text
    assert (await admin.post(f"/settings/keys/{found.id}/revoke", sure="yes")).status_code == 303
    async with world.hub.store.transaction() as session:
        assert await api_keys.find(session, token) is None


async def test_keys_of_the_other_side_are_not_there(world: World, admin: Visitor) -> None:
    async with world.hub.store.transaction() as session:
        await api_keys.create(
            world.hub, session, "key:0", agency_id=world.agency_id, side=Side.VICTIMS, name="Victim system"
        )
        key_id = (await session.scalars(select(ApiKey.id))).one()
    assert "Victim system" not in (await admin.get("/settings/keys")).text
    assert (await admin.post(f"/settings/keys/{key_id}/revoke")).status_code == 404


async def test_who_looked_at_somebody_is_found_by_reference_worker_kind_and_day(
    world: World, admin: Visitor, enter: Enter
) -> None:
    ref, _ = await person_in_trouble(world)
    other, _ = await person_in_trouble(world, name="Béa O'Neill", address="+447700900102")
    priya = await enter()
    await priya.get(f"/people/{ref}")
    await priya.get(f"/people/{other}")
    page = html.unescape((await admin.post("/settings/audit", ref=ref.lower(), kind="viewed", day="2026-03-02")).text)
    rows = page.split("<tbody")[1]
    assert "Priya Shah" in rows
    assert "Person viewed" in rows
    assert other not in rows
    assert "Sam Carter" not in page, "references, never names"
    assert "Nothing of this kind" in (await admin.post("/settings/audit", ref=ref, day="2026-03-01")).text
    assert "Enter a day such as" in (await admin.post("/settings/audit", day="yesterday")).text


async def test_the_record_comes_as_a_file_and_asking_for_it_is_recorded(
    world: World, admin: Visitor, enter: Enter
) -> None:
    ref, _ = await person_in_trouble(world)
    await (await enter()).get(f"/people/{ref}")
    answer = await admin.post("/settings/audit", ref=ref, file="yes")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(answer.text.splitlines()))
    assert {row["person"] for row in rows} == {ref}
    async with world.hub.store.transaction() as session:
        asked = (await session.scalars(select(AuditEvent).where(AuditEvent.what == "audit_exported"))).one()
    assert asked.person_id


async def test_an_administrator_sees_what_workers_did_and_not_what_befell_people(world: World, admin: Visitor) -> None:
    ref, _ = await person_in_trouble(world)
    await world.text("i cant go on, i want to die")
    page = html.unescape((await admin.post("/settings/audit", ref=ref)).text)
    assert "Cry for help" not in page
    assert "Escalation" not in page


async def test_a_supervisor_sees_the_record_of_their_own_teams_people_alone(world: World, enter: Enter) -> None:
    mine, _ = await person_in_trouble(world)
    theirs, _ = await person_in_trouble(world, role=Role.VICTIM, name="Vera Lind", address="+447700900202")
    boss = await enter(role=WorkerRole.SUPERVISOR, name="Sue Boss")
    page = (await boss.get("/settings/audit")).text
    assert mine in page
    assert theirs not in page
    assert "api key" not in page.lower()
    worker = await enter(name="Tom Field")
    assert (await worker.get("/settings/audit")).status_code == 403


async def test_a_changed_record_is_found_out(world: World, admin: Visitor) -> None:
    for _ in range(3):
        await admin.get("/settings/audit")
        async with world.hub.store.transaction() as session:
            await audit.seal(session, world.clock.now())
    assert "The record holds" in (await admin.post("/settings/audit/check")).text
    async with world.hub.store.transaction() as session:
        assert await audit.verify(session, newest=1) is None
        await session.execute(text("SET session_replication_role = replica"))
        await session.execute(
            text("UPDATE audit_events SET actor = 'worker:99' WHERE id = (SELECT min(id) FROM audit_events)")
        )
        await session.execute(text("SET session_replication_role = origin"))
    async with world.hub.store.transaction() as session:
        await audit.seal(session, world.clock.now())
    page = await admin.post("/settings/audit/check")
    assert "does not hold" in page.text
