"""`make bench`: runs every benchmark, or those that are named, prints one table and keeps results.json."""

import asyncio
import signal
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks import (
    accept,
    assistant,
    claiming,
    fairness,
    figures,
    find_due,
    inbox,
    replies,
    sending,
    surveys,
    through_http,
)
from hub.store.local_postgres import LocalPostgres
from hub.store.migrate import upgrade

BENCHMARKS = {
    "accept": accept.run,
    "sending": sending.run,
    "through_http": through_http.run,
    "claiming": claiming.run,
    "fairness": fairness.run,
    "find_due": find_due.run,
    "inbox": inbox.run,
    "surveys": surveys.run,
    "assistant": assistant.run,
    "replies": replies.run,
}


def main(names: list[str]) -> int:
    found = []
    with tempfile.TemporaryDirectory() as folder, LocalPostgres(Path(folder)) as server:
        for name in names or list(BENCHMARKS):
            server.drop_database(name)
            url = server.create_database(name)
            upgrade(url)
            found += asyncio.run(BENCHMARKS[name](url))
    figures.keep(found)
    Console(width=150).print(figures.table(found))
    return 0


signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # through every `with`: no server is left behind
sys.exit(main(sys.argv[1:]))
