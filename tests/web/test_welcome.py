"""The first sign-in and the forgotten password: one link, a password, an authenticator, codes for a day without it."""

import html
import re
from datetime import timedelta

import httpx
import pyotp
import pytest

from hub import sign_in_links
from hub.store.tables import Worker
from hub.words import Side
from tests.web.conftest import Enter, Visitor
from tests.web.test_inbox import person_in_trouble
from tests.world import World

pytestmark = pytest.mark.slow

WORDS = "lamp orchard ferry"


async def make_link(world: World) -> str:
    async with world.hub.store.transaction() as session:
        priya = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        return "/welcome/" + await sign_in_links.make(world.hub, session, "key:1", priya)


def guard(page: httpx.Response) -> str:
    return re.findall('name="csrf" value="([^"]+)"', page.text)[0]


def secret_on(page: httpx.Response) -> str:
    return re.findall('handrail-secret">([^<]+)<', page.text)[0].replace(" ", "")


async def choose_password(visitor: Visitor, link: str, password: str = WORDS, again: str = "") -> httpx.Response:
    visitor.csrf = guard(await visitor.get(link))
    return await visitor.post(link, password=password, again=again or password)


async def set_up(world: World, visitor: Visitor, link: str) -> list[str]:
    """All of it. Returns the recovery codes."""
    await choose_password(visitor, link)
    page = await visitor.get(f"{link}/authenticator")
    code = pyotp.TOTP(secret_on(page)).at(world.clock.now())
    return re.findall(r"<li>(\d{5} \d{5})</li>", (await visitor.post(f"{link}/authenticator", code=code)).text)


async def sign_in(visitor: Visitor, code: str, password: str = WORDS) -> httpx.Response:
    visitor.http.cookies.clear()
    visitor.csrf = guard(await visitor.get("/sign-in"))
    await visitor.post("/sign-in", email="priya@example.org", password=password)
    return await visitor.post("/sign-in/code", code=code)


async def test_the_link_leads_to_a_password_an_authenticator_and_in(world: World, visitor: Visitor) -> None:
    link = await make_link(world)
    assert (await choose_password(visitor, link)).headers["location"] == f"{link}/authenticator"
    page = await visitor.get(f"{link}/authenticator")
    assert "<svg" in page.text
    assert (await visitor.get("/inbox")).status_code == 303, "not in before the app was shown to work"
    wrong = await visitor.post(f"{link}/authenticator", code="000000")
    assert wrong.status_code == 422
    assert secret_on(wrong) == secret_on(page)
    done = await visitor.post(f"{link}/authenticator", code=pyotp.TOTP(secret_on(page)).at(world.clock.now()))
    assert len(re.findall(r"<li>\d{5} \d{5}</li>", done.text)) == 8
    assert (await visitor.get("/inbox")).status_code == 200


async def test_a_link_works_once_for_three_days_and_only_the_newest(world: World, visitor: Visitor) -> None:
    first = await make_link(world)
    second = await make_link(world)
    assert (await visitor.get(first)).status_code == 404
    await set_up(world, visitor, second)
    assert (await visitor.get(second)).status_code == 404
    assert (await visitor.get(f"{second}/authenticator")).status_code == 404
    third = await make_link(world)
    world.clock.push(timedelta(days=3))
    assert (await visitor.get(third)).status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("short", "short", "at least 12 characters"),
        ("priya@example.org", "priya@example.org", "must not be your email"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "more different characters"),
        (WORDS, "lamp orchard cab", "not the same"),
    ],
)
async def test_a_password_that_will_not_do_says_why(
    world: World, visitor: Visitor, password: str, again: str, says: str
) -> None:
    answer = await choose_password(visitor, await make_link(world), password, again)
    assert answer.status_code == 422
    assert says in html.unescape(answer.text)
    assert "<title>Error: " in answer.text


async def test_setting_up_again_ends_every_session_elsewhere(world: World, visitor: Visitor, enter: Enter) -> None:
    phone = await enter()
    await set_up(world, visitor, await make_link(world))
    assert (await phone.get("/inbox")).status_code == 303


async def test_a_recovery_code_stands_in_for_the_phone_once(world: World, visitor: Visitor) -> None:
    codes = await set_up(world, visitor, await make_link(world))
    assert (await sign_in(visitor, codes[0])).status_code == 303
    assert (await visitor.get("/inbox")).status_code == 200
    assert (await sign_in(visitor, codes[0])).status_code == 422
    assert (await sign_in(visitor, codes[1].replace(" ", ""))).status_code == 303


async def test_guessing_recovery_codes_locks_like_guessing_passwords(world: World, visitor: Visitor) -> None:
    codes = await set_up(world, visitor, await make_link(world))
    for number in range(5):
        await sign_in(visitor, f"00000 0000{number}")
    assert (await sign_in(visitor, codes[0])).status_code == 422


async def test_what_was_typed_when_the_session_ended_waits_for_its_writer(
    world: World, visitor: Visitor, enter: Enter
) -> None:
    codes = await set_up(world, visitor, await make_link(world))
    ref, conversation = await person_in_trouble(world)
    await sign_in(visitor, codes[0])
    world.clock.push(timedelta(minutes=31))
    late = await visitor.post(f"/people/{ref}/messages", conversation=conversation, body="Come to room 2.")
    assert late.status_code == 303
    assert "room" not in str(late.headers), "sealed: nobody can read it in the browser"
    page = await visitor.get(late.headers["location"])
    assert "What you typed was not sent. It is kept" in page.text
    visitor.csrf = guard(page)
    await visitor.post("/sign-in", email="priya@example.org", password=WORDS)
    entered = await visitor.post("/sign-in/code", code=codes[1])
    kept = await visitor.get(entered.headers["location"])
    assert "Come to room 2." in kept.text
    assert f'action="/people/{ref}/messages"' in kept.text
    assert (await visitor.get(entered.headers["location"])).status_code == 303, "shown once"


async def test_what_one_worker_typed_is_never_shown_to_the_next(world: World, enter: Enter) -> None:
    ref, conversation = await person_in_trouble(world)
    priya = await enter()
    world.clock.push(timedelta(minutes=31))
    await priya.post(f"/people/{ref}/messages", conversation=conversation, body="Come to room 2.")
    cookie = priya.http.cookies["handrail_kept"]
    tom = await enter(name="Tim Field")
    tom.http.cookies.set("handrail_kept", cookie)
    assert (await tom.get("/sign-in/kept")).headers["location"] == "/"
