"""Starts the demo: database, assistant, history (the first time), web, worker, clock. One process and the bot."""

import asyncio
import secrets
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial

import uvicorn
from rich.console import Console
from sqlalchemy import select

from handrail.demo import pages
from handrail.demo.seed import Seed, arrival, beginning
from handrail.driving import Driver
from handrail.settings import ROOT, Mode, Settings
from handrail.wiring import build_hub, build_web, database, web_settings
from hub.clock import FixedClock, ShiftedClock
from hub.core import Hub
from hub.heartbeat import beat, last_beat
from hub.outcomes import record_receipt
from hub.ports import Clock
from hub.receive import accept
from hub.store.migrate import upgrade
from hub.store.tables import Agency
from hub.words import ChannelKind
from integrations.assistant.rasa import RasaAssistant
from integrations.assistant.server import BotServer
from integrations.channels.registry import ChannelRegistry
from integrations.channels.simulator import Simulator
from integrations.channels.webchat.channel import WebChat
from scheduler.clock import Clock as Ticks
from scheduler.loops import run_worker

say = Console(highlight=False).print


def run(settings: Settings) -> int:
    """Run until Ctrl-C. Returns the exit code."""
    settings = settings.model_copy(
        update={
            "mode": Mode.DEMO,
            "database_url": "",
            "data_folder": settings.data_folder / "demo",
            "secure_cookies": False,
            "public_url": f"http://localhost:{settings.port}",
            "bot_token": secrets.token_urlsafe(16),
        }
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stops as cleanly as Ctrl-C
    with suppress(KeyboardInterrupt):
        asyncio.run(_run(settings, time.monotonic()))
    return 0


async def _run(settings: Settings, began: float) -> None:
    say("Handrail demo: invented people, nothing leaves this machine.")
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    bot = BotServer(ROOT, token=settings.bot_token, log=settings.data_folder / "assistant.log")
    say("  starting the assistant and the database …")
    bot_ready = asyncio.create_task(asyncio.to_thread(bot.start))
    try:
        with database(settings) as url:
            await asyncio.to_thread(upgrade, url)
            await bot_ready
            settings = settings.model_copy(update={"bot_url": bot.base_url})
            await _fill(settings, url)
            await _serve(settings, url, began)
    finally:
        await asyncio.gather(bot_ready, return_exceptions=True)
        await asyncio.to_thread(bot.stop)


async def _fill(settings: Settings, url: str) -> None:
    """The first time: let two weeks happen."""
    today = arrival(datetime.now(UTC))
    clock = FixedClock(beginning(today))
    async with _stage(settings, url, clock) as (hub, driver):
        async with hub.store.transaction() as session:
            if await session.scalar(select(Agency.id).limit(1)):
                return
        say("  two weeks of invented history (the first time only) …")
        await Seed(hub, driver, today).play()
        async with hub.store.transaction() as session:
            await beat(session, clock.now())


async def _serve(settings: Settings, url: str, began: float) -> None:
    clock = ShiftedClock()
    async with _stage(settings, url, clock) as (hub, driver):
        await _catch_up(hub, clock)
        app = build_web(settings, hub, routers=[pages.router(hub, driver, web_settings(settings))])
        config = uvicorn.Config(app, host=settings.host, port=settings.port, log_level="warning")
        server, stop, ticks = uvicorn.Server(config), asyncio.Event(), Ticks(hub)
        ticks.start()
        async with asyncio.TaskGroup() as group:
            group.create_task(run_worker(hub, stop))
            group.create_task(driver.simulator.run(stop))
            group.create_task(_announce(server, settings, began))
            await server.serve()
            stop.set()
            ticks.stop()
    say("Stopped. The demo's people are kept for the next time.")


async def _announce(server: uvicorn.Server, settings: Settings, began: float) -> None:
    while not (server.started or server.should_exit):  # noqa: ASYNC110  # uvicorn tells nobody when it is up
        await asyncio.sleep(0.05)
    if server.started:
        say(f"\nReady after {time.monotonic() - began:.0f} s. Open [bold]{settings.public_url}/demo[/bold]")
        say("Sam's phone has a reminder: answer it, and watch the inbox. Stop with Ctrl-C.\n")


async def _catch_up(hub: Hub, clock: ShiftedClock) -> None:
    """The demo's time goes on from where it was: it never runs backwards."""
    async with hub.store.transaction() as session:
        last = await last_beat(session)
    if last:
        clock.push_to(last)


@asynccontextmanager
async def _stage(settings: Settings, url: str, clock: FixedClock | ShiftedClock) -> AsyncIterator[tuple[Hub, Driver]]:
    """The hub on simulated phones; web chat is the real one, as it never leaves the machine."""
    simulator = Simulator(clock)
    channels = ChannelRegistry(dict.fromkeys(ChannelKind, simulator) | {ChannelKind.WEBCHAT: WebChat()})
    hub = build_hub(settings, url, clock=clock, channels=channels, assistant=_assistant(settings, clock))
    simulator.connect(partial(accept, hub), partial(record_receipt, hub))
    try:
        yield hub, Driver(hub, clock, simulator)
    finally:
        await hub.store.close()


def _assistant(settings: Settings, clock: Clock) -> RasaAssistant:
    return RasaAssistant(settings.bot_url, settings.bot_token, clock=clock)
