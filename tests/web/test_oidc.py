"""Signing in with an account elsewhere: a provider on a real port, and everything that it could get wrong."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from hub import sign_in
from hub.store.tables import AuditEvent, ProviderAccount, Worker
from hub.words import Side
from inbox.app import WebSettings, create_app
from inbox.login import SESSION
from integrations.identity.oidc import OpenIdProvider
from tests.peers.openid_server import CLIENT, OpenIdServer, new_key
from tests.peers.serving import serving
from tests.web.conftest import Visitor
from tests.web.test_sign_in import code
from tests.world import World

pytestmark = pytest.mark.slow

NOT_CONFIRMED = "did not confirm who you are"


@dataclass
class Scene:
    world: World
    server: OpenIdServer
    visitor: Visitor

    async def leave(self, next_page: str = "/people") -> httpx.Response:
        return await self.visitor.get(f"/sign-in/provider?next={next_page}")

    async def agree(self, left: httpx.Response) -> str:
        """At the provider's own page: the address that it leads back to."""
        async with httpx.AsyncClient() as elsewhere:
            page = await elsewhere.get(left.headers["location"])
            there = re.search('href="([^"]+)"', page.text)
            assert there
            back = await elsewhere.get(self.server.url + there[1].replace("&amp;", "&"))
        return back.headers["location"]

    async def sign_in(self, next_page: str = "/people") -> httpx.Response:
        return await self.visitor.get(await self.agree(await self.leave(next_page)))

    async def change(self, **columns: Any) -> None:
        async with self.world.hub.store.transaction() as session:
            worker = await session.get_one(Worker, self.world.workers[Side.SUPERVISION])
            for name, value in columns.items():
                setattr(worker, name, value)


@pytest.fixture
async def scene(world: World) -> AsyncIterator[Scene]:
    server = OpenIdServer(world.clock)
    async with serving(server.app()) as server.url:
        provider = OpenIdProvider(server.url, *CLIENT, clock=world.clock, second_factor=frozenset({"mfa"}))
        settings = WebSettings(secure_cookies=False, public_url="http://testserver")
        app = create_app(world.hub, settings=settings, identity=provider)
        server.account.amr = ["pwd", "mfa"]
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver") as http:
            yield Scene(world, server, Visitor(http))


async def test_the_provider_leads_a_known_worker_to_the_page_that_was_asked_for(scene: Scene) -> None:
    assert "Sign in with your agency" in (await scene.visitor.get("/sign-in")).text
    answer = await scene.sign_in()
    assert answer.headers["location"] == "/people"
    assert (await scene.visitor.get("/people")).status_code == 200


async def test_the_account_is_bound_once_and_each_sign_in_is_on_record(scene: Scene) -> None:
    await scene.sign_in()
    await scene.sign_in()
    async with scene.world.hub.store.transaction() as session:
        accounts = (await session.scalars(select(ProviderAccount.subject))).all()
        facts = (await session.scalars(select(AuditEvent.what).order_by(AuditEvent.id))).all()
    assert accounts == ["subject-of-priya"]
    assert facts == ["provider_account_bound", "signed_in", "signed_in"]


async def test_from_then_on_the_account_counts_and_not_its_address(scene: Scene) -> None:
    await scene.sign_in()
    scene.server.account.email = "ann@example.org"
    await scene.sign_in()
    assert "Priya Shah" in (await scene.visitor.get("/people")).text
    scene.server.account.subject, scene.server.account.email = "somebody-else", "priya@example.org"
    assert "another account before" in (await scene.sign_in()).text


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"aud": "another program"},
        {"aud": [CLIENT[0], "another"], "azp": "another"},
        {"iss": "https://other.example"},
        {"exp": 1},
        {"iat": 9_999_999_999},
        {"sub": None},
    ],
    ids=str,
)
async def test_a_token_that_is_not_for_this_sign_in_opens_nothing(scene: Scene, lies: dict[str, Any]) -> None:
    scene.server.lies = lies
    answer = await scene.sign_in()
    assert answer.status_code == 422
    assert NOT_CONFIRMED in answer.text
    assert SESSION not in scene.visitor.http.cookies


async def test_a_token_signed_with_a_strange_key_opens_nothing(scene: Scene) -> None:
    scene.server.forged = True
    assert NOT_CONFIRMED in (await scene.sign_in()).text


async def test_a_new_key_of_the_provider_is_fetched(scene: Scene) -> None:
    await scene.sign_in()
    scene.server.key = new_key("two")
    assert (await scene.sign_in()).status_code == 303


async def test_an_answer_that_was_not_asked_for_from_here_opens_nothing(scene: Scene) -> None:
    """Somebody else's answer, pressed on this browser (login CSRF); and the same answer twice."""
    back = await scene.agree(await scene.leave())
    await scene.leave()
    assert NOT_CONFIRMED in (await scene.visitor.get(back)).text
    back = await scene.agree(await scene.leave())
    assert (await scene.visitor.get(back)).status_code == 303
    assert NOT_CONFIRMED in (await scene.visitor.get(back)).text


async def test_ten_minutes_at_the_provider_are_too_long(scene: Scene) -> None:
    back = await scene.agree(await scene.leave())
    scene.world.clock.push(timedelta(minutes=11))
    assert NOT_CONFIRMED in (await scene.visitor.get(back)).text


async def test_an_address_that_nobody_checked_opens_nothing(scene: Scene) -> None:
    scene.server.account.verified = False
    assert "no email address that was checked" in (await scene.sign_in()).text


async def test_somebody_who_does_not_work_here_is_told_whom_to_ask(scene: Scene) -> None:
    scene.server.account.email = "stranger@example.org"
    assert "Ask your administrator to add you" in (await scene.sign_in()).text


async def test_whoever_was_disabled_stays_out(scene: Scene) -> None:
    await scene.sign_in()
    await scene.change(disabled_at=scene.world.clock.now())
    assert "Your access here was ended" in (await scene.sign_in()).text


async def test_without_a_second_factor_there_our_own_code_follows(scene: Scene) -> None:
    scene.server.account.amr = ["pwd"]
    assert "set up an authenticator app" in (await scene.sign_in()).text
    async with scene.world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, scene.world.workers[Side.SUPERVISION])
        secret = sign_in.new_authenticator(scene.world.hub, worker).partition("secret=")[2].partition("&")[0]
    page = await scene.sign_in()
    assert "Enter your code" in page.text
    assert (await scene.visitor.get("/people")).status_code == 303, "not in yet"
    scene.visitor.csrf = re.findall('name="csrf" value="([^"]+)"', page.text)[0]
    await scene.visitor.post("/sign-in/code", code=code(scene.world, secret))
    assert (await scene.visitor.get("/people")).status_code == 200


async def test_whoever_does_not_agree_comes_back_to_the_sign_in_page(scene: Scene) -> None:
    scene.server.says_no = True
    assert "You did not agree" in (await scene.sign_in()).text


async def test_a_provider_that_is_away_says_so_and_passwords_still_work(scene: Scene) -> None:
    back = await scene.agree(await scene.leave())
    scene.server.codes.clear()
    assert NOT_CONFIRMED in (await scene.visitor.get(back)).text
    scene.world.clock.push(timedelta(minutes=61))
    scene.server.url = "http://127.0.0.1:1"  # its document names another issuer now
    gone = await scene.leave()
    assert gone.status_code == 503
    assert "sign in with your password" in gone.text


async def test_after_signing_in_elsewhere_nobody_is_led_to_another_site(scene: Scene) -> None:
    assert (await scene.sign_in("//evil.example")).headers["location"] == "/"


async def test_without_a_provider_there_is_no_such_button(visitor: Visitor) -> None:
    assert "Sign in with" not in (await visitor.get("/sign-in")).text
    assert (await visitor.get("/sign-in/provider")).status_code == 404
