"""Their own page of times: behind a code, with nothing in its title, and no way in by an address alone."""

import re

import pytest
from sqlalchemy import select

from hub import settings_links
from hub.people import conversation_for
from hub.safe_wishes import is_duress
from hub.store.tables import Person, SafeCheck, SafePlan
from hub.words import Role
from tests.web.conftest import Visitor
from tests.world import World

pytestmark = pytest.mark.slow


async def link_of(world: World, role: Role = Role.VICTIM, *, language: str = "en") -> str:
    async with world.hub.store.transaction() as session:
        person, talk = await world.person(session, role=role, language=language)
        assert await conversation_for(session, person)
        return (await settings_links.make(world.hub, session, talk)).removeprefix(world.hub.public_url)


async def go_in(world: World, visitor: Visitor, link: str) -> str:
    """Past the code. Returns the page."""
    await visitor.post(f"{link}/times/send")
    await world.settle()
    found = re.search(r"\b\d{3} ?\d{2}\b", world.heard()[-1])
    assert found
    page = await visitor.post(f"{link}/times", code=found.group())
    assert page.status_code == 200
    return page.text


def pass_in(page: str) -> str:
    found = re.search(r'name="pass" value="([^"]+)"', page)
    assert found
    return found.group(1)


async def test_once_every_day_and_taken_back(world: World, visitor: Visitor) -> None:
    link = await link_of(world)
    page = await go_in(world, visitor, link)
    assert "No time is set." in page
    assert "This is not an emergency service. In danger, call 999." in page
    page = (await visitor.post(f"{link}/times/set", **{"pass": pass_in(page), "clock": "22:30"})).text
    assert "Mon 2 March at 10:30pm" in page
    fields = {"pass": pass_in(page), "clock": "9pm", "weekday": ["MO", "TU"]}
    page = (await visitor.post(f"{link}/times/set", **fields)).text
    assert "On Mon, Tue at 9pm" in page
    async with world.hub.store.transaction() as session:
        once = (await session.scalars(select(SafeCheck.id).where(SafeCheck.plan_id.is_(None)))).one()
        days = (await session.scalars(select(SafePlan.id))).one()
    page = (await visitor.post(f"{link}/times/end", **{"pass": pass_in(page), "once": str(once)})).text
    page = (await visitor.post(f"{link}/times/end", **{"pass": pass_in(page), "days": str(days)})).text
    assert "No time is set." in page


async def test_the_word_is_kept_and_never_shown(world: World, visitor: Visitor) -> None:
    link = await link_of(world)
    page = await go_in(world, visitor, link)
    fields = {"pass": pass_in(page), "question": "Did you feed the cat?", "patience": "30", "duress": "Bluebell"}
    page = (await visitor.post(f"{link}/times/how", **fields, tells="yes")).text
    assert "Did you feed the cat?" in page
    assert "bluebell" not in page.casefold()
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person))).one()
        assert await is_duress(world.hub, session, person, "bluebell")


async def test_what_is_wrong_is_said_in_their_language(world: World, visitor: Visitor) -> None:
    link = await link_of(world, language="cy")
    page = await go_in(world, visitor, link)
    refused = await visitor.post(f"{link}/times/set", **{"pass": pass_in(page), "clock": "soon"})
    assert refused.status_code == 422
    assert "Rhowch amser" in refused.text
    refused = await visitor.post(
        f"{link}/times/how", **{"pass": pass_in(page), "patience": "15", "question": "Ydych chi'n ddiogel?"}
    )
    assert refused.status_code == 422
    assert "Dewiswch gwestiwn am rywbeth arall" in refused.text


@pytest.mark.parametrize("what", ["set", "end", "how"])
@pytest.mark.parametrize("mark", ["", "1-x", "9999999999-x"])
async def test_no_form_works_without_a_pass(world: World, visitor: Visitor, what: str, mark: str) -> None:
    link = await link_of(world)
    refused = await visitor.post(f"{link}/times/{what}", **{"pass": mark, "clock": "22:30", "patience": "15"})
    assert refused.status_code == 422
    assert "For your safety this page has closed" in refused.text
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(SafeCheck))).all() == []


async def test_a_pass_ends_with_the_code_and_opens_nobody_elses_page(world: World, visitor: Visitor) -> None:
    link = await link_of(world)
    mark = pass_in(await go_in(world, visitor, link))
    world.clock.push(settings_links.CODE_LASTS)
    assert (await visitor.post(f"{link}/times/set", **{"pass": mark, "clock": "22:30"})).status_code == 422


async def test_title_and_first_page_tell_nothing(world: World, visitor: Visitor) -> None:
    link = await link_of(world)
    for page in ((await visitor.get(f"{link}/times")).text, await go_in(world, visitor, link)):
        title = re.search(r"<title[^>]*>(.*?)</title>", page, re.DOTALL)
        assert title
        assert "safe" not in title.group(1).lower()
    assert "22:30" not in (await visitor.get(f"{link}/times")).text


async def test_the_other_side_has_no_such_page(world: World, visitor: Visitor) -> None:
    link = await link_of(world, Role.SUPERVISED)
    assert (await visitor.get(f"{link}/times")).status_code == 404
    assert "Times that you set" not in (await visitor.get(link)).text
