"""Finding a person, and who is answering them."""

import re

import pytest

from hub.words import ChannelKind, Role, WorkerRole
from tests.web.conftest import Enter
from tests.web.test_inbox import person_in_trouble
from tests.world import World

pytestmark = pytest.mark.slow


async def test_people_are_found_by_parts_of_name_and_by_reference(world: World, enter: Enter) -> None:
    sam, _ = await person_in_trouble(world)
    bea, _ = await person_in_trouble(world, name="Béa O'Neill", address="+447700900102")
    priya = await enter()
    for words in ("cart sam", "CARTER", sam.lower()):
        page = await priya.post("/people", words=words)
        assert f"/people/{sam}" in page.text, words
        assert f"/people/{bea}" not in page.text, words
    assert f"/people/{bea}" in (await priya.post("/people", words="o'neill")).text
    nobody = await priya.post("/people", words="zebedee")
    assert not re.findall("/people/[A-Z0-9]{8}", nobody.text.split("<main")[1])
    assert 'value="zebedee"' in nobody.text


async def test_a_persons_page_shows_how_to_reach_them_and_no_number_in_the_list(world: World, enter: Enter) -> None:
    ref, _ = await person_in_trouble(world)
    priya = await enter()
    assert "900101" not in (await priya.get("/people")).text
    page = await priya.get(f"/people/{ref}")
    assert "Sam Carter" in page.text
    assert "English" in page.text


async def test_what_is_searched_for_stands_in_no_address(world: World, enter: Enter) -> None:
    await person_in_trouble(world)
    answer = await (await enter()).post("/people", words="carter")
    assert answer.status_code == 200
    assert "carter" not in str(answer.url).lower()


async def test_the_search_has_no_people_for_those_who_only_count(enter: Enter) -> None:
    analyst = await enter(role=WorkerRole.ANALYST, name="Kit Moor")
    assert (await analyst.get("/people")).status_code == 403
    assert (await analyst.post("/people", words="a")).status_code == 403


async def test_of_two_workers_who_take_over_the_second_is_told_who_was_first(world: World, enter: Enter) -> None:
    ref, conversation = await person_in_trouble(world)
    priya, tom = await enter(), await enter(role=WorkerRole.SUPERVISOR, name="Tom Field")
    assert (await priya.post(f"/people/{ref}/take-over", conversation=conversation)).status_code == 303
    second = await tom.post(f"/people/{ref}/take-over", conversation=conversation)
    assert second.status_code == 403
    assert "Priya Shah is answering." in (await tom.get(f"/people/{ref}/messages")).text
    assert (await tom.post(f"/people/{ref}/hand-back", conversation=conversation)).status_code == 403
    assert "You are answering." in (await priya.get(f"/people/{ref}/messages")).text


async def test_a_supporter_on_web_chat_is_shown_as_one(world: World, enter: Enter) -> None:
    ref, _ = await person_in_trouble(
        world, role=Role.SUPPORTER, name="Dawn Carter", channel=ChannelKind.WEBCHAT, address="a-token-of-dawn"
    )
    page = await (await enter()).get(f"/people/{ref}")
    assert "Supporter" in page.text
    assert "a-token-of-dawn" not in page.text
