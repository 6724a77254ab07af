"""The least that can take a webhook and keep it: a plain ASGI function, the driver's own pool, one INSERT.

`python -m benchmarks.bare_web DATABASE_URL PORT`
"""

import sys
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
import uvloop
from psycopg_pool import AsyncConnectionPool

INSERT = "INSERT INTO bare (id, body) VALUES (%s, %s)"
START = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/xml")]}
TABLE = "CREATE TABLE IF NOT EXISTS bare (id text PRIMARY KEY, body text, at timestamptz DEFAULT now())"


class Bare:
    def __init__(self, url: str) -> None:
        self.pool = AsyncConnectionPool(
            url.replace("+psycopg", ""), kwargs={"autocommit": True}, min_size=4, max_size=10, open=False
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        form = dict(parse_qsl((await receive())["body"].decode()))
        if form:
            async with self.pool.connection() as connection:
                await connection.execute(INSERT, (form["MessageSid"], form["Body"]))
        await send(START)
        await send({"type": "http.response.body", "body": b"<Response/>"})


async def serve(url: str, port: int) -> None:
    bare = Bare(url)
    await bare.pool.open(wait=True)
    async with bare.pool.connection() as connection:
        await connection.execute(TABLE)
    config = uvicorn.Config(bare, port=port, lifespan="off", log_config=None, access_log=False)
    await uvicorn.Server(config).serve()
    await bare.pool.close()


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1], int(sys.argv[2])))
