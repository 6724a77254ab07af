"""A sign of life for processes without a web: a file that a running worker touches. Knows nothing of its work.

For whoever watches from outside (Kubernetes, systemd): `handrail doctor --worker`. Nothing else is asked, so that a
dead database does not have a healthy worker restarted.
"""

import asyncio
import time
from contextlib import suppress
from pathlib import Path

EVERY = 10.0  # seconds
LONGEST_SILENCE = 60.0  # seconds: a loop that is held up for longer than this hangs


def sign(data_folder: Path) -> Path:
    return data_folder / "worker.alive"


async def show(data_folder: Path, stop: asyncio.Event) -> None:
    """Touch the file until `stop`; then remove it."""
    file = sign(data_folder)
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        while not stop.is_set():
            file.touch()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY)
    finally:
        file.unlink(missing_ok=True)


def is_alive(data_folder: Path) -> bool:
    """Whether a worker with this data folder has shown itself within a minute."""
    try:
        return time.time() - sign(data_folder).stat().st_mtime <= LONGEST_SILENCE
    except FileNotFoundError:
        return False
