"""The steps of the set-up, each with what it depends on. A step is done again only when that has changed.

Knows nothing of the order in which they are asked for.
"""

import hashlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from handrail.setup.places import BOT_PYTHON, HUB_PYTHON, ROOT, STAMPS, TOOLS, UV, UV_VERSION, VENDOR
from handrail.setup.run import run
from handrail.setup.web_assets import make_web_assets

CONNECTION = "Check the connection to the internet, then start again: what is done stays done."


@dataclass(frozen=True)
class Step:
    name: str
    words: str  # shown while it runs
    do: Callable[[], None]
    made: tuple[Path, ...] = ()  # gone means: do it again
    depends_on: tuple[str, ...] = ()  # files, as patterns below the project's folder
    version: str = ""

    @property
    def _stamp(self) -> Path:
        return STAMPS / self.name

    def is_done(self) -> bool:
        """True when nothing that the step depends on has changed. A step that makes no file is never done."""
        if not self.made or not all(path.exists() for path in self.made) or not self._stamp.exists():
            return False
        return self._stamp.read_text() == self.fingerprint()

    def mark_done(self) -> None:
        STAMPS.mkdir(exist_ok=True)
        self._stamp.write_text(self.fingerprint())

    def fingerprint(self) -> str:
        """Of the files' names and contents, the version, and the place: environments cannot be moved."""
        digest = hashlib.sha256(f"{self.version} {ROOT}".encode())
        for pattern in self.depends_on:
            for path in sorted(ROOT.glob(pattern)):
                digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
        return digest.hexdigest()


def install_uv() -> None:
    advice = "On Debian and Ubuntu, install the package python3-venv first. " + CONNECTION
    run(sys.executable, "-m", "venv", "--clear", TOOLS, advice=advice)
    run(TOOLS / "bin" / "pip", "install", "--quiet", f"uv=={UV_VERSION}", advice=CONNECTION)


def install_hub() -> None:
    run(UV, "sync", "--frozen", "--quiet", "--compile-bytecode", advice=CONNECTION)


def install_bot() -> None:
    # Byte-compiled at once: it takes ten seconds off the assistant's first start.
    advice = "It needs 3 GB of free disk. " + CONNECTION
    run(UV, "sync", "--frozen", "--project", "bot", "--compile-bytecode", advice=advice)


def train() -> None:
    advice = "See the lines above; `handrail check` finds mistakes in flows/ and nlu_data/."
    run(HUB_PYTHON, "-m", "integrations.assistant.server", "train", advice=advice)


STEPS = (
    Step("uv", "Installer for Python packages (uv)", install_uv, made=(UV,), version=UV_VERSION),
    Step(
        "hub",
        "Packages of the hub, PostgreSQL among them",
        install_hub,
        made=(HUB_PYTHON,),
        depends_on=("pyproject.toml", "uv.lock"),
    ),
    Step(
        "bot",
        "Packages of the assistant, Rasa (2 GB, several minutes the first time)",
        install_bot,
        made=(BOT_PYTHON,),
        depends_on=("bot/pyproject.toml", "bot/uv.lock"),
    ),
    Step(
        "web",
        "Styles and scripts of the web pages",
        make_web_assets,
        made=(VENDOR / "handrail.css",),
        depends_on=("package-lock.json", "inbox/styles/*.scss", "handrail/setup/web_assets.py"),
    ),
    Step("model", "The assistant's model (trained when its examples or rules have changed)", train),
)
