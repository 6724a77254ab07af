"""Help, status and the pages that say how the service works: words from where they are made, numbers of nobody."""

import html
import re
from typing import Any

import pytest

from hub.delivery import MEANINGS
from hub.heartbeat import beat
from hub.reasons import REASONS, Reason
from hub.words import WorkerRole
from inbox.pages.help_page import STATES, due_in_words
from inbox.pages.status import LATER, NOT, STOPPED, WORKS, parts
from tests.web.conftest import Enter, Visitor, without_database
from tests.web.test_inbox import person_in_trouble
from tests.world import World


async def test_help_says_every_reason_and_every_delivery_word_that_a_screen_can_show(enter: Enter) -> None:
    page = html.unescape((await (await enter(role=WorkerRole.ANALYST, name="Kit Moor")).get("/help")).text).casefold()
    assert [reason.words for reason in REASONS.values() if reason.words.casefold() not in page] == []
    assert [meaning.words for meaning in MEANINGS.values() if meaning.words.casefold() not in page] == []
    assert [what for what in STATES.values() if what.casefold() not in page] == []
    assert len(re.findall("<dt>", page.split('id="how"')[1].split("</dl>")[0])) == 10


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason("", 10, at_once=True), "10 minutes, day and night"),
        (Reason("", 60), "1 working hour"),
        (Reason("", 4 * 60), "4 working hours"),
        (Reason("", 2 * 8 * 60), "2 working days"),
    ],
)
def test_when_something_is_due_is_said_as_people_say_it(reason: Reason, words: str) -> None:
    assert due_in_words(reason) == words


async def test_status_says_what_works_to_everybody_and_nothing_of_anybody(world: World, visitor: Visitor) -> None:
    await person_in_trouble(world)
    async with world.hub.store.transaction() as session:
        await beat(session, world.clock.now())
    page = await visitor.get("/status")
    assert page.status_code == 200
    main = re.sub("<[^>]+>", " ", page.text.split("<main")[1].split("</main")[0])
    assert main.count(WORKS) == 3
    assert "Everything works" in main
    assert "Sam" not in main


@pytest.mark.slow
async def test_status_is_there_while_the_database_is_not(world: World, visitor: Visitor) -> None:
    async with without_database(world):
        page = await visitor.get("/status")
    assert page.status_code == 200
    assert "Something does not work" in page.text


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"database": "ok", "migration": "ok", "scheduler": "late"}, [WORKS, WORKS, STOPPED]),
        ({"database": "down", "spool": "ok"}, [LATER, NOT, STOPPED]),
        ({"database": "down", "spool": "full"}, [NOT, NOT, STOPPED]),
        ({"database": "ok", "migration": "old", "scheduler": "ok"}, [NOT, NOT, STOPPED]),
    ],
    ids=str,
)
def test_a_part_is_only_said_to_work_when_it_does(found: dict[str, Any], words: list[str]) -> None:
    assert [part.words for part in parts(found)] == words
    assert all(len(part.words.replace(",", "").split()) == 3 for part in parts(found))


async def test_the_statement_names_its_date_its_limits_and_where_to_complain(visitor: Visitor) -> None:
    page = (await visitor.get("/accessibility")).text
    for words in ("partially compliant", "Equality Advisory", "prepared on", "How we tested"):
        assert words in page
