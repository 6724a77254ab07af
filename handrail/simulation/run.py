"""Runs one simulation on a database of its own, and says what came of it."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from handrail.settings import Settings
from handrail.settled import settle
from handrail.simulation.figures import Figures, figures
from handrail.simulation.scene import Options, set_the_scene
from handrail.simulation.watch import Violation
from hub.store.local_postgres import LocalPostgres
from hub.store.migrate import upgrade


@dataclass(frozen=True, slots=True)
class Outcome:
    """`fingerprint`: of the whole history; the same options give the same."""

    options: Options
    began: datetime  # on the clock of the simulation
    violations: list[Violation]
    figures: Figures
    fingerprint: str
    seconds: float


def run(settings: Settings, options: Options) -> Outcome:
    """On a PostgreSQL of its own, which is gone afterwards."""
    settle()
    with _empty_database() as url:
        return asyncio.run(simulate(settings, url, options))


@contextmanager
def _empty_database() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder, LocalPostgres(Path(folder), fast=True) as server:
        url = server.create_database("simulation")
        upgrade(url)
        yield url


async def simulate(settings: Settings, url: str, options: Options) -> Outcome:
    """On the empty database at `url`."""
    began = time.monotonic()
    course, town = await set_the_scene(settings, url, options)
    start = course.hub.clock.now()
    try:
        await course.run(town, start + timedelta(days=options.days))
    finally:
        course.driver.glance.close()
        await course.hub.store.close()
    found = figures(options.people, course)
    took = round(time.monotonic() - began, 1)
    return Outcome(options, start, course.watch.violations, found, course.watch.fingerprint, took)
