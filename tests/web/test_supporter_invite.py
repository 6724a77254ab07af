"""Proposing a supporter: the code shown once, the look of a human, the yes of the person, taking it back."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from hub.states_of_support import InvitationState
from hub.store.tables import Invitation, Person, Worker
from hub.words import Side, WorkerRole
from tests.web.circle import Circle, circle
from tests.web.conftest import Enter
from tests.world import World

pytestmark = pytest.mark.slow

FORM = {"name": "Ruth Clarke", "relation": "family", "sees": "progress", "months": "6", "how": "spoken", "staff": "0"}
RUTH = "+447700900388"


@pytest.fixture
async def around(world: World) -> Circle:
    return await circle(world)


async def the_only(world: World) -> Invitation:
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(Invitation))).one()


async def turn_16(world: World, ref: str) -> None:
    async with world.hub.store.transaction() as session:
        (await session.scalars(select(Person).where(Person.ref == ref))).one().adult_from = date(2027, 12, 1)


def code_on(page: str) -> str:
    found = re.search(r"\d{4} \d{4}", page)
    assert found, "no code on the page"
    return found[0]


async def test_with_the_persons_yes_the_code_is_shown_once_and_lets_the_supporter_in(
    world: World, enter: Enter, around: Circle
) -> None:
    priya, page = await enter(), f"/people/{around.sam}/supporters"
    form = (await priya.get(f"{page}/new")).text
    assert "under 18. Has whoever" not in form
    shown = await priya.post(f"{page}/new", **FORM)
    assert shown.status_code == 200
    code = code_on(shown.text)
    assert "It is shown once" in shown.text
    tab = (await priya.get(page)).text
    assert code not in tab
    assert "Waits for the code" in tab
    assert "Proposed by Priya Shah" in tab
    await world.text(code, RUTH)
    await world.text("1", RUTH)
    tab = (await priya.get(page)).text
    assert "Waits for the code" not in tab
    assert 'id="supporter-' in tab
    assert "When something is on, and how it went" in tab
    history = (await priya.get(f"{page}/history")).text
    for words in ("A worker proposed a supporter", "They told a worker", "The supporter gave the code"):
        assert words in history


async def test_without_a_yes_the_person_is_asked_and_no_code_is_drawn(
    world: World, enter: Enter, around: Circle
) -> None:
    priya, page = await enter(), f"/people/{around.sam}/supporters"
    asked = await priya.post(f"{page}/new", **FORM | {"how": "ask"})
    assert asked.headers["location"] == f"{page}?done=asked"
    assert "Waits for the person’s yes" in (await priya.get(page)).text
    assert (await the_only(world)).code_index is None
    said_yes = await priya.post(f"{page}/invitations/{(await the_only(world)).id}/agreed")
    assert code_on(said_yes.text)
    again = await priya.post(f"{page}/invitations/{(await the_only(world)).id}/agreed")
    assert again.status_code == 409


async def test_what_is_missing_is_said_beside_each_field(world: World, enter: Enter, around: Circle) -> None:
    priya, page = await enter(), f"/people/{around.sam}/supporters/new"
    empty = await priya.post(page, months="7", guardian="maybe")
    assert empty.status_code == 422
    for field in ("name", "relation", "sees", "months", "how", "guardian"):
        assert f'href="#{field}"' in empty.text
    refused = await priya.post(page, **FORM | {"relation": "guardian"})
    assert refused.status_code == 422
    assert "Only somebody under 18 has a guardian" in refused.text
    assert 'value="Ruth Clarke"' in refused.text
    async with world.hub.store.transaction() as session:
        assert list(await session.scalars(select(Invitation.id))) == []


async def test_for_a_person_under_18_whoever_looks_after_them_says_yes_too(
    world: World, enter: Enter, around: Circle
) -> None:
    await turn_16(world, around.sam)
    priya, page = await enter(), f"/people/{around.sam}/supporters"
    assert "under 18. Has whoever looks after them said yes?" in (await priya.get(f"{page}/new")).text
    missing = await priya.post(f"{page}/new", **FORM, guardian="")
    assert missing.status_code == 422
    assert "Enter how whoever looks after them said yes" in missing.text
    assert code_on((await priya.post(f"{page}/new", **FORM, guardian="spoken")).text)
    assert "Whoever looks after them said yes" in (await priya.get(f"{page}/history")).text


async def test_a_name_on_the_list_is_looked_at_before_there_is_a_code(
    world: World, enter: Enter, around: Circle
) -> None:
    priya, page = await enter(), f"/people/{around.sam}/supporters"
    await priya.post(f"/people/{around.sam}/no-contact", name="Ruth Clarke", numbers="", why="order")
    held = await priya.post(f"{page}/new", **FORM)
    assert held.headers["location"] == f"{page}?done=checking"
    number = (await the_only(world)).id
    look = f"{page}/invitations/{number}"
    assert "Somebody on the no-contact list has this name" in (await priya.get(look)).text
    assert f'href="{look}"' in (await priya.get(f"/people/{around.sam}/messages")).text, "why it is in the inbox"
    assert (await priya.post(look)).status_code == 422
    agreed = await priya.post(look, agreed="yes", staff="0")
    assert code_on(agreed.text)
    assert (await the_only(world)).state is InvitationState.OPEN


async def test_a_human_says_no(world: World, enter: Enter, around: Circle) -> None:
    priya, page = await enter(), f"/people/{around.sam}/supporters"
    await priya.post(f"/people/{around.sam}/no-contact", name="Ruth Clarke", numbers="", why="order")
    await priya.post(f"{page}/new", **FORM)
    look = f"{page}/invitations/{(await the_only(world)).id}"
    refused = await priya.post(look, agreed="no")
    assert refused.headers["location"] == f"{page}?done=refused"
    assert (await the_only(world)).state is InvitationState.REFUSED
    assert "A worker looked and said no" in (await priya.get(f"{page}/history")).text
    assert "Do you agree?" not in (await priya.get(look)).text
    assert (await priya.post(look, agreed="yes")).status_code == 409


async def test_taken_back_the_code_works_no_more(world: World, enter: Enter, around: Circle) -> None:
    priya, page = await enter(), f"/people/{around.sam}/supporters"
    code = code_on((await priya.post(f"{page}/new", **FORM)).text)
    number = (await the_only(world)).id
    assert (await priya.post(f"{page}/invitations/{number}/withdraw")).status_code == 303
    await world.text(code, RUTH)
    assert (await the_only(world)).state is InvitationState.WITHDRAWN
    assert (await the_only(world)).supporter_id is None
    assert "Took the invitation back" in (await priya.get(f"{page}/history")).text


async def test_a_colleague_is_chosen_and_their_own_worker_refused(world: World, enter: Enter, around: Circle) -> None:
    priya, page = await enter(), f"/people/{around.sam}/supporters"
    await enter(name="Tom Field")
    async with world.hub.store.transaction() as session:
        tom = (await session.scalars(select(Worker.id).where(Worker.name == "Tom Field"))).one()
    own = await priya.post(f"{page}/new", **FORM | {"relation": "mentor", "staff": world.workers[Side.SUPERVISION]})
    assert own.status_code == 422
    assert "own worker" in own.text
    assert code_on((await priya.post(f"{page}/new", **FORM | {"relation": "mentor", "staff": tom})).text)
    assert (await the_only(world)).staff_id == tom
    ann = world.workers[Side.VICTIMS]
    await priya.post(f"{page}/new", **FORM | {"name": "Zed Poole", "staff": ann})
    async with world.hub.store.transaction() as session:
        assert set(await session.scalars(select(Invitation.staff_id))) == {tom, None}, "nobody of the other side"


async def test_who_may_not(world: World, enter: Enter, around: Circle) -> None:
    priya, page = await enter(), f"/people/{around.sam}/supporters"
    await priya.post(f"{page}/new", **FORM | {"how": "ask"})
    number = (await the_only(world)).id
    ways = [f"{page}/new", f"{page}/invitations/{number}", f"{page}/invitations/{number}/withdraw"]
    ann, tom = await enter(Side.VICTIMS), await enter(name="Tom Field")
    analyst = await enter(role=WorkerRole.ANALYST, name="Nia Count")
    for way in ways:
        assert (await ann.post(way, **FORM)).status_code == 404
        assert (await tom.post(way, **FORM)).status_code == 404
        assert (await analyst.post(way, **FORM)).status_code == 403
    other = f"/people/{around.alex}/supporters/invitations/{number}"
    assert (await priya.get(other)).status_code == 404
    assert (await priya.post(f"{other}/withdraw")).status_code == 404
    assert (await the_only(world)).state is InvitationState.ASKED
