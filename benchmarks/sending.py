"""Due messages to a carrier that takes everything: beside a job queue and a job store, and with more processes.

Ours are checked, rendered, sealed and recorded twice on the way; the peers' jobs do nothing at all. Targets: five times
procrastinate with a job a message, twenty times APScheduler's SQLAlchemyJobStore with a job a reminder.
"""

import asyncio
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from subprocess import Popen

import procrastinate
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from procrastinate.types import JSONDict

from benchmarks.figures import Figure, Measure, in_turns
from benchmarks.processes import python
from benchmarks.stage import fill, make_hub, queue_messages
from hub.core import Hub
from hub.send import send_due

MESSAGES, JOBS, PEOPLE = 2000, 300, 500
AT_ONCE = 20  # jobs


async def run(url: str) -> list[Figure]:
    hub = make_hub(url)
    conversations = await fill(hub, PEOPLE)
    ours = partial(messages_a_second, hub, conversations)
    await ours(PEOPLE)  # warm
    beside_queue = await in_turns(ours, await job_queue(url))
    beside_store = await in_turns(ours, lambda: asyncio.to_thread(job_store, url))
    alone = await several(hub, conversations, 1)
    more = {count: await several(hub, conversations, count) for count in (2, 4)}
    await hub.store.close()
    words = "due message to carrier"
    return [
        Figure("send", words, *beside_queue, "procrastinate, a job a message", "/s", 5),
        Figure("send_job_store", words, *beside_store, "APScheduler's job store", "/s", 20),
        *(Figure(f"send_{n}_processes", f"… {n} worker processes", s, alone, "one", "/s", 1) for n, s in more.items()),
    ]


async def messages_a_second(hub: Hub, conversations: list[int], count: int = MESSAGES) -> float:
    """With as many loops as a worker has by itself."""

    async def send_all(name: str) -> None:
        while await send_due(hub, name):
            pass

    await queue_messages(hub, conversations, count)
    began = time.perf_counter()
    await asyncio.gather(send_all("one"), send_all("two"))
    return count / (time.perf_counter() - began)


async def job_queue(url: str) -> Measure:
    """procrastinate with as many jobs at once as we call providers."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url.replace("+psycopg", "")))
    async with app.open_async():
        await app.schema_manager.apply_schema_async()

    @app.task(name="send")
    async def send(number: int) -> None: ...

    async def jobs_a_second() -> float:
        async with app.open_async():
            jobs: list[JSONDict] = [{"number": number} for number in range(JOBS)]
            await send.batch_defer_async(*jobs)
            began = time.perf_counter()
            await app.run_worker_async(
                wait=False, concurrency=AT_ONCE, install_signal_handlers=False, listen_notify=False
            )
            return JOBS / (time.perf_counter() - began)

    return jobs_a_second


_done: list[int] = []


def _job(number: int) -> None:
    _done.append(number)


def job_store(url: str) -> float:
    """Jobs that are due, from the store to done, a second."""
    _done.clear()
    store = SQLAlchemyJobStore(url=url)
    scheduler = BackgroundScheduler(jobstores={"default": store}, job_defaults={"misfire_grace_time": None})
    scheduler.start(paused=True)
    due = datetime.now(UTC) - timedelta(seconds=1)
    for number in range(JOBS):
        scheduler.add_job(_job, "date", run_date=due, args=(number,))
    began = time.perf_counter()
    scheduler.resume()
    while len(_done) < JOBS:
        scheduler.wakeup()
        time.sleep(0.001)
    seconds = time.perf_counter() - began
    scheduler.shutdown()
    return JOBS / seconds


async def several(hub: Hub, conversations: list[int], processes: int) -> float:
    """Messages a second with so many worker processes (`benchmarks/sender.py`), which start together."""
    await queue_messages(hub, conversations, 2 * MESSAGES)
    with ExitStack() as stack:
        senders = [
            stack.enter_context(python("-m", "benchmarks.sender", hub.store.url, str(n))) for n in range(processes)
        ]
        for sender in senders:
            await asyncio.to_thread(_line, sender)  # ready
        began = time.perf_counter()
        for sender in senders:
            _tell(sender)
        for sender in senders:
            await asyncio.to_thread(_line, sender)  # done
        return 2 * MESSAGES / (time.perf_counter() - began)


def _line(process: Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline()


def _tell(process: Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()
