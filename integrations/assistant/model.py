"""The assistant's model: is it there for these files, and how is it made. Must not know how it is served."""

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from hub.errors import AssistantUnavailable
from integrations.assistant import second_reader
from integrations.assistant.process import bot_python, rasa_command, rasa_environment

APART = frozenset({"heldout", "tuning"})  # never learned from
SERVES_ONLY = {
    "turn_channel.py",
    "clauses.py",
    "commands.py",
    "encoder_network.py",
    "fine_tuning.py",
    "hard_examples.py",
    "joined.py",
    "number_first.py",
    "rulebook.py",
    "stretches.py",
    "second_reader.npz",
    "second_reading.py",
    "slips.py",
    "stateless.py",
    "understanding.py",
}  # work around the model, not in it


def learned_from(root: Path) -> Iterator[Path]:
    """Every file that shapes the model, in a stable order."""
    yield root / "bot" / "config.yml"
    folder = root / "bot" / "handrail_bot"
    parts = sorted([*folder.glob("*.[py][ym]*"), *folder.glob("*.npz")])
    yield from (part for part in parts if part.name not in SERVES_ONLY)
    yield root / "flows" / "domain.yml"
    for pattern in ("*/domain.yml", "*/rules.yml", "replies/*.yml"):
        yield from sorted((root / "flows").glob(pattern))
    yield from (file for folder in examples(root) for file in sorted(folder.glob("*.yml")))


def examples(root: Path) -> list[Path]:
    """The folders of examples, one a language."""
    folders = (root / "nlu_data").iterdir()
    return sorted(folder for folder in folders if folder.is_dir() and folder.name not in APART)


def model_path(root: Path) -> Path:
    """Where the model of the present files lies, trained or not: the name carries their hash."""
    digest = hashlib.sha256()
    for file in learned_from(root):
        digest.update(f"{file.relative_to(root)}\0".encode() + file.read_bytes() + b"\0")
    return root / "bot" / "models" / f"handrail-{digest.hexdigest()[:12]}.tar.gz"


def needs_training(root: Path) -> bool:
    return not model_path(root).exists()


def train(root: Path) -> Path:
    """Trains when needed (two to four minutes) and drops models of older files. Raises AssistantUnavailable."""
    if needs_training(root):
        return promote(root, train_candidate(root))
    second_reader.make(root)
    return model_path(root)


def train_candidate(root: Path) -> Path:
    """A model of the present files, beside the one in use. Raises AssistantUnavailable."""
    second_reader.make(root)
    candidate = model_path(root).with_name("candidate.tar.gz")
    rules = sorted((root / "flows").glob("*/rules.yml"))
    data = [str(path.relative_to(root)) for path in (*examples(root), *rules)]
    where = ["--out", "bot/models", "--fixed-model-name", "candidate"]
    # Rasa's own check of the data is a test (tests/bot); here it would double the time.
    shape = ["--skip-validation", "--config", "bot/config.yml", "--domain", "flows"]
    done = rasa(root, "train", *shape, *where, "--data", *data)
    if done.returncode or not candidate.exists():
        raise AssistantUnavailable(f"Its training failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return candidate


def promote(root: Path, candidate: Path) -> Path:
    """Put a model in its place; those of older files go."""
    model = candidate.replace(model_path(root))
    for old in model.parent.glob("handrail-*.tar.gz"):
        if old != model:
            old.unlink()
    return model


def fine_tune(root: Path, *, second: bool, further: bool = False) -> None:
    """Teaches the first encoder from all examples, or the second from the English ones: most of an hour, `further` from
    what is kept a third of it; says how far it is. Raises AssistantUnavailable."""
    folders = [str(folder.relative_to(root)) for folder in examples(root) if not second or folder.name == "en"]
    which, how = "second" if second else "first", "further" if further else "anew"
    teach = [str(bot_python(root)), "-W", "ignore", "-m", "handrail_bot.fine_tuning", which, how, *folders]
    if subprocess.run(teach, cwd=root, env=rasa_environment(root), check=False).returncode:  # noqa: S603
        raise AssistantUnavailable("The encoder was not taught: what it said stands above.")


def rasa(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs one Rasa command to its end, in the project's folder."""
    return subprocess.run(  # noqa: S603 - our own words
        rasa_command(root, *arguments),
        cwd=root,
        env=rasa_environment(root),
        capture_output=True,
        text=True,
        check=False,
    )
