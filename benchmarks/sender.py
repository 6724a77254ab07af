"""One worker process of the benchmark: sends, once it is told to, until nothing is left.

`python -m benchmarks.sender DATABASE_URL NAME`
"""

import asyncio
import sys

import uvloop
from sqlalchemy import text

from benchmarks.stage import make_hub
from hub.send import send_due


async def send_all(url: str, name: str) -> None:
    hub = make_hub(url)
    async with hub.store.transaction() as session:
        await session.execute(text("SELECT 1"))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    while await send_due(hub, name):
        pass
    print("done", flush=True)
    await hub.store.close()


if __name__ == "__main__":
    uvloop.run(send_all(*sys.argv[1:3]))
