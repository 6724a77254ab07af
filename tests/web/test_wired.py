"""The application as it is put together for real, with every channel set up: no door stands open by mistake."""

from collections.abc import Iterable, Iterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount, Route

from handrail.settings import Mode, Settings
from handrail.wiring import build_web
from inbox.api import PUBLIC as API_PUBLIC
from inbox.login import signed_in
from inbox.public import is_public
from tests.web.test_routes import calls
from tests.world import MASTER_KEY, World

pytestmark = pytest.mark.slow


@pytest.fixture
def wired(world: World) -> FastAPI:
    settings = Settings(
        mode=Mode.LIVE,
        master_key=MASTER_KEY,
        public_url="https://handrail.example.org",
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_token="t",
        telegram_token="1:telegram",
        telegram_secret="s",
        telegram_bot="handrail_bot",
    )
    return build_web(settings, world.hub)


def routes_of(app: FastAPI) -> Iterator[tuple[str, BaseRoute]]:
    yield from _flat(app.routes, "")


def _flat(routes: Iterable[BaseRoute], prefix: str) -> Iterator[tuple[str, BaseRoute]]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _flat(inner.routes, prefix + getattr(route, "include_context").prefix)  # noqa: B009
        elif isinstance(route, Mount):
            yield f"{prefix}{route.path}/", route
        else:
            assert isinstance(route, Route), f"a kind of route that nobody has thought of: {route}"
            yield prefix + route.path, route


def guarded(route: BaseRoute) -> bool:
    return isinstance(route, APIRoute) and signed_in in set(calls(route.dependant))


def test_every_route_has_a_login_or_is_on_the_public_list(wired: FastAPI) -> None:
    paths = {path for path, _ in routes_of(wired)}
    for door in ("/webhooks/sms", "/webhooks/telegram", "/api/v1/people", "/inbox", "/chat/{token}"):
        assert any(path.startswith(door) for path in paths), f"{door} is not wired"
    for path, route in routes_of(wired):
        assert guarded(route) != is_public(path), path


def test_the_demos_page_is_not_there(wired: FastAPI) -> None:
    assert not [path for path, _ in routes_of(wired) if path.startswith("/demo")]


async def answers_to_a_stranger(wired: FastAPI, start: str) -> dict[str, int]:
    found: dict[str, int] = {}
    transport = httpx.ASGITransport(wired)
    async with httpx.AsyncClient(transport=transport, base_url="https://handrail.example.org") as stranger:
        for path, route in routes_of(wired):
            if not isinstance(route, APIRoute) or not path.startswith(start) or (start == "/" and is_public(path)):
                continue
            for method in route.methods or ():
                answer = await stranger.request(method, path.replace("{", "").replace("}", ""))
                found[f"{method} {path}"] = answer.status_code
    return found


async def test_a_stranger_is_sent_to_the_sign_in_page_from_every_page_of_workers(wired: FastAPI) -> None:
    answers = await answers_to_a_stranger(wired, "/")
    assert len(answers) > 20
    assert set(answers.values()) == {303}, answers


async def test_a_stranger_without_a_key_gets_nothing_from_the_api(wired: FastAPI) -> None:
    answers = await answers_to_a_stranger(wired, "/api/v1")
    shut = {where: status for where, status in answers.items() if where.split("/api/v1")[1] not in API_PUBLIC}
    assert len(shut) > 10
    assert set(shut.values()) == {401}, shut


async def test_a_stranger_without_a_signature_gets_nothing_into_the_hub(wired: FastAPI) -> None:
    answers = await answers_to_a_stranger(wired, "/webhooks/")
    assert len(answers) >= 3
    assert all(400 <= status < 500 for status in answers.values()), answers
