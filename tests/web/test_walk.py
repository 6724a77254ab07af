"""Every route is walked with every role: nothing of a person shows to whoever has no duty towards them.

Neither in a page or a header nor, for anybody at all, in a title, an address or a line of the log.
"""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handrail import logs
from hub import sign_in
from hub.store.refs import hash_token
from hub.store.tables import Agency, SignIn, Team, Worker
from hub.words import Side, WorkerRole
from inbox.login import SESSION
from inbox.pages import ROUTERS
from inbox.public import is_public
from tests.web.quiet import NOTE, SECRETS, WORDS, Quiet, quiet_life
from tests.world import World

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Walker:
    """Who walks: of which team, in which role. `may`: has a duty towards Quentin."""

    who: str
    team: str = ""
    role: WorkerRole = WorkerRole.WORKER
    may: bool = False


WALKERS = (
    Walker("nobody"),
    Walker("Priya Shah", "Disposals", may=True),
    Walker("a supervisor", "Disposals", WorkerRole.SUPERVISOR, may=True),
    Walker("a colleague", "Disposals"),
    Walker("a provider", "Disposals", WorkerRole.PROVIDER),
    Walker("an analyst", "Disposals", WorkerRole.ANALYST),
    Walker("an administrator", "Disposals", WorkerRole.ADMINISTRATOR),
    Walker("another team", "Bail"),
    Walker("another team's supervisor", "Bail", WorkerRole.SUPERVISOR),
    Walker("the other side", "Victim care"),
    Walker("the other side's supervisor", "Victim care", WorkerRole.SUPERVISOR),
    Walker("another agency's supervisor", "Southshire", WorkerRole.SUPERVISOR),
    Walker("another agency's administrator", "Southshire", WorkerRole.ADMINISTRATOR),
)


def routes() -> Iterator[tuple[str, str]]:
    """(method, path with its blanks) of every page and form."""
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute):
                yield from ((method, route.path) for method in sorted(route.methods - {"HEAD"}))


def address(path: str, quiet: Quiet) -> str:
    """The path with Quentin's things in its blanks; a new blank needs a line here."""
    ref = {"appointments": quiet.appointment, "proofs": quiet.proof}.get(path.split("/")[1], quiet.person)
    blanks = {
        "ref": ref,
        "other": quiet.person,
        "message_id": str(quiet.message),
        "media_id": str(quiet.media),
        "escalation": quiet.escalation,
        "way_id": str(quiet.way),
        "token": "not-a-token",
        "number": str(quiet.case) if "/cases/" in path else "1",  # of a check-in or a condition
        "language": "cy",
        "update": "1",
        "nomination": "1",
        "figure": "attendance",
        "survey": "session_feedback",
        "key": "human.praise",
        "version": "1",
        "rule": "reminder_1_day",
        "what": "name",
        "ask": "copy",
        "proposal": "1",
        "thread": "1",
        "referral": "ABCDEFGH",
        "word": "northshire",
        "page": "you",
    }
    return re.sub(r"\{(\w+)[^}]*\}", lambda blank: blanks[blank[1]], path)


def fields(quiet: Quiet, csrf: str) -> dict[str, str]:
    """What any form of ours could ask for."""
    return {
        "csrf": csrf,
        "conversation": str(quiet.conversation),
        "body": "Hello",
        "note": "Seen",
        "words": "quentin zebrowski wellingtons",
        "request_id": "1",
        "meaning": "thank",
        "day": "2026-03-24",
        "clock": "14:30",
        "to": "1",
        "way": "sms",
    }


@asynccontextmanager
async def walking(app: FastAPI, world: World, walker: Walker) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as http:
        token, csrf = await _session(world, walker) if walker.team else ("", "")
        if token:
            http.cookies.set(SESSION, token)
        yield http, csrf


async def _session(world: World, walker: Walker) -> tuple[str, str]:
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        if walker.who != worker.name:
            worker = Worker(
                team=await _team(session, world, walker.team),
                role=walker.role,
                name=walker.who,
                first_name=walker.who,
                email=f"{walker.who.replace(' ', '.')}@example.org",
            )
            session.add(worker)
            await session.flush()
        token = await sign_in.start(world.hub, session, worker, second_factor=True)
        return token, (await session.get_one(SignIn, hash_token(token))).csrf


async def _team(session: AsyncSession, world: World, name: str) -> Team:
    found = await session.scalar(select(Team).where(Team.name == name))
    if found:
        return found
    agency = await session.get_one(Agency, world.agency_id)
    if name == "Southshire":
        agency = Agency(name=name, short_name=name, phone="0300 000 0001")
    team = Team(agency=agency, name=name, side=Side.SUPERVISION)
    session.add(team)
    await session.flush()
    return team


def shown(answer: httpx.Response) -> str:
    return "\n".join([answer.text, *(f"{name}: {value}" for name, value in answer.headers.items())])


def secrets_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret.casefold() in text.casefold()]


def title(answer: httpx.Response) -> str:
    found = re.search(r"<title>(.*?)</title>", answer.text, re.DOTALL)
    return found[1] if found else ""


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """The walk's own capture is closed after it: nobody else may log into it."""
    yield
    logs.configure()


@pytest.mark.parametrize("walker", WALKERS, ids=lambda walker: walker.who.replace(" ", "_"))
async def test_every_route_with_every_role(
    app: FastAPI, world: World, walker: Walker, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    quiet = await quiet_life(world)
    logs.configure(level=0)
    wrong: list[str] = []
    async with walking(app, world, walker) as (http, csrf):
        for method, path in sorted(routes(), key=lambda route: (route[0] != "GET", "cancel" in route[1], route[1])):
            if path in {"/events", "/sign-out"}:  # ids alone, without an end; and the walk goes on
                continue
            sent = fields(quiet, csrf) if method != "GET" else None
            answer = await http.request(method, address(path, quiet), data=sent)
            if not walker.may:
                wrong += [f"{method} {path} shows {found}" for found in secrets_in(_without_what_was_typed(answer))]
            wrong += [f"{method} {path} has {found} in its title" for found in secrets_in(title(answer))]
            wrong += [f"{method} {path} leads to {found}" for found in secrets_in(answer.headers.get("location", ""))]
            if answer.status_code >= 500:
                wrong.append(f"{method} {path} failed: {answer.status_code}")
    written = capsys.readouterr()
    wrong += [f"the log tells {found}" for found in secrets_in(written.out + written.err + caplog.text)]
    assert wrong == []


def _without_what_was_typed(answer: httpx.Response) -> str:
    """A search shows its own words again."""
    return shown(answer).replace("quentin zebrowski wellingtons", "")


async def test_the_walk_would_see_a_leak(app: FastAPI, world: World) -> None:
    """Priya's own pages show everything: what the walk looks for is there to be seen."""
    quiet = await quiet_life(world)
    seen = ""
    async with walking(app, world, WALKERS[1]) as (http, _):
        for method, path in routes():
            if method == "GET" and path != "/events" and not is_public(path):
                seen += shown(await http.get(address(path, quiet)))
    assert WORDS in seen
    assert NOTE in seen
    assert set(SECRETS) - set(secrets_in(seen)) <= {"900177", "900 177"}
