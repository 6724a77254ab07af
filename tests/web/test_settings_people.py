"""The administrator's pages about those who work here: within their house, never the last one out, nobody's people."""

import html
import re

import pytest
from sqlalchemy import select

from hub.store.tables import Agency, AuditEvent, SignIn, Team, Worker
from hub.words import Side, WorkerRole
from tests.web.conftest import Enter, Visitor
from tests.web.test_inbox import person_in_trouble
from tests.web.test_welcome import set_up, sign_in
from tests.world import World

pytestmark = pytest.mark.slow

PEOPLE = "/settings/people-who-work-here"


@pytest.fixture
async def admin(enter: Enter) -> Visitor:
    return await enter(role=WorkerRole.ADMINISTRATOR, name="Ada Moss")


async def worker_id(world: World, name: str) -> int:
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(Worker.id).where(Worker.name == name))).one()


async def test_somebody_new_gets_a_link_and_comes_in_with_it(world: World, admin: Visitor, visitor: Visitor) -> None:
    async with world.hub.store.transaction() as session:
        team = (await session.scalars(select(Team.id).where(Team.name == "Disposals"))).one()
    page = await admin.post(f"{PEOPLE}/new", name="Jo  Hill", email="Jo@Example.org", role="supervisor", team=str(team))
    link = re.findall(r"http://testserver(/welcome/[\w-]+)", page.text)[0]
    codes = await set_up(world, visitor, link)
    assert len(codes) == 8
    assert "Jo Hill, Disposals" in (await visitor.get("/inbox")).text
    assert "Jo Hill" in (await admin.get(PEOPLE)).text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": " "}, "Enter their name"),
        ({"email": "nobody"}, "Enter their email address"),
        ({"email": "PRIYA@example.org"}, "already signs in"),
        ({"role": "king"}, "Select what they may do"),
    ],
    ids=lambda value: str(value),
)
async def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    admin: Visitor, typed: dict[str, str], says: str
) -> None:
    given = {"name": "Jo Hill", "email": "jo@example.org", "role": "worker", "team": "1"} | typed
    page = await admin.post(f"{PEOPLE}/new", **given)
    assert page.status_code == 422
    assert says in html.unescape(page.text)
    assert "<title>Error: " in page.text
    assert 'value="Jo Hill"' in page.text or "name" in typed


async def test_ending_access_signs_out_at_once_and_can_be_taken_back(
    world: World, admin: Visitor, enter: Enter
) -> None:
    priya = await enter()
    page = f"{PEOPLE}/{world.workers[Side.SUPERVISION]}"
    assert "Tick the box" in (await admin.post(f"{page}/disable")).text
    assert (await admin.post(f"{page}/disable", sure="yes")).status_code == 303
    assert (await priya.get("/inbox")).status_code == 303
    assert "Disabled" in (await admin.get(page)).text
    await admin.post(f"{page}/enable")
    assert (await (await enter()).get("/inbox")).status_code == 200


async def test_the_last_administrator_stays(world: World, admin: Visitor, enter: Enter) -> None:
    page = f"{PEOPLE}/{await worker_id(world, 'Ada Moss')}"
    assert "Nobody else could let people in" in (await admin.post(f"{page}/disable", sure="yes")).text
    async with world.hub.store.transaction() as session:
        team = str((await session.scalars(select(Worker.team_id).where(Worker.name == "Ada Moss"))).one())
    demoted = await admin.post(page, name="Ada Moss", role="worker", team=team)
    assert "Nobody else could let people in" in demoted.text
    await enter(role=WorkerRole.ADMINISTRATOR, name="Bo Lane")
    assert (await admin.post(f"{page}/disable", sure="yes")).status_code == 303


async def test_a_reset_ends_password_phone_and_codes_and_makes_a_link(
    world: World, admin: Visitor, visitor: Visitor, enter: Enter
) -> None:
    page = f"{PEOPLE}/{world.workers[Side.SUPERVISION]}"
    first = re.findall(r"http://testserver(/welcome/[\w-]+)", (await admin.post(f"{page}/reset", sure_reset="y")).text)
    codes = await set_up(world, visitor, first[0])
    second = await admin.post(f"{page}/reset", sure_reset="yes")
    assert (await visitor.get("/inbox")).status_code == 303
    assert (await sign_in(visitor, codes[0])).status_code == 422
    assert "/welcome/" in second.text


async def test_another_agency_and_the_other_side_are_as_if_they_were_not_there(world: World, admin: Visitor) -> None:
    async with world.hub.store.transaction() as session:
        agency = Agency(name="Southshire", short_name="Southshire", phone="0300 000 0001")
        team = Team(agency=agency, name="Theirs", side=Side.SUPERVISION)
        session.add(team)
        await session.flush()
        far = Worker(team_id=team.id, role=WorkerRole.WORKER, name="Far Away", first_name="Far", email="f@example.org")
        session.add(far)
        await session.flush()
        strangers = [far.id, world.workers[Side.VICTIMS]]
        theirs = str(team.id)
    listed = (await admin.get(PEOPLE)).text
    assert "Far Away" not in listed
    assert "Ann Jones" not in listed
    for stranger in strangers:
        assert (await admin.get(f"{PEOPLE}/{stranger}")).status_code == 404
        for verb in ("disable", "enable", "reset", "sign-out"):
            answer = await admin.post(f"{PEOPLE}/{stranger}/{verb}", sure="yes", sure_reset="yes")
            assert answer.status_code == 404, verb
    moved = await admin.post(
        f"{PEOPLE}/{world.workers[Side.SUPERVISION]}", name="Priya Shah", role="worker", team=theirs
    )
    assert moved.status_code == 404, "nobody is moved into another house"


async def test_an_administrator_sees_nobody_whom_others_work_with(world: World, admin: Visitor) -> None:
    ref, _ = await person_in_trouble(world)
    for path in ("/inbox", "/people", f"/people/{ref}", f"/people/{ref}/messages", "/appointments", "/proofs"):
        assert (await admin.get(path)).status_code == 403, path


async def test_what_an_administrator_does_is_on_record_without_names(world: World, admin: Visitor) -> None:
    priya = world.workers[Side.SUPERVISION]
    await admin.post(f"{PEOPLE}/{priya}/disable", sure="yes")
    await admin.post("/settings/teams", name="Night duty")
    async with world.hub.store.transaction() as session:
        events = (await session.scalars(select(AuditEvent).order_by(AuditEvent.id))).all()
    assert {"worker_disabled", "team_added"} <= {event.what for event in events}
    assert "Priya" not in str([(event.subject, event.details) for event in events])


async def test_teams_are_added_and_renamed_but_never_two_of_one_name(admin: Visitor) -> None:
    assert (await admin.post("/settings/teams", name="Night duty")).status_code == 303
    assert "is a team of that name" in (await admin.post("/settings/teams", name="Night duty")).text
    page = (await admin.get("/settings/teams")).text
    number = re.findall(r'action="/settings/teams/(\d+)"[^§]*?value="Night duty"', page)[-1]
    assert (await admin.post(f"/settings/teams/{number}", name="Days")).status_code == 303
    assert 'value="Days"' in (await admin.get("/settings/teams")).text


async def test_sessions_of_a_worker_are_ended_one_by_one(world: World, admin: Visitor, enter: Enter) -> None:
    priya = await enter()
    page = f"{PEOPLE}/{world.workers[Side.SUPERVISION]}"
    async with world.hub.store.transaction() as session:
        wanted = select(SignIn.token_hash).where(SignIn.worker_id == world.workers[Side.SUPERVISION])
        token_hash = (await session.scalars(wanted)).one()
    assert token_hash.hex() in (await admin.get(page)).text
    assert (await admin.post(f"{page}/sign-out", session_id=token_hash.hex())).status_code == 303
    assert (await priya.get("/inbox")).status_code == 303


async def test_a_provider_can_be_asked_by_text_who_came(world: World, admin: Visitor, enter: Enter) -> None:
    await enter(role=WorkerRole.PROVIDER, name="Ola Byrne")
    ola = await worker_id(world, "Ola Byrne")
    assert "Ask them by text who came" in (await admin.get(f"{PEOPLE}/{ola}")).text
    refused = await admin.post(f"{PEOPLE}/{ola}/mobile", mobile="01332 496000")
    assert refused.status_code == 422
    assert "This is a landline." in html.unescape(refused.text)
    assert (await admin.post(f"{PEOPLE}/{ola}/mobile", mobile="07700 900150")).status_code == 303
    assert 'value="07700 900150"' in (await admin.get(f"{PEOPLE}/{ola}")).text
    await admin.post(f"{PEOPLE}/{ola}/mobile", mobile="")
    assert "900150" not in (await admin.get(f"{PEOPLE}/{ola}")).text


async def test_only_providers_are_asked_who_came(world: World, admin: Visitor) -> None:
    priya = await worker_id(world, "Priya Shah")
    assert "Ask them by text" not in (await admin.get(f"{PEOPLE}/{priya}")).text
    assert (await admin.post(f"{PEOPLE}/{priya}/mobile", mobile="07700 900150")).status_code == 404
