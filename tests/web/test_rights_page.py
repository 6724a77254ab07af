"""The public page of the rights: in two languages, with a way to leave, and nothing of whoever reads it."""

import pytest

from hub.words import Role
from tests.web.conftest import Visitor
from tests.web.respondents import VERA, leads
from tests.world import World

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("language", "words"), [("en", "What you can ask for"), ("cy", "Beth y gallwch ofyn amdano")])
async def test_all_rights_stand_there_in_plain_words(visitor: Visitor, language: str, words: str) -> None:
    page = await visitor.get(f"/rights?in={language}")
    assert page.status_code == 200
    assert f'<h1 class="govuk-heading-l">{words}</h1>' in page.text
    assert all(f'id="right-{number}"' in page.text for number in range(1, 13))
    assert 'id="right-review"' in page.text
    assert f'lang="{language}"' in page.text


async def test_one_can_leave_quickly_and_the_title_says_nothing(visitor: Visitor) -> None:
    page = await visitor.get("/rights")
    assert "govuk-exit-this-page" in page.text
    title = page.text.split("<title>")[1].split("</title>")[0].lower()
    assert not [word for word in ("right", "victim", "crime", "ask") if word in title]
    assert "set-cookie" not in page.headers


async def test_it_is_linked_from_the_chat_and_the_settings_of_the_victims_side_alone(
    world: World, visitor: Visitor
) -> None:
    hers = await leads(world, Role.VICTIM, "Vera Lind", VERA)
    his = await leads(world, Role.SUPERVISED, "Sam Carter", "+447700900101", chat="another-token-nobody-can-guess")
    for path in (hers.chat, hers.me):
        assert 'href="/rights?in=en" data-in-place' in (await visitor.get(path)).text
    for path in (his.chat, his.me):
        assert "/rights" not in (await visitor.get(path)).text
