"""Everything is killed, the database server too, while somebody's “are you safe?” falls silent. Real processes.

What fell due while nothing ran stands before a human in under a minute from the start, once, with the contact's text.
"""

import asyncio
import os
import signal
import subprocess
import tempfile
import time as stopwatch
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import httpx
import psutil
import pytest
from sqlalchemy import select

from hub import safe_check_plans, safe_circle
from hub.clock import SystemClock
from hub.flows import Flows
from hub.safe_check_words import Time
from hub.states import EscalationState, SafeState
from hub.store.engine import Store
from hub.store.local_postgres import LocalPostgres
from hub.store.migrate import upgrade
from hub.store.tables import AuditEvent, Escalation, Message, SafeCheck
from hub.words import Role, Side
from tests.circles import stand_by
from tests.integration.test_kill import process, settings_of, taken, until
from tests.world import World, make_world

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
VICTIM, JO = "+447700900101", "+447700900303"
WITHIN = 60  # seconds
SILENT_AGO = timedelta(minutes=2)  # it fell due while nothing ran


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own: another run beside this one tidies that up."""
    with tempfile.TemporaryDirectory(prefix="handrail-safe-") as name:
        yield Path(name)


@pytest.fixture
def server(folder: Path) -> Iterator[LocalPostgres]:
    """One of its own: it is killed. Not `fast`: what was written must be there afterwards."""
    with LocalPostgres(folder / "postgres") as running:
        yield running


@pytest.fixture
async def world(server: LocalPostgres, flows: Flows) -> AsyncIterator[World]:
    url = server.create_database("safe")
    await asyncio.to_thread(upgrade, url)
    store = Store(url, pool_size=3)
    yield await make_world(store, flows=flows, clock=SystemClock())  # type: ignore[arg-type]
    await store.close()


async def set_check(world: World, due: timedelta) -> int:
    """A victim with a contact who has agreed; the check is due `due` from now. Returns its id."""
    hub = world.hub
    async with hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM, address=VICTIM)
        jo, _ = await world.person(session, role=Role.SUPPORTER, side=Side.VICTIMS, name="Jo Hart", address=JO)
        await stand_by(hub, session, person, jo)
        await safe_circle.ask(hub, session, "test", person, jo)
        (await safe_circle.standing(session, person))[jo.id].agreed_at = hub.clock.now()
        wish = Time(hub.clock.now() + timedelta(hours=1))
        check = await safe_check_plans.set_time(hub, session, f"person:{person.id}", person, wish)
        check.due_at = hub.clock.now() + due
        check.closes_at = check.due_at + timedelta(minutes=15)
        return check.id


async def state_of(world: World, number: int) -> SafeState:
    async with world.hub.store.transaction() as session:
        return (await session.get_one(SafeCheck, number)).state


async def alarms(world: World) -> int:
    """How many stand before a human."""
    async with world.hub.store.transaction() as session:
        standing = select(Escalation.id).where(
            Escalation.reason == "safe_check_silent", Escalation.state == EscalationState.OPEN
        )
        return len((await session.scalars(standing)).all())


async def of_the_silence(world: World) -> tuple[int, int]:
    """How often it was recorded, and how many texts went to the contact because of it."""
    async with world.hub.store.transaction() as session:
        told = select(AuditEvent.id).where(AuditEvent.what == "safe_check_silent")
        texts = select(Message.id).where(Message.text_key == "are_you_safe.please_call")
        return len((await session.scalars(told)).all()), len((await session.scalars(texts)).all())


def kill_all(processes: Sequence[subprocess.Popen[str]], server: LocalPostgres) -> None:
    """`kill -9` of every process of ours and of the database server with all that it started."""
    for each in processes:
        each.send_signal(signal.SIGKILL)
        each.wait(10)
    postmaster = psutil.Process(int((server.folder / "data" / "postmaster.pid").read_text().split("\n")[0]))
    family = [postmaster, *postmaster.children(recursive=True)]
    for one in family:
        one.kill()
    psutil.wait_procs(family, 10)


def all_of_it(stack: ExitStack, settings: dict[str, str], *verbs: str) -> list[subprocess.Popen[str]]:
    """Each a process of its own. A worker keeps a clock, too."""
    return [stack.enter_context(process("-m", "handrail", verb, **settings)) for verb in verbs]


async def is_up(web: str) -> bool:
    async with httpx.AsyncClient() as client:
        try:
            return (await client.get(f"{web}/health/live")).is_success
        except httpx.HTTPError:
            return False


async def test_silence_during_an_outage_of_everything_reaches_a_human_in_a_minute(
    world: World, server: LocalPostgres, unused_port: int, folder: Path
) -> None:
    log, web = folder / "taken.jsonl", f"http://127.0.0.1:{unused_port}"
    number = await set_check(world, timedelta(seconds=-1))
    with process("-m", "tests.peers.twilio_server", "--log", str(log), "--unchecked") as carrier, ExitStack() as stack:
        assert carrier.stdout
        settings = settings_of(world.hub, carrier.stdout.readline().split()[1], web, unused_port)

        async def asked() -> bool:
            return any("Are you safe?" in body for body in taken(log))

        async def stands() -> bool:
            return await alarms(world) == 1

        async def told() -> bool:
            return any("please call Sam now" in body for body in taken(log))

        async def it_is_silent() -> bool:
            return world.hub.clock.now() > closes_at

        first = all_of_it(stack, settings, "serve", "worker", "tick")
        await until(lambda: is_up(web), 60, "the web is up")
        await until(asked, 60, "the question has gone out")
        assert await state_of(world, number) is SafeState.ASKED
        async with world.hub.store.transaction() as session:  # as if the whole outage lay between
            check = await session.get_one(SafeCheck, number)
            check.due_at -= timedelta(minutes=15) + SILENT_AGO - timedelta(seconds=10)
            closes_at = check.closes_at = world.hub.clock.now() + timedelta(seconds=2)
        kill_all(first, server)
        await world.hub.store.close()
        await until(it_is_silent, 30, "it falls silent while nothing runs")

        began = stopwatch.monotonic()
        await asyncio.to_thread(server.start)
        all_of_it(stack, settings, "serve", "worker", "tick")
        await until(stands, WITHIN, "a human has it")
        human = stopwatch.monotonic() - began
        await until(told, WITHIN, "the contact has the text")
        contact = stopwatch.monotonic() - began
        await until(lambda: is_up(web), 60, "the web is up again")
    print(f"\nfrom the start: before a human {human:.1f} s, at the contact's phone {contact:.1f} s")  # noqa: T201 - for -s
    assert max(human, contact) < WITHIN
    assert await of_the_silence(world) == (1, 1), "told twice"
    assert [n for body, n in taken(log).items() if "please call Sam now" in body] == [1]


async def test_two_workers_and_two_clocks_tell_of_each_silence_once(world: World, unused_port: int) -> None:
    web = f"http://127.0.0.1:{unused_port}"
    async with world.hub.store.transaction() as session:
        for each in range(20):
            person, _ = await world.person(session, role=Role.VICTIM, address=f"+4477009004{each:02}")
            wish = Time(world.hub.clock.now() + timedelta(hours=1))
            check = await safe_check_plans.set_time(world.hub, session, "test", person, wish)
            check.due_at = check.closes_at = world.hub.clock.now() - SILENT_AGO

    async def all_stand() -> bool:
        return await alarms(world) == 20

    async def all_have_looked() -> bool:
        """Three ticks of each after the first has told: what could be told twice has been by then."""
        return stopwatch.monotonic() - began > stood + 15

    with process("-m", "tests.peers.twilio_server", "--log", os.devnull, "--unchecked") as carrier:
        assert carrier.stdout
        settings = settings_of(world.hub, carrier.stdout.readline().split()[1], web, unused_port)
        with ExitStack() as stack:
            began = stopwatch.monotonic()
            all_of_it(stack, settings, "worker", "worker", "tick", "tick")
            await until(all_stand, WITHIN, "all twenty stand before a human")
            stood = stopwatch.monotonic() - began
            print(f"\ntwenty silences, four clocks: {stood:.1f} s from the start")  # noqa: T201 - the point of -s
            await until(all_have_looked, 60, "each clock has looked")
    assert await of_the_silence(world) == (20, 0)
