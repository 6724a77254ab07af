"""The running program: serves and works in one process, and a SIGTERM ends it well."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import Fill, Run, sam_has_an_appointment
from tests.world import ROOT

pytestmark = pytest.mark.slow  # a process or a database of its own for each command

START_SECONDS = 40.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_serve_with_worker_answers_and_ends_on_sigterm(house: Run, fill: Fill, tmp_path: Path) -> None:
    fill(sam_has_an_appointment)
    port, log = free_port(), tmp_path / "log"
    command = [sys.executable, "-m", "handrail", "serve", "--with-worker", "--port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, env=os.environ.copy())
    try:
        assert wait_for(f"http://127.0.0.1:{port}/health/live", process), log.read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()
    assert "serving" in log.read_text()
    assert "stopped" in log.read_text()
    assert "Traceback" not in log.read_text()


def wait_for(url: str, process: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            return httpx.get(url, timeout=2).status_code == httpx.codes.OK
        except httpx.TransportError:
            pass
    return False


def test_a_port_that_is_taken_is_a_sentence(house: Run, fill: Fill) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = house("serve", "--port", str(taken.getsockname()[1]))

    assert done.exit_code == 1
    assert "Cannot serve on 127.0.0.1" in done.stderr


@pytest.mark.parametrize("verb", ["tick"])
def test_one_round_of_the_clock_leaves_a_heartbeat(house: Run, fill: Fill, verb: str) -> None:
    fill(sam_has_an_appointment)

    assert house(verb, "--once").exit_code == 0
    assert "OK      scheduler" in house("doctor").stdout
