"""Real PostgreSQL for every test that asks: one server and one database a test process, emptied after each test."""

import gc
import json
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest

from handrail import logs
from hub.clock import SystemClock
from hub.flows import Flows
from hub.store.engine import Store
from hub.store.local_postgres import LocalPostgres
from hub.store.migrate import upgrade
from hub.store.tables import Table
from integrations.assistant.rasa import RasaAssistant
from integrations.assistant.server import BotServer
from tests.world import ROOT, World, make_world, our_flows

logs.configure()  # as the program does: the library's own way prints every local of an error, for minutes

# On CI the same examples each time: what a change breaks shows, and what a new draw finds is for a developer.
hypothesis.settings.register_profile("same", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("same")

TABLES = [table.name for table in Table.metadata.sorted_tables]
# As a replica: neither foreign keys nor the guard of the audit events stand in the way.
EMPTY = "SET session_replication_role = replica; " + "; ".join(f'DELETE FROM "{name}"' for name in TABLES)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is loaded stays for all tests: the collector of garbage need not look through it again and again.

    Nor as often as for a program of few objects: it would take a twentieth of the time.
    """
    gc.disable()
    found = yield
    gc.freeze()
    gc.set_threshold(2_000, 10, 20)
    gc.enable()
    return found


@pytest.fixture(scope="session")
def postgres() -> Iterator[LocalPostgres]:
    # Not pytest's own folder: another run beside this one tidies that up.
    folder = tempfile.TemporaryDirectory(prefix="handrail-test-")
    with folder, LocalPostgres(Path(folder.name), fast=True) as server:
        yield server


@pytest.fixture(scope="session")
def _one_database(postgres: LocalPostgres) -> str:
    url = postgres.create_database("test")
    upgrade(url)
    return url


@pytest.fixture(scope="session")
def _one_store(_one_database: str) -> Store:
    """One engine for all tests: it remembers compiled statements, which are most of a test's time."""
    return Store(_one_database, pool_size=5)


class Emptier:
    """Empties the tables over a connection that is kept: a new one would have to read about every table first."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("+psycopg", "")
        self._connection = psycopg.connect(self._url, autocommit=True)

    def empty(self) -> None:
        try:
            self._connection.execute(EMPTY)
        except psycopg.OperationalError:  # a test that cuts connections has cut this one too
            self._connection = psycopg.connect(self._url, autocommit=True)
            self._connection.execute(EMPTY)

    def close(self) -> None:
        self._connection.close()


@pytest.fixture(scope="session")
def _emptier(_one_database: str) -> Iterator[Emptier]:
    emptier = Emptier(_one_database)
    yield emptier
    emptier.close()


@pytest.fixture
def database_url(_one_database: str, _emptier: Emptier) -> Iterator[str]:
    """A migrated database, empty again after the test."""
    yield _one_database
    _emptier.empty()


@pytest.fixture
async def store(_one_store: Store, database_url: str) -> AsyncIterator[Store]:
    yield _one_store
    await _one_store.close()  # its connections belong to this test's event loop


@pytest.fixture(scope="session")
def flows() -> Flows:
    return our_flows()


@pytest.fixture
async def world(store: Store, flows: Flows) -> World:
    """The hub on a simulator with Rasa off: what tests of the house itself need."""
    return await make_world(store, flows=flows)


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def bot_server() -> Iterator[BotServer]:
    """The trained assistant, once a test process; trains when the examples or rules have changed."""
    with BotServer(ROOT) as server:
        yield server


@pytest.fixture
async def rasa(bot_server: BotServer) -> AsyncIterator[RasaAssistant]:
    assistant = RasaAssistant(bot_server.base_url, bot_server.token, clock=SystemClock())
    yield assistant
    await assistant.aclose()


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The lines that the program has logged so far, as they reach whoever collects them."""
    printed = StringIO()
    monkeypatch.setattr(sys, "stderr", printed)
    logs.configure(json=True)
    yield lambda: [json.loads(line) for line in printed.getvalue().splitlines()]
    monkeypatch.undo()
    logs.configure()
