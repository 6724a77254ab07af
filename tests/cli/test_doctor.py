"""The doctor on what waits on disk, and on a worker that has no web."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handrail import alive
from handrail.settings import Settings
from handrail.wiring import master_key, spool
from hub.store.vault import Vault
from tests.cli.conftest import Run


@pytest.fixture
def line(run: Run, monkeypatch: pytest.MonkeyPatch):
    """The line of the doctor that begins with these words."""
    monkeypatch.setenv("HANDRAIL_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/nothing")

    def found(what: str) -> str:
        return next((each for each in run("doctor").stdout.splitlines() if what in each), "")

    return found


def test_the_doctor_tells_what_waits_on_disk_and_what_was_set_aside(line, tmp_path: Path) -> None:
    assert line("texts on disk").startswith("OK      texts on disk: 0 waiting")
    settings = Settings()
    folder = spool(settings, Vault.from_text(master_key(settings)))
    for kind in ("text", "crisis"):
        folder.put(folder.name(datetime.now(UTC), "0" * 16, kind), b"hello")
    said = line("texts on disk")
    assert said.startswith("PROBLEM")
    assert "2 waiting (1 crisis, 1 text)" in said
    assert "handrail serve" in said
    folder.set_aside(folder.names()[0])
    assert line("texts set aside").startswith("PROBLEM texts set aside: 1 could not be taken in")


def test_a_worker_is_alive_while_it_runs_and_not_when_it_hangs_or_has_ended(run: Run, tmp_path: Path) -> None:
    assert run("doctor", "--worker").exit_code == 1

    async def live() -> None:
        stop = asyncio.Event()
        showing = asyncio.create_task(alive.show(tmp_path, stop))
        while not alive.is_alive(tmp_path):
            await asyncio.sleep(0)
        assert run("doctor", "--worker").exit_code == 0
        os.utime(alive.sign(tmp_path), (0, 0))  # it has not come round for a long time
        assert run("doctor", "--worker").exit_code == 1
        stop.set()
        await showing

    asyncio.run(live())
    assert not alive.sign(tmp_path).exists()
