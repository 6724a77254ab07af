"""The files of the project, as the architecture tests look at them. Knows nothing of what is looked for."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("handrail", "hub", "scheduler", "integrations", "inbox")
NOT_OURS = {".git", ".venv", ".tools", ".make", "node_modules", "vendor", "__pycache__", "models", ".rasa"}
CACHES = "_cache"
TEXT = {
    ".py",
    ".yml",
    ".yaml",
    ".md",
    ".html",
    ".jinja",
    ".txt",
    ".toml",
    ".scss",
    ".js",
    ".json",
    ".csv",
    ".ini",
}


def files(*below: str, kinds: set[str] = TEXT) -> Iterator[Path]:
    """Files written by us, below the folders named or anywhere."""
    for start in below or (".",):
        for path in sorted((ROOT / start).rglob("*")):
            parts = path.relative_to(ROOT).parts
            if path.suffix in kinds and path.is_file() and not any(not_ours(part) for part in parts):
                yield path


def not_ours(part: str) -> bool:
    return part in NOT_OURS or part.endswith((CACHES, ".egg-info"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
