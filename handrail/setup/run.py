"""Run a program, loudly when it fails. Knows nothing of which programs there are."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from handrail.setup.places import ROOT


class SetupFailed(Exception):
    """The set-up could not finish; the sentence says what to do."""


def run(*command: str | Path, advice: str, extra: Mapping[str, str] | None = None) -> None:
    """Run in the project's folder, its output shown as it comes. Raises `SetupFailed` with the advice."""
    # An environment that happens to be active must not be taken for one of ours.
    environment = {k: v for k, v in os.environ.items() if k not in {"VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT"}}
    try:
        subprocess.run(command, cwd=ROOT, env=environment | dict(extra or {}), check=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        name = Path(command[0]).name
        raise SetupFailed(f"{name} did not finish. {advice}") from problem
