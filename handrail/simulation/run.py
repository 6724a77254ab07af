"""Runs one simulation on a database of its own, and says what came of it."""

import asyncio
import base64
import hashlib
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from random import Random

from handrail.settings import Settings
from handrail.simulation.agenda import Agenda
from handrail.simulation.assistant import StandIn
from handrail.simulation.carrier import Carrier
from handrail.simulation.course import Course, Worked, first_morning
from handrail.simulation.crash import Fate, MortalStore
from handrail.simulation.diary import Diary
from handrail.simulation.faults import OF_THE_HOUSE, of_the_carrier
from handrail.simulation.figures import Figures, figures
from handrail.simulation.fill import fill
from handrail.simulation.glance import Glance
from handrail.simulation.memory import Memory
from handrail.simulation.people import Crowd
from handrail.simulation.staff import Staff
from handrail.simulation.town import Somebody, make_town
from handrail.simulation.watch import Violation, Watch
from hub.clock import FixedClock
from hub.core import Hub
from hub.flows import Flows
from hub.outcomes import record_receipt
from hub.receive import accept
from hub.store.local_postgres import LocalPostgres
from hub.store.migrate import upgrade
from hub.store.vault import Vault
from integrations.channels.registry import ChannelRegistry
from integrations.files.clean import Cleaner

WORKERS = ("a", "b")
GRID = timedelta(minutes=5)  # what people do falls on these


@dataclass(frozen=True, slots=True)
class Options:
    people: int = 200
    days: int = 60
    seed: int = 7
    faults: frozenset[str] = frozenset()


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
    course, town_of = await _set_the_scene(settings, url, options)
    start = course.hub.clock.now()
    try:
        await course.run(town_of, start + timedelta(days=options.days))
    finally:
        course.driver.glance.close()
        await course.hub.store.close()
    found = figures(options.people, course)
    took = round(time.monotonic() - began, 1)
    return Outcome(options, start, course.watch.violations, found, course.watch.fingerprint, took)


async def _set_the_scene(settings: Settings, url: str, options: Options) -> tuple[Course, Sequence[Somebody]]:
    seed, faults = options.seed, options.faults
    clock = FixedClock(first_morning(seed, faults))
    end = clock.now() + timedelta(days=options.days)
    fate = Fate(seed, OF_THE_HOUSE["crashes"] if "crashes" in faults else 0.0)
    carrier = Carrier(clock, of_the_carrier(seed, faults), fate.step)
    hub = Hub(
        store=MortalStore(url, fate),
        vault=Vault.from_text(_key(seed)),
        flows=_flows(settings.flows_folder),
        clock=clock,
        assistant=StandIn(clock, seed, faults, fate.step),
        channels=ChannelRegistry.everywhere(carrier),
        files=Cleaner(),
        public_url="https://texts.example",
    )
    carrier.connect(partial(accept, hub), partial(record_receipt, hub))
    town = make_town(options.people, seed)
    filled = await fill(hub, town)
    agenda = Agenda(GRID)
    sudden = OF_THE_HOUSE["sudden_changes"] if "sudden_changes" in faults else 0.0
    staff = Staff(hub, agenda, end, seed, filled.workers, filled.people, sudden)
    phones = {(who.address, who.line): who for who in town}
    memory = Memory(clock.now(), phones, {filled.people[who.number]: who for who in town})
    driver = Worked(hub, clock, carrier, workers=WORKERS if "crashes" in faults else WORKERS[:1])
    driver.fate, driver.glance = fate, Glance(url)
    course: Course
    chances = {who.number: Random(f"{seed}/answers/{who.number}") for who in town}  # noqa: S311 - not a secret
    crowd = Crowd(phones, agenda, lambda who, text: partial(course.write, who, text), chances, clock.now())
    watch = Watch(hub, memory, Diary(driver.glance), lambda taken, key: crowd.got(taken, key))
    course = Course(hub, driver, agenda, staff, crowd, watch, filled, faults, seed)
    return course, town


@cache
def _flows(folder: Path) -> Flows:
    """Read once, however many courses are run."""
    return Flows.read(folder)


def _key(seed: int) -> str:
    """The same for the same seed: links in texts are made from it."""
    return base64.b64encode(hashlib.sha256(f"simulation {seed}".encode()).digest()).decode()
