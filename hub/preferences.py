"""What a worker likes: kept with the worker, on any machine that they sign in on. Knows nothing of screens."""

from dataclasses import asdict, dataclass, fields

from hub.store.tables import Worker


@dataclass(frozen=True, slots=True)
class Preferences:
    """`keys`: single keys do things in the inbox. `sound`: a cry for help is heard, too."""

    keys: bool = True
    sound: bool = False


def preferences_of(worker: Worker) -> Preferences:
    kept = worker.preferences or {}
    return Preferences(**{each.name: bool(kept[each.name]) for each in fields(Preferences) if each.name in kept})


def keep_preferences(worker: Worker, wanted: Preferences) -> None:
    """Beside what else is kept there."""
    worker.preferences = (worker.preferences or {}) | asdict(wanted)
