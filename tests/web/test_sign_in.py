"""Getting in: password, six digits, a session in the store. And staying out."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from hub import sign_in
from hub.store.tables import SignIn, Worker
from hub.words import Side
from inbox.login import FORM, SESSION
from tests.web.conftest import Enter, Visitor
from tests.world import World

pytestmark = pytest.mark.slow

PASSWORD = "correct horse battery staple"


@pytest.fixture
async def secret(world: World) -> str:
    """Priya has a password and an authenticator."""
    async with world.hub.store.transaction() as session:
        priya = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        priya.password_hash = await sign_in.hash_password(PASSWORD)
        return str(pyotp.parse_uri(sign_in.new_authenticator(world.hub, priya)).secret)


async def give_password(visitor: Visitor, password: str = PASSWORD) -> str:
    page = await visitor.get("/sign-in")
    found = re.search('name="csrf" value="([^"]+)"', page.text)
    assert found
    visitor.csrf = found[1]
    answer = await visitor.post("/sign-in", email="Priya@Example.org ", password=password)
    return re.sub(r"\s+", " ", answer.text)


def code(world: World, secret: str) -> str:
    return pyotp.TOTP(secret).at(world.clock.now())


async def test_password_and_code_lead_to_the_page_that_was_asked_for(
    world: World, visitor: Visitor, secret: str
) -> None:
    assert "Enter your code" in await give_password(visitor)
    assert (await visitor.get("/inbox")).status_code == 303, "the password alone opens nothing"
    answer = await visitor.post("/sign-in/code", code=code(world, secret), next_page="/people")
    assert answer.headers["location"] == "/people"
    assert (await visitor.get("/inbox")).status_code == 200


async def test_the_cookie_is_hidden_from_scripts_and_the_store_keeps_only_its_hash(
    world: World, visitor: Visitor, secret: str
) -> None:
    await give_password(visitor)
    answer = await visitor.post("/sign-in/code", code=code(world, secret))
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(SESSION))
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    token = visitor.http.cookies[SESSION]
    async with world.hub.store.transaction() as session:
        assert token.encode() not in (await session.scalars(select(SignIn.token_hash))).all()


async def test_a_code_is_accepted_once(world: World, visitor: Visitor, secret: str) -> None:
    await give_password(visitor)
    used = code(world, secret)
    await visitor.post("/sign-in/code", code=used)
    visitor.http.cookies.delete(SESSION)
    await give_password(visitor)
    again = await visitor.post("/sign-in/code", code=used)
    assert again.status_code == 422
    world.clock.push(timedelta(seconds=30))
    assert (await visitor.post("/sign-in/code", code=code(world, secret))).status_code == 303


async def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(world: World, visitor: Visitor, secret: str) -> None:
    for _ in range(5):
        assert "wrong, or there were too many tries" in await give_password(visitor, "guess")
    assert "too many tries" in await give_password(visitor), "the right one does not help now"
    world.clock.push(timedelta(minutes=15, seconds=1))
    assert "Enter your code" in await give_password(visitor)


async def test_a_strange_address_gets_the_same_words_as_a_wrong_password(visitor: Visitor, secret: str) -> None:
    wrong = await give_password(visitor, "guess")
    strange = await visitor.post("/sign-in", email="nobody@example.org", password="guess")
    assert "wrong, or there were too many tries" in wrong
    assert "wrong, or there were too many tries" in strange.text


async def test_half_an_hour_of_nothing_ends_the_session(world: World, enter: Enter) -> None:
    priya = await enter()
    world.clock.push(timedelta(minutes=29))
    assert (await priya.get("/inbox")).status_code == 200
    world.clock.push(timedelta(minutes=29))
    assert (await priya.get("/inbox")).status_code == 200, "a click starts the half hour anew"
    world.clock.push(timedelta(minutes=31))
    assert (await priya.get("/inbox")).status_code == 303


@pytest.mark.slow
async def test_twelve_hours_end_every_session(world: World, enter: Enter) -> None:
    priya = await enter()
    for _ in range(25):
        world.clock.push(timedelta(minutes=29))
        last = await priya.get("/inbox")
    assert last.status_code == 303


async def test_asking_for_more_time_keeps_the_session(world: World, enter: Enter) -> None:
    priya = await enter()
    world.clock.push(timedelta(minutes=28))
    assert (await priya.post("/session/extend")).text == "1800"
    world.clock.push(timedelta(minutes=28))
    assert (await priya.get("/inbox")).status_code == 200


async def test_signing_out_ends_the_session_in_the_store(world: World, enter: Enter) -> None:
    priya = await enter()
    assert (await priya.post("/sign-out")).status_code == 303
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(SignIn))).all() == []


async def test_a_sign_in_form_from_elsewhere_is_refused(visitor: Visitor, secret: str) -> None:
    visitor.http.cookies.set(FORM, "one")
    visitor.csrf = "another"
    assert (await visitor.post("/sign-in", email="priya@example.org", password=PASSWORD)).status_code == 403


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example"])
async def test_signing_in_never_leads_to_another_site(
    world: World, visitor: Visitor, secret: str, elsewhere: str
) -> None:
    await give_password(visitor)
    answer = await visitor.post("/sign-in/code", code=code(world, secret), next_page=elsewhere)
    assert answer.headers["location"] == "/"
