"""Every route has a login or a reason not to; every answer has its headers; the parts that machines ask."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy import delete

from hub.store.tables import Heartbeat
from inbox.app import WebSettings, create_app
from inbox.login import signed_in
from inbox.pages import ROUTERS
from inbox.public import is_public
from tests.web.conftest import Enter, Visitor, without_database
from tests.world import World


def calls(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for below in dependant.dependencies:
        yield from calls(below)


def test_every_route_has_a_login_or_is_on_the_public_list() -> None:
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    assert len(routes) > 30
    for route in routes:
        guarded = signed_in in set(calls(route.dependant))
        assert guarded != is_public(route.path), route.path


async def test_pages_refuse_scripts_styles_and_frames_from_anywhere_else(enter: Enter) -> None:
    page = await (await enter()).get("/inbox")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "style=" not in page.text
    assert "onclick" not in page.text


async def test_ready_says_which_part_is_not(world: World, visitor: Visitor) -> None:
    assert (await visitor.get("/health/live")).text == "ok\n"
    async with world.hub.store.transaction() as session:
        await session.execute(delete(Heartbeat))
    late = await visitor.get("/health/ready")
    assert late.status_code == 200, "the web takes texts in although reminders have stopped"
    assert late.json()["database"] == "ok"
    assert late.json()["migration"] == "ok"
    assert "handrail worker" in late.json()["scheduler"]
    async with world.hub.store.transaction() as session:
        session.add(Heartbeat(name="scheduler", at=world.clock.now() - timedelta(seconds=5)))
    assert (await visitor.get("/health/ready")).json()["scheduler"] == "ok"


async def test_measures_name_routes_and_never_paths(enter: Enter, visitor: Visitor) -> None:
    await (await enter()).get("/people/ABCDEFGH/messages")
    measures = (await visitor.get("/metrics")).text
    assert "/people/{ref}/messages" in measures
    assert "ABCDEFGH" not in measures


async def test_what_is_not_there_says_what_to_do_and_gives_a_number(enter: Enter) -> None:
    page = await (await enter()).get("/people/ABCDEFGH/messages")
    assert page.status_code == 404
    assert "Check the reference" in page.text
    assert "give them this number" in page.text


@pytest.mark.slow
async def test_without_a_database_every_page_says_try_again(enter: Enter, world: World) -> None:
    priya = await enter()
    async with without_database(world):
        page = await priya.get("/inbox")
    assert page.status_code == 503
    assert page.headers["retry-after"]
    assert "Nothing was lost" in page.text


async def test_where_to_report_a_hole_is_published_only_when_it_is_known(world: World, visitor: Visitor) -> None:
    assert (await visitor.get("/.well-known/security.txt")).status_code == 404
    settings = WebSettings(secure_cookies=False, security_contact="mailto:security@example.org")
    known = httpx.ASGITransport(create_app(world.hub, settings=settings))
    async with httpx.AsyncClient(transport=known, base_url="http://testserver") as http:
        page = await http.get("/.well-known/security.txt")
    assert "Contact: mailto:security@example.org\n" in page.text
    assert "Expires: 2026-08-29T10:00:00Z\n" in page.text
