"""Rights and support of a person: what is sent, told and passed on; services of the agency, entered and imported."""

import re

import httpx
import pytest
from sqlalchemy import select

from hub.store.tables import AuditEvent, Person, RightTold, SupportArea, SupportRequest, SupportService
from hub.words import Role, Side, WorkerRole
from tests.web.conftest import Enter, Visitor
from tests.world import World

pytestmark = pytest.mark.slow

VERA = "+447700900202"
CARE = "+447700900002"
FORM = {"name": "Riverside Counselling", "needs": "talk", "areas": "DE1", "phone": "0300 000 0010"}
FILE = """name,needs,areas,phone
Riverside Counselling,"talk, health",DE1,0300 000 0010
Hill Money Advice,money,,0300 000 0011
"""


@pytest.fixture
async def vera(world: World) -> str:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM, name="Vera Lind", address=VERA)
        return person.ref


async def said(world: World) -> list[str]:
    async with world.hub.store.transaction() as session:
        return list(await session.scalars(select(AuditEvent.what)))


async def test_a_right_is_sent_by_text_or_noted_as_told(world: World, enter: Enter, vera: str) -> None:
    ann = await enter(Side.VICTIMS)
    page = f"/people/{vera}/support"
    assert "Not yet" in (await ann.get(page)).text
    assert (await ann.post(f"{page}/rights", item="7", how="text")).status_code == 303
    await world.settle()
    assert "Victim Personal Statement" in world.heard(VERA)[-1]
    await ann.post(f"{page}/rights", item="review", how="told")
    shown = (await ann.get(page)).text
    assert "Mon 2 March at 10am, by text: delivered" in shown
    assert "Mon 2 March at 10am, by Ann Jones" in shown
    async with world.hub.store.transaction() as session:
        assert sorted(await session.scalars(select(RightTold.item))) == ["7", "review"]
    assert "support_viewed" in await said(world)


async def test_a_yes_to_a_call_is_passed_on_to_a_service_that_they_agreed_to(
    world: World, enter: Enter, vera: str
) -> None:
    ann = await enter(Side.VICTIMS)
    for words in ("SUPPORT", "1", "DE1", "1"):
        await world.text(words, VERA, CARE)
    page = f"/people/{vera}/support"
    shown = (await ann.get(page)).text
    assert "Wants a call" in shown
    assert "They agreed to a call on Mon 2 March at 10am" in shown
    async with world.hub.store.transaction() as session:
        number = (await session.scalars(select(SupportRequest.id))).one()
    nothing = await ann.post(f"{page}/requests/{number}", passed_to="")
    assert nothing.status_code == 422
    assert (await ann.post(f"{page}/requests/{number}", passed_to="national:samaritans")).status_code == 403
    assert (await ann.post(f"{page}/requests/{number}", passed_to="national:victim_support")).status_code == 303
    again = await ann.post(f"{page}/requests/{number}", passed_to="national:victim_support")
    assert again.status_code == 409
    assert "A service was asked to call" in (await ann.get(page)).text


async def test_the_area_is_sealed_and_finds_what_is_near(world: World, enter: Enter, vera: str) -> None:
    boss = await enter(Side.VICTIMS, role=WorkerRole.SUPERVISOR)
    await boss.post("/services/new", **FORM)
    page = f"/people/{vera}/support"
    assert "Riverside" not in (await boss.get(page)).text
    assert (await boss.post(f"{page}/area", area="Derby")).status_code == 422
    assert (await boss.post(f"{page}/area", area="de1 3ab")).status_code == 303
    assert "Riverside Counselling" in (await boss.get(f"{page}?need=talk")).text
    assert "Riverside Counselling" not in (await boss.get(f"{page}?need=money")).text
    async with world.hub.store.transaction() as session:
        assert b"DE1" not in (await session.scalars(select(SupportArea.area_sealed))).one()
    await boss.post(f"{page}/area", area="")
    assert "Riverside" not in (await boss.get(page)).text


async def test_a_service_is_sent_when_it_is_a_good_time(world: World, enter: Enter, vera: str) -> None:
    ann = await enter(Side.VICTIMS)
    await ann.post(f"/people/{vera}/support/send", service="national:victim_support", need="talk")
    await world.settle()
    assert world.heard(VERA)[-1].startswith("Ann thinks this may help: Victim Support, 0808 168 9111")
    assert (await ann.post(f"/people/{vera}/support/send", service="77", need="talk")).status_code == 403


async def test_services_are_entered_corrected_and_taken_away_by_supervisors(world: World, enter: Enter) -> None:
    boss = await enter(Side.VICTIMS, role=WorkerRole.SUPERVISOR)
    assert (await boss.post("/services/new", **FORM)).status_code == 303
    assert (await boss.post("/services/new", **FORM)).status_code == 422  # there already
    wrong = await boss.post("/services/new", name="", phone="none", needs="dancing")
    assert wrong.status_code == 422
    assert all(f'href="#{field}"' in wrong.text for field in ("name", "phone", "needs"))
    async with world.hub.store.transaction() as session:
        number = (await session.scalars(select(SupportService.id))).one()
    assert 'value="Riverside Counselling"' in (await boss.get(f"/services/{number}/change")).text
    await boss.post(f"/services/{number}/change", **FORM | {"name": "Riverside Talk"})
    assert "Riverside Talk" in (await boss.get("/services")).text
    await boss.post(f"/services/{number}/end")
    assert "Riverside Talk" not in (await boss.get("/services")).text
    assert (await boss.get(f"/services/{number}/change")).status_code == 404
    assert (await said(world)).count("service_set") == 2


async def test_a_case_worker_sees_services_and_changes_none(enter: Enter) -> None:
    ann = await enter(Side.VICTIMS)
    assert "Victim Support" in (await ann.get("/services")).text
    assert (await ann.get("/services/new")).status_code == 403
    assert (await ann.get("/services/import")).status_code == 403
    assert (await ann.post("/services/new", **FORM)).status_code == 403


async def test_the_other_side_has_services_of_its_own(world: World, enter: Enter) -> None:
    boss = await enter(Side.VICTIMS, role=WorkerRole.SUPERVISOR)
    await boss.post("/services/new", **FORM)
    async with world.hub.store.transaction() as session:
        number = (await session.scalars(select(SupportService.id))).one()
    other = await enter(role=WorkerRole.SUPERVISOR)
    shown = (await other.get("/services")).text
    assert "Riverside" not in shown
    assert "Victim Support" not in shown
    assert (await other.get(f"/services/{number}/change")).status_code == 404
    assert (await other.post(f"/services/{number}/end")).status_code == 404


async def test_no_page_of_a_victim_opens_on_the_other_side(enter: Enter, vera: str) -> None:
    priya = await enter()
    for path in ("support", "restorative"):
        assert (await priya.get(f"/people/{vera}/{path}")).status_code == 404
    assert (await priya.post(f"/people/{vera}/support/rights", item="7")).status_code == 404


async def test_nobody_under_supervision_is_told_of_these_rights(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        ref = (await world.person(session))[0].ref
    priya = await enter()
    assert "Victims&#39; Code" not in (await priya.get(f"/people/{ref}/support")).text
    assert (await priya.post(f"/people/{ref}/support/rights", item="7", how="told")).status_code == 403


async def choose(boss: Visitor, content: str) -> httpx.Response:
    files = {"file": ("services.csv", content.encode())}
    return await boss.http.post("/services/import", data={"csrf": boss.csrf}, files=files)


async def test_a_file_of_services_is_looked_at_and_then_imported(world: World, enter: Enter) -> None:
    boss = await enter(Side.VICTIMS, role=WorkerRole.SUPERVISOR)
    assert "hate_crime" in (await boss.get("/services/import")).text
    seen = await choose(boss, FILE)
    assert "2 services: 2 new" in seen.text
    async with world.hub.store.transaction() as session:
        assert list(await session.scalars(select(SupportService.id))) == []
    upload = re.search('name="upload" value="([A-Z0-9]+)"', seen.text)
    assert upload
    assert "2 services imported" in (await boss.post("/services/import", upload=upload[1])).text
    assert "All of it is here already" in (await choose(boss, FILE)).text


async def test_what_is_wrong_in_a_file_is_said_cell_by_cell_and_nothing_is_saved(world: World, enter: Enter) -> None:
    boss = await enter(Side.VICTIMS, role=WorkerRole.SUPERVISOR)
    seen = await choose(boss, "name,needs,areas,phone\nOne,dancing,Derby,\nOne,talk,,0300 000 0000\n")
    assert seen.status_code == 422
    sentences = (
        "“dancing” is not one of talk",
        "“Derby” is not the first half",
        "has the same name",
        "Enter a phone",
    )
    for sentence in sentences:
        assert sentence in seen.text
    async with world.hub.store.transaction() as session:
        assert list(await session.scalars(select(SupportService.id))) == []
        assert list(await session.scalars(select(Person.id))) == []
