"""The command line on a real database, in this process: what is typed goes in, what is printed comes out."""

import asyncio
import logging
import os
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner, Result

from handrail import logs
from handrail.cli import app
from hub.appointments import schedule
from hub.clock import FixedClock
from hub.store.engine import Store
from hub.times import at_local
from tests.world import World, make_world

Run = Callable[..., Result]
Fill = Callable[[Callable[[World, AsyncSession], Awaitable[object]]], None]

NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody answers


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Run]:
    """`run("outbox", "list")`, with nothing of this machine's own settings."""
    for name in [name for name in os.environ if name.startswith("HANDRAIL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HANDRAIL_MODE", "demo")
    monkeypatch.setenv("HANDRAIL_DATA_FOLDER", str(tmp_path))
    monkeypatch.setenv("HANDRAIL_BOT_URL", NOWHERE)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def invoke(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, words, input=typed)

    yield invoke
    logs.configure()  # as `tests/conftest.py` left it; the library's own way prints every local of an error
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def house(run: Run, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run` on a database of its own."""
    monkeypatch.setenv("HANDRAIL_DATABASE_URL", database_url)
    monkeypatch.setenv("HANDRAIL_MASTER_KEY", b64encode(b"k" * 32).decode())
    return run


@pytest.fixture
def fill(house: Run, database_url: str) -> Fill:
    """Put the small invented world into the database, and what a test adds to it."""

    def filled(more: Callable[[World, AsyncSession], Awaitable[object]]) -> None:
        async def work() -> None:
            store = Store(database_url, pool_size=2)
            world = await make_world(store, clock=FixedClock(datetime.now(UTC)))
            async with store.transaction() as session:
                await more(world, session)
            await store.close()

        asyncio.run(work())

    return filled


async def sam_has_an_appointment(world: World, session: AsyncSession) -> None:
    """Sam, and an appointment in ten days at 2pm: all three reminders are still to come."""
    person, _ = await world.person(session)
    day = (datetime.now(UTC) + timedelta(days=10)).date()
    starts_at = at_local(day, datetime.strptime("14:00", "%H:%M").time(), "Europe/London")  # noqa: DTZ007
    await schedule(world.hub, session, "hub", person=person, starts_at=starts_at, with_whom="Priya", place="1 High St")
