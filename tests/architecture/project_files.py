"""The files of the project, as the architecture tests look at them. Knows nothing of what is looked for."""

import os
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
    """Files written by us, below the folders named or anywhere. What is not ours is not walked into: it is large."""
    for start in below or (".",):
        for folder, inside, names in os.walk(ROOT / start):
            inside[:] = sorted(part for part in inside if not not_ours(part))
            yield from (Path(folder, name) for name in sorted(names) if Path(name).suffix in kinds)


def not_ours(part: str) -> bool:
    return part in NOT_OURS or part.endswith((CACHES, ".egg-info"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
