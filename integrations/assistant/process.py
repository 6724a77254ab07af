"""How the assistant's own Python is called: with which interpreter, command and environment. Knows no model."""

import os
from collections.abc import Mapping
from pathlib import Path


def bot_python(root: Path) -> Path:
    """The interpreter of the assistant's own environment."""
    return root / "bot" / ".venv" / "bin" / "python"


def rasa_command(root: Path, *arguments: str) -> list[str]:
    return [str(bot_python(root)), "-W", "ignore", "-m", "rasa", *arguments]


def rasa_environment(root: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Only what Rasa needs: its process is old software and gets no secret of the hub to see."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "TQDM_DISABLE": "1"}
    # What it keeps of trainings looks at data and settings, not at the code of our components: an old part would stay.
    anew = {"RASA_MAX_CACHE_SIZE": "0"}
    # Its matrices are small: more threads only wait for each other (a text took several times as long).
    calm = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return {**kept, **quiet, **anew, **calm, "PYTHONPATH": str(root / "bot"), "PYTHONUNBUFFERED": "1", **(more or {})}
