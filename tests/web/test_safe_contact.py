"""Safe contact on the pages: asked for with a number, shown where one writes, changed by whoever spoke with them."""

from typing import Any

import pytest
from sqlalchemy import select

from hub.states import SafeContactState
from hub.store.tables import AuditEvent, ContactPoint, Escalation, Person
from hub.words import ChannelKind, Role, Side
from tests.web.conftest import Enter
from tests.world import LINES, World

pytestmark = pytest.mark.slow

LINE = LINES[Side.VICTIMS, ChannelKind.SMS]
TODAY = "2026-03-02"


def form(world: World, **other: Any) -> dict[str, Any]:
    worker = world.workers[Side.VICTIMS]
    known = {"name": "Vera Moss", "number": "07700 900 101", "role": "victim", "language": "en", "worker": worker}
    return known | {"spoke_on": TODAY} | other


TOLD = {"safe": "yes", "spoke": "phone", "discreet": "yes", "safe_from": "10:00", "safe_until": "14:00"}


async def contact(world: World) -> ContactPoint:
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(ContactPoint))).one()


async def vera(world: World, *, safe_by: str = "in_person", discreet: bool = False) -> tuple[str, int]:
    async with world.hub.store.transaction() as session:
        person, talk = await world.person(
            session, role=Role.VICTIM, name="Vera Moss", safe_by=safe_by, discreet=discreet
        )
        return person.ref, talk.contact_point_id


async def test_a_victims_number_needs_a_word_on_whether_it_is_safe(world: World, enter: Enter) -> None:
    ann = await enter(Side.VICTIMS)
    refused = await ann.post("/people/new", **form(world))
    assert refused.status_code == 422
    assert "Select whether it is safe to text this number." in refused.text
    without_how = await ann.post("/people/new", **form(world, safe="yes"))
    assert "Select how you spoke with them." in without_how.text
    check = await ann.post("/people/new", **form(world, **TOLD, code_word="Robin"))
    assert "Yes: in a call" in check.text
    made = await ann.post("/people/new", **form(world, **TOLD, code_word="Robin", sure="yes"))
    assert made.status_code == 303
    way = await contact(world)
    assert way.safe_state is SafeContactState.RECORDED
    assert way.safe_said_by == f"phone:{world.workers[Side.VICTIMS]}"
    assert (way.discreet, f"{way.safe_from:%H:%M}", f"{way.safe_until:%H:%M}") == (True, "10:00", "14:00")
    assert way.code_word_sealed
    await world.push(days=1)
    assert world.heard() == []


async def test_a_number_that_nobody_has_asked_about_gets_the_question_and_nothing_else(
    world: World, enter: Enter
) -> None:
    ann = await enter(Side.VICTIMS)
    made = await ann.post("/people/new", **form(world, safe="ask", sure="yes"))
    page = await ann.get(made.headers["location"])
    shown = page.text.split('handrail-preview">')[1].split("</blockquote>")[0]
    assert "tell them to expect it" in page.text
    ref = made.headers["location"].split("/")[2]
    assert (await ann.post(f"/people/{ref}/welcome")).status_code == 404
    await world.push(hours=1)
    assert world.heard() == [shown] == ["Hi. Is this a good number to text? Reply 1 for yes, 2 for no."]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"safe": ""}, "Select whether it is safe to text this phone."),
        ({"spoke": ""}, "Select how you spoke with them."),
        ({"spoke_on": "2026-03-09"}, "Enter a day that is not in the future"),
        ({"spoke_on": "2025-12-01"}, "Enter a day that is not in the future"),
        ({"code_word": "Police"}, "This word could tell others what it is about."),
        ({"code_word": "a very long word indeed"}, "Enter one or two short words"),
        ({"safe_until": ""}, "Enter both times, or leave both empty."),
        ({"safe_until": "10:00"}, "The hours end when they begin."),
    ],
)
async def test_what_is_missing_is_said_and_nothing_is_saved(
    world: World, enter: Enter, other: dict[str, str], said: str
) -> None:
    ref, way_id = await vera(world, safe_by="")
    ann = await enter(Side.VICTIMS)
    refused = await ann.post(f"/people/{ref}/contact/{way_id}", **{**TOLD, "spoke_on": TODAY, **other})
    assert refused.status_code == 422
    assert said in refused.text
    assert (await contact(world)).safe_asked_at is None


async def test_a_doubted_phone_is_silent_until_a_worker_says_how_they_spoke(world: World, enter: Enter) -> None:
    ref, way_id = await vera(world)
    await world.text("who is this", line=LINE)
    heard = len(world.heard())
    ann = await enter(Side.VICTIMS)
    page = (await ann.get(f"/people/{ref}/messages")).text
    assert "Somebody else may have this phone." in page
    assert "no texts from us because somebody else may have this phone" in page
    assert 'id="body"' not in page, "there is no box to write in"
    await world.text("START", line=LINE)
    assert len(world.heard()) == heard
    form = await ann.get(f"/people/{ref}/contact/{way_id}")
    assert "A text from this phone does not count" in form.text
    saved = await ann.post(f"/people/{ref}/contact/{way_id}", **TOLD, spoke_on=TODAY)
    assert saved.status_code == 303
    tab = (await ann.get(f"/people/{ref}/contact")).text
    assert "Safe to text; In a call, to Ann Jones" in tab
    async with world.hub.store.transaction() as session:
        assert {each.outcome for each in await session.scalars(select(Escalation))} == {"answered"}
    await world.text("RIGHTS", line=LINE)
    assert len(world.heard()) == heard + 1


async def test_the_talk_is_prominent_where_one_writes(world: World, enter: Enter) -> None:
    ref, _ = await vera(world, discreet=True)
    async with world.hub.store.transaction() as session:
        way = (await session.scalars(select(ContactPoint))).one()
        way.ask_first = True
    ann = await enter(Side.VICTIMS)
    page = (await ann.get(f"/people/{ref}/messages")).text
    assert "Ask first whether it is a good time to talk." in page
    assert "Safe to text, others may read it, ask first" in page


async def test_the_list_finds_those_of_whom_nobody_knows_whether_it_is_safe(world: World, enter: Enter) -> None:
    unknown, _ = await vera(world, safe_by="")
    async with world.hub.store.transaction() as session:
        known, _ = await world.person(session, role=Role.VICTIM, name="Nia Evans", address="+447700900102")
    ann = await enter(Side.VICTIMS)
    page = (await ann.get("/people?safe=unknown")).text
    assert unknown in page
    assert known.ref not in page
    assert "Safe contact: not known" in page
    priya = await enter()
    assert "Safe contact" not in (await priya.get("/people")).text


async def test_the_other_side_sees_neither_the_form_nor_the_question(world: World, enter: Enter) -> None:
    ref, way_id = await vera(world)
    priya = await enter()
    assert (await priya.get(f"/people/{ref}/contact/{way_id}")).status_code == 404
    assert (await priya.post(f"/people/{ref}/contact/{way_id}", **TOLD, spoke_on=TODAY)).status_code == 404
    assert "Is it safe to text" not in (await priya.get("/people/new")).text
    async with world.hub.store.transaction() as session:
        sam, talk = await world.person(session, address="+447700900105")
    plain = (await priya.get(f"/people/{sam.ref}/contact/{talk.contact_point_id}")).text
    assert "How did you speak with them?" not in plain
    saved = await priya.post(f"/people/{sam.ref}/contact/{talk.contact_point_id}", discreet="yes")
    assert saved.status_code == 303


async def test_a_code_word_is_in_no_record_and_is_counted(world: World, enter: Enter) -> None:
    ref, way_id = await vera(world, discreet=True)
    ann = await enter(Side.VICTIMS)
    await ann.post(f"/people/{ref}/contact/{way_id}", **TOLD, spoke_on=TODAY, code_word="Robin")
    await world.text("RIGHTS", line=LINE)
    assert world.heard()[-1].startswith("Robin: Is now a good time")
    async with world.hub.store.transaction() as session:
        assert not [each for each in await session.scalars(select(AuditEvent)) if "Robin" in str(each.details)]
        assert (await session.scalars(select(Person.ref))).all() == [ref]


async def test_a_long_ago_talk_counts_from_its_own_day(world: World, enter: Enter) -> None:
    ref, way_id = await vera(world, safe_by="")
    ann = await enter(Side.VICTIMS)
    await ann.post(f"/people/{ref}/contact/{way_id}", **TOLD, spoke_on="2026-02-20")
    assert "Thu 21 May" in (await ann.get(f"/people/{ref}/contact")).text
