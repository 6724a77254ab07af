"""Other processes of a benchmark: the program itself as it is run for real, and its peers. Knows no figure."""

import base64
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from handrail.settings import ROOT
from tests.peers.twilio_resources import ACCOUNT_SID, AUTH_TOKEN

MASTER_KEY = b"k" * 32
NO_BOT = "http://127.0.0.1:9"  # nobody listens there: every text goes to a human


@contextmanager
def python(*words: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", *words],
        cwd=ROOT,
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def settings(url: str, *, port: int = 8000, provider: str = "", bot: str = NO_BOT, token: str = "") -> dict[str, str]:
    """The environment of the program, as an agency would set it."""
    return {
        "HANDRAIL_MODE": "live",
        "HANDRAIL_DATABASE_URL": url,
        "HANDRAIL_MASTER_KEY": base64.b64encode(MASTER_KEY).decode(),
        "HANDRAIL_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "HANDRAIL_PORT": str(port),
        "HANDRAIL_SECURE_COOKIES": "false",
        "HANDRAIL_TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "HANDRAIL_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "HANDRAIL_TWILIO_API_URL": provider or "http://127.0.0.1:9",
        "HANDRAIL_BOT_URL": bot,
        "HANDRAIL_BOT_TOKEN": token,
    }


@contextmanager
def web(url: str, *words: str, **more: str) -> Iterator[tuple[str, int]]:
    """`handrail serve`: its address and process id."""
    port = free_port()
    with python("-m", "handrail", "serve", *words, **(settings(url, port=port) | more)) as process:
        answers(f"http://127.0.0.1:{port}/health/live")
        yield f"http://127.0.0.1:{port}", process.pid


@contextmanager
def carrier() -> Iterator[str]:
    """A local provider that speaks Twilio's API: its address."""
    with python("-m", "tests.peers.twilio_server", "--unchecked") as process:
        assert process.stdout
        yield process.stdout.readline().split()[1]


def answers(url: str, seconds: float = 60) -> None:
    """Wait until something answers there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            httpx.get(url, timeout=5)
            return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise TimeoutError(url)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def megabytes(pid: int) -> float:
    """Memory of the process that is in use, as the kernel counts it."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
