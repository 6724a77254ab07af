"""Runs a simulation on a database of its own: a CSV of appointments comes in, time passes, people answer."""

import asyncio
import tempfile
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console

from handrail.driving import Driver
from handrail.settings import Settings
from handrail.simulation.people import Crowd
from handrail.simulation.report import Report, report
from handrail.wiring import build_hub
from hub.clock import FixedClock
from hub.core import Hub
from hub.errors import BadImport
from hub.outcomes import record_receipt
from hub.ports import Assistant
from hub.receive import accept
from hub.store.local_postgres import LocalPostgres
from hub.store.migrate import upgrade
from hub.store.tables import Agency, Line, Team, Worker
from hub.store.vault import Vault
from hub.words import ChannelKind, Side, WorkerRole
from integrations.case_systems import sample
from integrations.case_systems.csv_import import (
    import_appointments,
    import_people,
    read_appointments,
    read_people,
)
from integrations.channels.registry import ChannelRegistry
from integrations.channels.simulator import Faults, Simulator

LINE = "+447700900001"
WORKER = "priya@example.org"
START = datetime(2026, 3, 20, 8, tzinfo=UTC)  # ten days on, the clocks go forward (29 March 2026)
ALL_FAULTS = {
    "refuse": 0.005,
    "try_later": 0.05,
    "uncertain_before": 0.02,
    "uncertain_after": 0.02,
    "duplicate_receipt": 0.1,
    "late_receipt": 0.05,
    "reordered_receipts": 0.1,
    "duplicate_inbound": 0.1,
    "lost_inbound": 0.02,
}


def run(
    settings: Settings,
    *,
    appointments: int = 500,
    days: int = 10,
    seed: int = 7,
    faults: bool = False,
    assistant: Assistant | None = None,
) -> int:
    """Returns 0 when every promise held, else 1."""
    say = Console(highlight=False).print
    with tempfile.TemporaryDirectory() as folder, LocalPostgres(Path(folder), fast=True) as server:
        url = server.create_database("simulation")
        upgrade(url)
        found = asyncio.run(
            simulate(
                settings,
                url,
                appointments=appointments,
                days=days,
                seed=seed,
                faults=faults,
                assistant=assistant,
            )
        )
    for line in found.lines():
        say(line)
    return 1 if found.broken else 0


async def simulate(
    settings: Settings,
    url: str,
    *,
    appointments: int,
    days: int,
    seed: int,
    faults: bool,
    assistant: Assistant | None = None,
) -> Report:
    """One simulation on an empty database at `url`."""
    clock = FixedClock(START)
    simulator = Simulator(clock, Faults(seed=seed, **ALL_FAULTS) if faults else Faults(seed=seed))
    hub = build_hub(
        settings.model_copy(update={"master_key": Vault.new_master_key()}),
        url,
        clock=clock,
        channels=ChannelRegistry.everywhere(simulator),
        assistant=assistant,
    )
    simulator.connect(partial(accept, hub), partial(record_receipt, hub))
    try:
        await _fill(hub, appointments, seed)
        await _live(Driver(hub, clock, simulator), Crowd(Random(seed)), days)  # noqa: S311 - not a secret
        return await report(hub, simulator)
    finally:
        await hub.store.close()


async def _fill(hub: Hub, appointments: int, seed: int) -> None:
    """An agency, and everybody through the same import as a user's files."""
    async with hub.store.transaction() as session:
        agency = Agency(name="Northshire", short_name="Northshire support", phone="0300 000 0000")
        session.add(agency)
        await session.flush()
        team = Team(agency_id=agency.id, name="Disposals", side=Side.SUPERVISION)
        session.add(team)
        session.add(Line(agency_id=agency.id, side=Side.SUPERVISION, channel=ChannelKind.SMS, address=LINE, name="SMS"))
        await session.flush()
        session.add(
            Worker(
                team_id=team.id,
                role=WorkerRole.WORKER,
                name="Priya Shah",
                first_name="Priya",
                email=WORKER,
            )
        )
        agency_id = agency.id
    await import_sample(hub, agency_id, appointments, seed)


async def import_sample(hub: Hub, agency_id: int, appointments: int, seed: int) -> None:
    """Through real files: written, read and imported as a user's would be."""
    # All of them within the days that are lived through, most with each of their reminders ahead.
    start = hub.clock.now().date() + timedelta(days=3)
    into: dict[str, Any] = {"agency_id": agency_id, "side": Side.SUPERVISION, "actor": "hub"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sample.write(sample.make(appointments, seed=seed, start=start, days=6, worker_email=WORKER), folder)
        people = read_people((folder / "people.csv").read_bytes(), fictional=True)
        for result in (
            await import_people(hub, people, **into),
            await import_appointments(hub, read_appointments((folder / "appointments.csv").read_bytes()), **into),
        ):
            if result.problems:
                raise BadImport(" ".join(result.sentences()))


async def _live(driver: Driver, crowd: Crowd, days: int) -> None:
    """Time passes: what is due happens, phones ring, people answer."""
    end = driver.clock.now() + timedelta(days=days)
    seen: dict[str, int] = {}
    while driver.clock.now() < end:
        moments = [m for m in (await driver.next_due(), crowd.next_at()) if m is not None]
        await driver.advance_to(min([*moments, end]))
        while (at := crowd.next_at()) and at <= driver.clock.now():
            address, text = crowd.write()
            await driver.simulator.text(address, LINE, text, channel=ChannelKind.SMS)
            await driver.settle()
        _read(driver.simulator, crowd, seen)
    await driver.settle()


def _read(simulator: Simulator, crowd: Crowd, seen: dict[str, int]) -> None:
    for address in simulator.phones.addresses:
        received = simulator.phones.received(address)
        for text in received[seen.get(address, 0) :]:
            crowd.got(address, text.at)
        seen[address] = len(received)
