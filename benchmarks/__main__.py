"""`make bench`: runs every benchmark and prints one table."""

import asyncio
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import accept, claiming, fairness, find_due, replies, sending
from benchmarks.stage import Figure
from hub.store.local_postgres import LocalPostgres
from hub.store.migrate import upgrade

BENCHMARKS = {
    "accept": accept.run,
    "sending": sending.run,
    "fairness": fairness.run,
    "claiming": claiming.run,
    "find_due": find_due.run,
    "replies": replies.run,
}


def main(names: list[str]) -> int:
    table = Table("path", "ours", "peer or limit", "ratio", "target")
    with tempfile.TemporaryDirectory() as folder, LocalPostgres(Path(folder)) as server:
        for name in names or list(BENCHMARKS):
            server.drop_database(name)
            url = server.create_database(name)
            upgrade(url)
            for figure in asyncio.run(BENCHMARKS[name](url)):
                table.add_row(*row(figure))
    Console(width=140).print(table)
    return 0


def row(figure: Figure) -> tuple[str, str, str, str, str]:
    return figure.path, figure.ours, figure.peer, f"{figure.ratio:.2f}", figure.target


sys.exit(main(sys.argv[1:]))
