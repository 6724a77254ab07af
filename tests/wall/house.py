"""Two agencies, each with both sides: lines, a worker of every role, a key of another program, and all of them let in.

Somebody of a name may work on either side: that tells nothing of the people there.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import api_keys, sign_in
from hub.store.refs import hash_token
from hub.store.tables import Agency, Line, SignIn, Team, Worker
from hub.words import ChannelKind, Side, WorkerRole
from inbox.api import router as api
from inbox.app import WebSettings, create_app
from inbox.login import SESSION
from integrations.case_systems.door import CaseFiles
from tests.world import LINES, World

SAME_NAME = "Jo Marsh"  # works on both sides of both agencies


@dataclass(frozen=True)
class Desk:
    """A worker who is signed in: a browser without JavaScript."""

    side: Side
    role: WorkerRole
    worker_id: int
    http: httpx.AsyncClient
    csrf: str

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def post(self, path: str, **fields: object) -> httpx.Response:
        return await self.http.post(path, data={"csrf": self.csrf, **fields})


@dataclass
class House:
    """Of several agencies, each as a world of its own on one hub."""

    worlds: list[World]
    lines: list[dict[tuple[Side, ChannelKind], str]]
    app: FastAPI
    desks: dict[tuple[int, Side, WorkerRole], Desk]
    keys: dict[tuple[int, Side], str]

    @property
    def world(self) -> World:
        return self.worlds[0]

    async def come_in(self) -> None:
        """Everybody who works here signs in: in the morning, as a session ends by itself."""
        async with self.world.hub.store.transaction() as session:
            for number, world in enumerate(self.worlds):
                for side in Side:
                    for role in WorkerRole:
                        worker = await _worker_of(session, world, side, role)
                        self.desks[number, side, role] = await _let_in(self.app, world, session, worker)

    def desk(self, side: Side, role: WorkerRole = WorkerRole.WORKER, agency: int = 0) -> Desk:
        return self.desks[agency, side, role]

    def side_of_line(self, address: str) -> Side:
        return next(side for lines in self.lines for (side, _), found in lines.items() if found == address)


@asynccontextmanager
async def open_house(world: World) -> AsyncIterator[House]:
    async with world.hub.store.transaction() as session:
        second, lines = await _another_agency(world, session)
        worlds = [world, second]
        keys = {
            (number, side): (
                await api_keys.create(each.hub, session, "hub", agency_id=each.agency_id, side=side, name="Case system")
            )[1]
            for number, each in enumerate(worlds)
            for side in Side
        }
    settings = WebSettings(secure_cookies=False, public_url="http://testserver", fictional=True)
    imports = CaseFiles(world.hub, fictional=True)
    app = create_app(world.hub, settings=settings, imports=imports, routers=[api(world.hub, fictional=True)])
    house = House(worlds, [LINES, lines], app, {}, keys)
    await house.come_in()
    yield house
    await app.state.web.live.close()


async def _another_agency(world: World, session: AsyncSession) -> tuple[World, dict[tuple[Side, ChannelKind], str]]:
    agency = Agency(name="Southshire", short_name="Southshire support", phone="0300 000 0001")
    session.add(agency)
    await session.flush()
    lines, workers = {}, {}
    for (side, kind), address in LINES.items():
        lines[side, kind] = f"+44770090000{int(address[-1]) + 2}" if kind is ChannelKind.SMS else f"south-{address}"
        line = Line(agency_id=agency.id, side=side, channel=kind, address=lines[side, kind], name=f"{side} {kind}")
        session.add(line)
    for side in Side:
        team = Team(agency=agency, name=f"Team of {side}", side=side)
        session.add(team)
        await session.flush()
        workers[side] = (await _worker(session, team, WorkerRole.WORKER)).id
    return replace(world, agency_id=agency.id, workers=workers), lines


async def _worker(session: AsyncSession, team: Team, role: WorkerRole) -> Worker:
    email = f"{role}.{team.id}@example.org"
    worker = Worker(team=team, role=role, name=SAME_NAME, first_name="Jo", email=email)
    session.add(worker)
    await session.flush()
    return worker


async def _worker_of(session: AsyncSession, world: World, side: Side, role: WorkerRole) -> Worker:
    """Of the side's one team; made when there is none of that role yet."""
    worker = await session.get_one(Worker, world.workers[side])
    same = select(Worker).where(Worker.team_id == worker.team_id, Worker.role == role)
    return await session.scalar(same) or await _worker(session, worker.team, role)


async def _let_in(app: FastAPI, world: World, session: AsyncSession, worker: Worker) -> Desk:
    token = await sign_in.start(world.hub, session, worker, second_factor=True)
    csrf = (await session.get_one(SignIn, hash_token(token))).csrf
    http = httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://testserver"
    )
    http.cookies.set(SESSION, token)
    return Desk(worker.team.side, worker.role, worker.id, http, csrf)
