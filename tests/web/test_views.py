"""Every look at a person is on record: each page whose address names somebody or something of theirs."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from hub.store.tables import AuditEvent
from inbox.public import is_public
from tests.web.quiet import quiet_life
from tests.web.test_walk import WALKERS, address, routes, walking
from tests.world import World

pytestmark = pytest.mark.slow

PERSONAL = ("{ref}", "{media_id}", "{message_id}")  # what stands for somebody in an address
NAMES_NOBODY = {"/appointments/{ref}/screen"}  # hangs on a wall for everybody, and asks for itself twice a minute

LATER = timedelta(minutes=25)  # a part that refreshes by itself is recorded once in a while; nobody is signed out


async def views(world: World) -> int:
    looked = AuditEvent.what.regexp_match("_(viewed|downloaded|played|saved)$")
    wanted = select(func.count()).where(looked, AuditEvent.person_id.is_not(None))
    async with world.hub.store.transaction() as session:
        return await session.scalar(wanted) or 0


async def test_each_page_that_shows_somebody_records_who_looked(app: FastAPI, world: World) -> None:
    quiet = await quiet_life(world)
    silent = []
    async with walking(app, world, WALKERS[1]) as (http, _):
        for method, path in routes():
            if (
                method != "GET"
                or is_public(path)
                or path in NAMES_NOBODY
                or not any(blank in path for blank in PERSONAL)
            ):
                continue
            world.clock.push(LATER)
            before = await views(world)
            answer = await http.get(address(path, quiet))
            if answer.status_code == 200 and await views(world) == before:
                silent.append(path)
    assert silent == []
