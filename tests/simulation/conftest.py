"""Empty databases for simulations: each writes triggers into its own, which must not stay in the tests' own one."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hub.store.local_postgres import LocalPostgres
from hub.store.migrate import upgrade


@pytest.fixture(scope="session")
def _migrated(postgres: LocalPostgres) -> str:
    name = "simulation_template"
    upgrade(postgres.create_database(name))
    return name


@contextmanager
def _copy(postgres: LocalPostgres, template: str, name: str) -> Iterator[str]:
    yield postgres.create_database(name, template)
    postgres.drop_database(name)


@pytest.fixture
def empty_database(postgres: LocalPostgres, _migrated: str) -> Iterator[str]:
    with _copy(postgres, _migrated, "simulation_one") as url:
        yield url


@pytest.fixture
def empty_databases(postgres: LocalPostgres, _migrated: str) -> Iterator[tuple[str, str]]:
    with _copy(postgres, _migrated, "simulation_one") as one, _copy(postgres, _migrated, "simulation_two") as two:
        yield one, two
