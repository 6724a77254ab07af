"""A queued message to a carrier that takes everything, against APScheduler's job store with one job a message."""

import asyncio
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from benchmarks.stage import Figure, fill, make_hub, timed
from hub.core import Hub
from hub.outbox import queue
from hub.send import send_due
from hub.store.tables import Conversation
from hub.words import Priority, Purpose

MESSAGES, PEOPLE, JOBS = 1000, 200, 300


async def run(url: str) -> list[Figure]:
    hub = make_hub(url)
    conversations = await fill(hub, PEOPLE)
    await _queue(hub, conversations, PEOPLE)
    await _send_all(hub)  # warm
    await _queue(hub, conversations, MESSAGES)
    ours = MESSAGES / await timed(lambda: _send_all(hub))
    await hub.store.close()
    peer = JOBS / await asyncio.to_thread(_job_store, url)
    words = "queued message to carrier: checked, rendered, recorded twice"
    return [Figure(words, f"{ours:.0f}/s", f"APScheduler job store {peer:.0f}/s", ours / peer, "≥ 1")]


async def _queue(hub: Hub, conversations: list[int], count: int) -> None:
    async with hub.store.transaction() as session:
        for number in range(count):
            conversation = await session.get_one(Conversation, conversations[number % len(conversations)])
            await queue(
                hub,
                session,
                conversation,
                purpose=Purpose.SAFETY,  # goes out at any hour: the benchmark runs at any hour
                priority=Priority.REMINDER,
                text_key="person.help",
                facts={"first_name": "Sam", "agency": "Bench", "phone": "0300 000 0000", "worker": "Priya"},
            )


async def _send_all(hub: Hub) -> None:
    while await send_due(hub, "bench"):
        pass


_done: list[int] = []


def _job(number: int) -> None:
    _done.append(number)


def _job_store(url: str) -> float:
    """Seconds for JOBS jobs that are due, from the store to done."""
    _done.clear()
    store = SQLAlchemyJobStore(url=url)
    scheduler = BackgroundScheduler(jobstores={"default": store}, job_defaults={"misfire_grace_time": None})
    scheduler.start(paused=True)
    due = datetime.now(UTC) - timedelta(seconds=1)
    for number in range(JOBS):
        scheduler.add_job(_job, "date", run_date=due, args=(number,))
    began = datetime.now(UTC)
    scheduler.resume()
    while len(_done) < JOBS:
        scheduler.wakeup()
    seconds = (datetime.now(UTC) - began).total_seconds()
    scheduler.shutdown()
    return seconds
