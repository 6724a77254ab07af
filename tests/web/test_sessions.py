"""Where somebody is signed in, and how each of these ends; the front door; how one signs in."""

import html
import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select

from hub.store.refs import hash_token
from hub.store.tables import SignIn
from hub.words import WorkerRole
from inbox.browsers import in_words
from inbox.login import SESSION
from tests.web.conftest import Enter, Visitor
from tests.web.test_welcome import WORDS, guard, make_link, set_up, sign_in
from tests.world import World

pytestmark = pytest.mark.slow

PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Mobile Safari/537.36"


def others(page: httpx.Response) -> list[str]:
    return re.findall('name="session_id" value="([0-9a-f]+)"', page.text)


async def test_every_session_is_listed_with_its_browser_and_only_this_one_is_marked(
    world: World, visitor: Visitor, enter: Enter
) -> None:
    visitor.http.headers["user-agent"] = PHONE
    await set_up(world, visitor, await make_link(world))
    desk = await enter()
    page = await desk.get("/settings/sessions")
    assert "Chrome on Android" in page.text
    assert page.text.count("This one") == 1
    assert len(others(page)) == 1


async def test_one_session_is_ended_and_the_others_stay(enter: Enter) -> None:
    first, second, third = await enter(), await enter(), await enter()
    keep = await second.get("/settings/sessions")
    gone = next(each for each in others(await first.get("/settings/sessions")) if each not in others(keep))
    assert (await first.post("/settings/sessions/end", session_id=gone)).status_code == 303
    assert (await second.get("/inbox")).status_code == 303
    assert (await third.get("/inbox")).status_code == 200


async def test_all_other_sessions_are_ended_at_once(enter: Enter) -> None:
    here, there, elsewhere = await enter(), await enter(), await enter()
    await here.post("/settings/sessions/end-others")
    assert [(await each.get("/inbox")).status_code for each in (here, there, elsewhere)] == [200, 303, 303]


async def test_nobody_ends_anothers_session(enter: Enter) -> None:
    priya, tom = await enter(), await enter(name="Tom Field")
    token_hash = hash_token(priya.http.cookies[SESSION]).hex()
    assert (await tom.post("/settings/sessions/end", session_id=token_hash)).status_code == 404
    assert (await tom.post("/settings/sessions/end", session_id="no hash")).status_code == 404
    assert (await priya.get("/inbox")).status_code == 200


async def test_ended_sessions_are_not_listed_and_the_next_sign_in_sweeps_them_up(world: World, enter: Enter) -> None:
    await enter()
    world.clock.push(timedelta(minutes=31))
    priya = await enter()
    assert others(await priya.get("/settings/sessions")) == []
    world.clock.push(timedelta(hours=12))
    await enter()
    async with world.hub.store.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(SignIn)) == 1


async def test_whoever_comes_back_too_late_is_told_why(world: World, enter: Enter) -> None:
    priya = await enter()
    world.clock.push(timedelta(minutes=31))
    sent = await priya.get("/people")
    assert sent.headers["location"] == "/sign-in?next=%2Fpeople&over=1"
    page = await priya.get(sent.headers["location"])
    assert "You were signed out" in page.text
    assert "may be lost" in page.text


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (WorkerRole.WORKER, "/inbox"),
        (WorkerRole.SUPERVISOR, "/inbox"),
        (WorkerRole.PROVIDER, "/inbox"),
        (WorkerRole.ADMINISTRATOR, "/settings"),
    ],
)
async def test_the_front_door_leads_each_role_to_a_page_that_it_may_open(
    enter: Enter, role: WorkerRole, page: str
) -> None:
    somebody = await enter(role=role, name="Some Body")
    assert (await somebody.get("/")).headers["location"] == page
    assert (await somebody.get(page)).status_code == 200


async def test_every_role_can_open_everything_that_its_navigation_shows(enter: Enter) -> None:
    for role in WorkerRole:
        somebody = await enter(role=role, name=f"Some {role}")
        page = await somebody.get("/settings")
        shown = set(re.findall('href="(/[^"#?]*)"', page.text.split("<nav")[1] + page.text.split("<main")[1]))
        answers = {path: (await somebody.get(path)).status_code for path in shown - {"/events"}}
        assert {path: status for path, status in answers.items() if status not in {200, 303}} == {}, role


async def test_new_recovery_codes_need_the_password_and_end_the_old_ones(world: World, visitor: Visitor) -> None:
    old = await set_up(world, visitor, await make_link(world))
    visitor.csrf = guard(await visitor.get("/settings/sign-in"))
    wrong = await visitor.post("/settings/sign-in", what="codes", password="guess")
    assert "That is not your password" in wrong.text
    new = await visitor.post("/settings/sign-in", what="codes", password=WORDS)
    assert len(re.findall(r"<li>\d{5} \d{5}</li>", new.text)) == 8
    assert (await sign_in(visitor, old[0])).status_code == 422


async def test_a_new_password_begins_with_the_one_of_today(world: World, visitor: Visitor) -> None:
    await set_up(world, visitor, await make_link(world))
    visitor.csrf = guard(await visitor.get("/settings/sign-in"))
    sent = await visitor.post("/settings/sign-in", what="all", password=WORDS)
    codes = await set_up(world, visitor, sent.headers["location"])
    assert (await sign_in(visitor, codes[0])).status_code == 303


async def test_colours_are_kept_in_this_browser(enter: Enter) -> None:
    priya = await enter()
    assert 'class="govuk-template"' in (await priya.get("/settings")).text
    await priya.post("/settings/colours", colours="dark")
    assert 'class="govuk-template handrail-night"' in (await priya.get("/settings")).text
    await priya.post("/settings/colours", colours="automatic")
    assert "handrail-night" not in html.unescape((await priya.get("/settings")).text)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (PHONE, "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/150.0 Safari/537.36 Edg/150.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18 like Mac OS X) Version/18 Mobile/1 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_said_in_two_words(user_agent: str, words: str) -> None:
    assert in_words(user_agent) == words
