"""Verbs that run the program: demo, serve, worker, tick, simulate."""

from typing import TYPE_CHECKING, Annotated

import typer

from handrail.cli.house import the_settings, with_hub

if TYPE_CHECKING:
    from hub.core import Hub

app = typer.Typer()
INFO, ERROR = 20, 40  # as in logging


@app.command()
def demo() -> None:
    """Try it with invented people. Phones beside the inbox; nothing leaves this machine."""
    from handrail import demo as the_demo

    raise typer.Exit(the_demo.run(the_settings()))


@app.command()
def serve(
    with_worker: Annotated[bool, typer.Option("--with-worker", help="Worker and clock in this process too.")] = False,
    host: Annotated[str | None, typer.Option(envvar="HANDRAIL_HOST", help="Address to serve on.")] = None,
    port: Annotated[int | None, typer.Option(envvar="HANDRAIL_PORT", min=1, max=65535, help="Port.")] = None,
) -> None:
    """Serve the web. The inbox, people's pages, the API and the providers' webhooks."""
    from handrail import running

    given = {name: value for name, value in {"host": host, "port": port}.items() if value is not None}
    settings = the_settings().model_copy(update=given)
    with_hub(lambda hub: running.serve(settings, hub, with_worker=with_worker), level=INFO)


@app.command()
def worker() -> None:
    """Handle what comes in, send what goes out. Keeps the clock too. As many of these as you like."""
    from handrail import running

    settings = the_settings()
    with_hub(lambda hub: running.worker(settings, hub), level=INFO)


@app.command()
def tick(
    once: Annotated[bool, typer.Option("--once", help="One round, then end: for cron.")] = False,
) -> None:
    """Only the clock. Queues what is due, asks providers, seals the audit; sends nothing by itself."""
    with_hub(_one_round if once else _rounds, level=INFO)


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
    people: Annotated[int, typer.Option(min=1, help="How many, all invented.")] = 200,
    days: Annotated[int, typer.Option(min=1, help="How many days pass.")] = 60,
    seed: Annotated[int, typer.Option(help="The same seed runs the same course.")] = 7,
    faults: Annotated[str, typer.Option(help="all, none, or names with commas between: docs/simulation.md.")] = "none",
    as_json: Annotated[bool, typer.Option("--json", help="End with one line of JSON.")] = False,
    shrink: Annotated[bool, typer.Option(help="When a promise breaks, look for the smallest course that does.")] = True,
) -> None:
    """Check the promises on invented weeks. The whole hub, on a clock of its own, with what can go wrong."""
    from handrail import logs, simulation
    from handrail.simulation.faults import chosen

    logs.configure(level=ERROR)  # warnings are what a simulation with faults is made of
    options = simulation.Options(people, days, seed, chosen(faults))
    raise typer.Exit(simulation.show(the_settings(), options, as_json=as_json, shrink=shrink))
