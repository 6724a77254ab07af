"""Search from the inbox: people, references, and words within the worker's own caseload."""

import pytest
from sqlalchemy import select

from hub.reading import search
from hub.store.tables import AuditEvent, Case, Person, Worker
from hub.words import Side, WorkerRole
from tests.web.conftest import Enter
from tests.web.test_inbox import person_in_trouble
from tests.web.test_inbox_list import AMIR
from tests.world import World

pytestmark = pytest.mark.slow


async def test_words_of_a_message_are_found_with_whose_and_when(world: World, enter: Enter) -> None:
    sam, _ = await person_in_trouble(world)
    await world.text("My mum is in <hospital> this week")
    priya = await enter()
    page = (await priya.post("/inbox/search", words="HOSPITAL mum")).text
    assert "1 result for ‘HOSPITAL mum’" in page
    assert f"/people/{sam}/messages" in page
    assert "Mon 2 March at 10am" in page
    assert "<mark>hospital</mark>" in page
    assert "&lt;" in page


async def test_people_are_found_by_name_by_reference_and_by_case(world: World, enter: Enter) -> None:
    sam, _ = await person_in_trouble(world)
    amir, _ = await person_in_trouble(world, name="Amir Khan", address=AMIR)
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person).where(Person.ref == sam))).one()
        facts = {"agency_id": world.agency_id, "side": person.side, "kind": "bail", "opened_at": world.clock.now()}
        session.add(Case(person_id=person.id, reference="NS/24_17", **facts))
    priya = await enter()
    for words in ("carter", sam.lower(), "ns/24_17"):
        page = (await priya.post("/inbox/search", words=words)).text.split("<main")[1]
        assert f"/people/{sam}/" in page, words
        assert f"/people/{amir}/" not in page, words
    assert "0 results" in (await priya.post("/inbox/search", words="ns/24x17")).text


async def test_nothing_found_says_where_and_how_to_go_on(world: World, enter: Enter) -> None:
    page = (await (await enter()).post("/inbox/search", words="zebedee")).text
    assert "0 results for ‘zebedee’</strong> in your caseload" in page
    assert "use fewer words" in page


async def test_a_colleagues_caseload_and_the_other_side_are_not_looked_into(world: World, enter: Enter) -> None:
    await person_in_trouble(world)
    await world.text("my mum is in hospital")
    tom = await enter(name="Tom Reed")
    assert "0 results" in (await tom.post("/inbox/search", words="hospital")).text
    boss = await enter(role=WorkerRole.SUPERVISOR, name="Mary Poole")
    assert "1 result" in (await boss.post("/inbox/search", words="hospital")).text
    assert "0 results" in (await (await enter(Side.VICTIMS)).post("/inbox/search", words="hospital")).text


async def test_messages_that_are_too_old_are_left_out_as_the_page_says(world: World, enter: Enter) -> None:
    await person_in_trouble(world)
    await world.text("my mum is in hospital")
    await world.push(days=search.DAYS + 1)
    page = (await (await enter()).post("/inbox/search", words="hospital")).text
    assert "0 results" in page
    assert "from the last 90 days" in page


async def test_a_search_is_on_record_with_whose_messages_it_showed_and_without_its_words(
    world: World, enter: Enter
) -> None:
    await person_in_trouble(world)
    await world.text("my mum is in hospital")
    await (await enter()).post("/inbox/search", words="hospital")
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person.id))).one()
        events = (await session.scalars(select(AuditEvent).where(AuditEvent.what.like("%searched")))).all()
        shown = (await session.scalars(select(AuditEvent).where(AuditEvent.what == "messages_found"))).one()
    assert len(events) == 1
    assert shown.person_id == person
    assert "hospital" not in str([event.details for event in events])


async def test_a_letter_alone_is_refused_and_stays_in_its_field(enter: Enter) -> None:
    refused = await (await enter()).post("/inbox/search", words=" a ")
    assert refused.status_code == 422
    assert "Enter at least 2 letters" in refused.text
    assert 'value="a"' in refused.text


async def test_single_keys_are_off_for_whoever_turned_them_off(world: World, enter: Enter) -> None:
    priya = await enter()
    assert "/static/keys.js" in (await priya.get("/inbox")).text
    assert 'data-sound="off"' in (await priya.get("/inbox")).text
    await priya.post("/help/keys", like="sound")
    page = (await priya.get("/inbox")).text
    assert "/static/keys.js" not in page
    assert 'data-sound="on"' in page
    async with world.hub.store.transaction() as session:
        kept = (await session.get_one(Worker, world.workers[Side.SUPERVISION])).preferences
    assert kept == {"keys": False, "sound": True}
