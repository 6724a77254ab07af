"""The assistant's second encoder: is it ready for use, and how is it made ready. Must not know how it is asked."""

import hashlib
import subprocess
from pathlib import Path

from hub.errors import AssistantUnavailable
from integrations.assistant.process import bot_python, rasa_environment

MADE_OF = ("second_reader.npz", "second_reading.py", "encoders.py", "fine_tuned.py", "meaning_graph.py")


def make(root: Path) -> None:
    """From the registry's weights and what was learned, when either has changed: half a minute. Raises
    AssistantUnavailable."""
    stamp, fingerprint = _folder(root) / "made_of", _fingerprint(root)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == fingerprint:
        return
    making = [str(bot_python(root)), "-W", "ignore", "-m", "handrail_bot.second_reading", str(_folder(root))]
    done = subprocess.run(  # noqa: S603 - our own words
        making, cwd=root, env=rasa_environment(root), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise AssistantUnavailable(f"Its second reader was not made:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    stamp.write_text(fingerprint, encoding="utf-8")


def _folder(root: Path) -> Path:
    return root / "bot" / "models" / "second"


def _fingerprint(root: Path) -> str:
    digest = hashlib.sha256((root / "bot" / "uv.lock").read_bytes())
    for name in MADE_OF:
        digest.update((root / "bot" / "handrail_bot" / name).read_bytes())
    return digest.hexdigest()
