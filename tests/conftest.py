"""Real PostgreSQL for every test that asks: one server a test process, one copied database a test."""

import socket
from collections.abc import AsyncIterator, Iterator
from itertools import count

import pytest

from hub.flows import Flows
from hub.store.engine import Store
from hub.store.local_postgres import LocalPostgres
from hub.store.migrate import upgrade
from tests.world import ROOT, World, make_world

TEMPLATE = "handrail_template"
_numbers = count()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPostgres]:
    with LocalPostgres(tmp_path_factory.mktemp("postgres"), fast=True) as server:
        upgrade(server.create_database(TEMPLATE))
        yield server


@pytest.fixture
def database_url(postgres: LocalPostgres) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    yield postgres.create_database(name, TEMPLATE)
    postgres.drop_database(name)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    store = Store(database_url, pool_size=5)
    yield store
    await store.close()


@pytest.fixture(scope="session")
def flows() -> Flows:
    return Flows.read(ROOT / "flows")


@pytest.fixture
async def world(store: Store, flows: Flows) -> World:
    """The hub on a simulator with Rasa off: what tests of the house itself need."""
    return await make_world(store, flows=flows)


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
