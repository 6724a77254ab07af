"""Starts and stops the assistant as a child process: for the demo, the tests and `make model`.

    python -m integrations.assistant.server train | run

Must not be needed in production, where the bot is a service of its own.
"""

import argparse
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

import httpx

from hub.errors import AssistantUnavailable
from integrations.assistant.model import needs_training, train
from integrations.assistant.process import rasa_command, rasa_environment

__all__ = ["BotServer", "needs_training", "train"]

HEALTH = "/webhooks/handrail/"
# As a program of its own it stands below handrail/settings.py and reads this one name itself, as the bot does.
TOKEN_VARIABLE = "HANDRAIL_BOT_TOKEN"  # noqa: S105  # the name of a variable
START_SECONDS = 60.0  # loading TensorFlow and the model takes 12–25 s
STOP_SECONDS = 10.0


class BotServer:
    """One assistant on a free port of loopback, with a token of its own. Trains first when needed."""

    def __init__(
        self,
        root: Path,
        log: Path | None = None,
        port: int | None = None,
        token: str | None = None,
        model: Path | None = None,
    ) -> None:
        self.root = root
        self._model = model
        self.log = log or root / "bot" / ".rasa" / "server.log"
        self.port = port or free_port()
        self.token = token or secrets.token_urlsafe(32)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self, wait: bool = True) -> "BotServer":
        """Returns when it answers. Raises AssistantUnavailable when it does not within a minute."""
        model = self._model or train(self.root)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = self._launch(model, log)
        if wait:
            self.wait_until_ready()
        return self

    def _launch(self, model: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
        files = ["--endpoints", "bot/endpoints.yml", "--credentials", "bot/credentials.yml"]
        where = ["--interface", "127.0.0.1", "--port", str(self.port)]
        return subprocess.Popen(  # noqa: S603 - our own words
            rasa_command(self.root, "run", "--model", str(model), *files, *where),
            cwd=self.root,
            env=rasa_environment(self.root, {TOKEN_VARIABLE: self.token}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # its own process group, so that stop() reaches the children too
        )

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.base_url}{HEALTH}", timeout=2).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        """Raises AssistantUnavailable when the process ends or stays silent for that long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self._process is None or self._process.poll() is not None:
                raise AssistantUnavailable(f"It ended while starting; see {self.log.name}.")
            if self.is_ready():
                return
            time.sleep(0.2)
        self.stop()
        raise AssistantUnavailable(f"It did not start within {seconds:.0f} seconds; see {self.log.name}.")

    def stop(self) -> None:
        """Ends the whole process group; harmless when it has ended already."""
        process, self._process = self._process, None
        if process is None:
            return
        signal_group(process, signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            signal_group(process, signal.SIGKILL)
            process.wait()

    def __enter__(self) -> "BotServer":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """The leader's id is the group's, because it was started in a session of its own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m integrations.assistant.server", description=__doc__)
    parser.add_argument("do", choices=["train", "run"])
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the project's folder")
    parser.add_argument("--port", type=int, default=5005)
    chosen = parser.parse_args(arguments)
    if chosen.do == "train":
        sys.stdout.write(f"{train(chosen.root).relative_to(chosen.root)}\n")
        return 0
    return run(BotServer(chosen.root, port=chosen.port, token=os.environ.get(TOKEN_VARIABLE)))


def run(server: BotServer) -> int:
    """Serves until Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with server:
        sys.stdout.write(f"The assistant answers at {server.base_url}. Its log: {server.log}\n")
        try:
            signal.pause()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
