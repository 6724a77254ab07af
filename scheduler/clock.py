"""The clock: APScheduler ticks, the table is the truth. The only file that knows APScheduler.

One interval job per kind of upkeep and nothing else is ever scheduled here: what is due is a query over planned rows,
so two clocks at once are harmless and a clock that stood still for a day catches up.
"""

from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from hub.core import Hub
from hub.errors import StoreUnavailable
from scheduler.upkeep import UPKEEP, Upkeep

log = structlog.get_logger()


class Clock:
    """Starts and stops the ticks of one process."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._scheduler = AsyncIOScheduler(
            # One late tick stands for all missed ones, and none is dropped for being late (the default grace is 1 s).
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
            timezone="UTC",
        )

    def start(self) -> None:
        for upkeep in UPKEEP:
            self._scheduler.add_job(
                tick,
                "interval",
                args=(self._hub, upkeep),
                seconds=upkeep.every.total_seconds(),
                id=upkeep.name,
                next_run_time=datetime.now(UTC),  # at once: after an outage the first look is the one that matters
            )
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)


async def tick(hub: Hub, upkeep: Upkeep) -> None:
    """One tick of one kind. The edge of a job: it is logged, and the next tick comes."""
    try:
        await upkeep.work(hub)
    except StoreUnavailable:
        log.warning("store_unavailable", upkeep=upkeep.name)
    except Exception:
        log.exception("upkeep_failed", upkeep=upkeep.name)
