"""Verbs that run the program: demo, serve, worker, tick, simulate."""

import logging
import time
from typing import TYPE_CHECKING, Annotated

import typer

from handrail.cli.house import the_settings, with_hub

if TYPE_CHECKING:
    from hub.core import Hub

app = typer.Typer()


@app.command()
def demo() -> None:
    """Try it: invented people, two weeks of history, phones beside the inbox; nothing leaves this machine."""
    from handrail import demo as the_demo

    raise typer.Exit(the_demo.run(the_settings()))


@app.command()
def serve(
    with_worker: Annotated[bool, typer.Option("--with-worker", help="Worker and clock in this process too.")] = False,
    host: Annotated[str | None, typer.Option(envvar="HANDRAIL_HOST", help="Address to serve on.")] = None,
    port: Annotated[int | None, typer.Option(envvar="HANDRAIL_PORT", min=1, max=65535, help="Port.")] = None,
) -> None:
    """Serve the web: the inbox, people's pages, the API and the providers' webhooks."""
    from handrail import running

    given = {name: value for name, value in {"host": host, "port": port}.items() if value is not None}
    settings = the_settings().model_copy(update=given)
    with_hub(lambda hub: running.serve(settings, hub, with_worker=with_worker), level=logging.INFO)


@app.command()
def worker() -> None:
    """Handle what comes in, send what goes out, keep the clock. As many of these as you like."""
    from handrail import running

    settings = the_settings()
    with_hub(lambda hub: running.worker(settings, hub), level=logging.INFO)


@app.command()
def tick(
    once: Annotated[bool, typer.Option("--once", help="One round, then end: for cron.")] = False,
) -> None:
    """Only the clock: plan, queue what is due, ask providers, seal the audit. Sends nothing by itself."""
    with_hub(_one_round if once else _rounds, level=logging.INFO)


async def _one_round(hub: "Hub") -> None:
    from scheduler.upkeep import all_once

    await all_once(hub)


async def _rounds(hub: "Hub") -> None:
    from handrail.running import stopping
    from scheduler.clock import Clock

    clock = Clock(hub)
    async with stopping(None) as stop:
        clock.start()
        await stop.wait()
        clock.stop()


@app.command()
def simulate(
    people: Annotated[int, typer.Option(min=1, help="How many invented people.")] = 100,
    days: Annotated[int, typer.Option(min=1, help="How many days pass.")] = 14,
    seed: Annotated[int, typer.Option(help="The same seed runs the same course; default: by the time.")] = 0,
    faults: Annotated[str, typer.Option(help="none, all, or names with commas between.")] = "all",
) -> None:
    """Run the whole hub on a clock of its own with everything going wrong, and check its promises."""
    from handrail import simulation

    raise typer.Exit(simulation.run(people=people, days=days, seed=seed or int(time.time()), faults=faults))
