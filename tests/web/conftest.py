"""The web application over the real database, without a socket: requests go straight into it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI

from hub import sign_in
from hub.store.engine import Store
from hub.store.refs import hash_token
from hub.store.tables import SignIn, Team, Worker
from hub.words import Side, WorkerRole
from inbox.app import WebSettings, create_app
from inbox.login import SESSION
from integrations.case_systems.door import CaseFiles
from tests.world import World


@dataclass
class Visitor:
    """A browser without JavaScript, and the token that its forms carry."""

    http: httpx.AsyncClient
    csrf: str = ""

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def post(self, path: str, **fields: object) -> httpx.Response:
        return await self.http.post(path, data={"csrf": self.csrf, **fields})


Enter = Callable[..., Awaitable[Visitor]]


@pytest.fixture
def app(world: World) -> FastAPI:
    settings = WebSettings(secure_cookies=False, public_url="http://testserver", fictional=True)
    return create_app(world.hub, settings=settings, imports=CaseFiles(world.hub, fictional=True))


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[Visitor]:
    """Nobody has signed in."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver") as http:
        yield Visitor(http)


@pytest.fixture
async def enter(app: FastAPI, world: World) -> AsyncIterator[Enter]:
    """Sign a worker in: by side, and with another role or as a further worker of the team by name."""
    opened: list[httpx.AsyncClient] = []

    async def signed_in(
        side: Side = Side.SUPERVISION, *, role: WorkerRole = WorkerRole.WORKER, name: str = ""
    ) -> Visitor:
        async with world.hub.store.transaction() as session:
            worker = await session.get_one(Worker, world.workers[side])
            if name:
                worker = Worker(
                    team_id=worker.team_id,
                    role=role,
                    name=name,
                    first_name=name.split(" ")[0],
                    email=f"{name.replace(' ', '.').lower()}@example.org",
                    team=await session.get_one(Team, worker.team_id),
                )
                session.add(worker)
                await session.flush()
            worker.role = role
            token = await sign_in.start(world.hub, session, worker, second_factor=True)
            csrf = (await session.get_one(SignIn, hash_token(token))).csrf
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver")
        http.cookies.set(SESSION, token)
        opened.append(http)
        return Visitor(http, csrf)

    yield signed_in
    for http in opened:
        await http.aclose()


@asynccontextmanager
async def without_database(world: World) -> AsyncIterator[None]:
    """PostgreSQL has gone: every connection leads to a port where nobody listens."""
    store = world.hub.store
    await store.close()
    good = dict(vars(store))
    vars(store).update(vars(Store("postgresql+psycopg://nobody@127.0.0.1:1/nothing")))  # whatever it reaches it by
    try:
        yield
    finally:
        await store.close()
        vars(store).update(good)
