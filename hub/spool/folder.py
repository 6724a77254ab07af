"""A folder of sealed letters, one file each: there after a power cut, in the order in which they came.

A file's name is `<time in ns>-<place in the line>-<sender's mark>.<kind>`: sorted by name they are in order, and
what waits can be counted by kind, and by sender, without opening anything. The mark is a blind index: it names nobody.
Knows nothing of what is inside.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fcntl import LOCK_EX, LOCK_NB, flock
from itertools import count
from pathlib import Path

from hub.errors import BadSettings, NotSpooled
from hub.store.vault import Key

SEALED_AS = "spool"
ASIDE = "aside"  # the folder of files that could not be taken in
HALF = ".half"  # a file that is being written
HALF_LASTS = timedelta(minutes=10)  # far longer than any write: whoever wrote it is dead
BLOCK = 4096  # bytes that a file takes on disk at least
COUNT_EVERY = 256  # letters: to look at every file for each new one would take longer the more there are


@dataclass(frozen=True, slots=True)
class Waiting:
    """What lies in the folder. `aside` needs a human; all else is taken in by itself."""

    by_kind: Counter[str]
    aside: int
    bytes: int
    oldest: timedelta | None  # how long the first has waited

    @property
    def number(self) -> int:
        return self.by_kind.total()


class Folder:
    """`room` is the most that all files together may take, in bytes."""

    def __init__(self, path: Path, key: Key, room: int) -> None:
        self.path, self._key, self._room = path, key, room
        self._places = count()
        self._taken, self._trusted = 0, 0  # bytes when they were last counted; for how many letters more that will do

    def name(self, at: datetime, mark: str, kind: str) -> str:
        """Names are given in the order of arrival, before anything is written."""
        nanoseconds = int(at.timestamp() * 1_000_000) * 1000
        return f"{nanoseconds:020d}-{os.getpid():08d}{next(self._places):08d}-{mark}.{kind}"

    def names(self) -> list[str]:
        """Those that wait, the first one first."""
        with suppress(FileNotFoundError), os.scandir(self.path) as found:
            return sorted(e.name for e in found if _is_letter(e.name))
        return []

    def put(self, name: str, content: bytes) -> None:
        """On the disk when this returns. Raises `NotSpooled` with the reason."""
        sealed = self._key.seal(content, SEALED_AS)
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self._has_room(max(len(sealed), BLOCK)):
                raise NotSpooled(f"The folder is full ({self._room >> 20} MB).")
            self._write(name, sealed)
        except OSError as problem:
            raise NotSpooled(f"({problem.strerror})") from problem

    def read(self, name: str) -> bytes:
        """Raises `FileNotFoundError` when somebody has taken it, `BadSettings` when it cannot be opened."""
        sealed = (self.path / name).read_bytes()
        try:
            return self._key.open_bytes(sealed, SEALED_AS)
        except ValueError as wrong:  # too short to be anything
            raise BadSettings("A file of the spool is damaged.") from wrong

    def take_up_halves(self, now: datetime) -> None:
        """What a process that was killed left half written. Nobody was told that it was taken, but all of it may be
        there: then it is a letter like others. Otherwise it is set aside, for a wrong key looks like a torn file.
        """
        for half in self._halves():
            whole = half.removesuffix(HALF)
            if now - came_at(whole) < HALF_LASTS:
                continue
            with suppress(FileNotFoundError):
                try:
                    self.read(half)
                except BadSettings:
                    self.set_aside(half)
                else:
                    (self.path / half).rename(self.path / whole)

    def remove(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)

    def set_aside(self, name: str) -> None:
        """Out of the way, never away: `handrail doctor` tells of it."""
        (self.path / ASIDE).mkdir(mode=0o700, exist_ok=True)
        (self.path / name).rename(self.path / ASIDE / name)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else on this machine is taking letters out; until the block ends nobody will."""
        if not self.path.exists():
            yield True
            return
        with (self.path / ".lock").open("ab") as lock:  # the kernel gives it back, even after `kill -9`
            try:
                flock(lock, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def waiting(self, now: datetime) -> Waiting:
        names = self.names()
        oldest = now - came_at(names[0]) if names else None
        return Waiting(Counter(map(kind_of, names)), self._aside(), self._count(), oldest)

    def is_usable(self) -> bool:
        """Whether a letter could be written now."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            return False
        return os.access(self.path, os.W_OK) and self._count() + BLOCK <= self._room

    def _has_room(self, size: int) -> bool:
        """Counted anew now and then, and always before a letter is refused: what was taken out has made room."""
        if self._trusted == 0 or self._taken + size > self._room:
            self._taken, self._trusted = self._count(), COUNT_EVERY
        self._taken, self._trusted = self._taken + size, self._trusted - 1
        return self._taken <= self._room

    def _write(self, name: str, sealed: bytes) -> None:
        half = self.path / (name + HALF)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        half.rename(self.path / name)
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)  # the name too, or a power cut could take it
        finally:
            os.close(folder)

    def _halves(self) -> list[str]:
        with suppress(FileNotFoundError), os.scandir(self.path) as found:
            return [entry.name for entry in found if entry.name.endswith(HALF)]
        return []

    def _aside(self) -> int:
        with suppress(FileNotFoundError):
            return len(list((self.path / ASIDE).iterdir()))
        return 0

    def _count(self) -> int:
        """Bytes on disk, those of half-written files too."""
        with suppress(FileNotFoundError), os.scandir(self.path) as found:
            return sum(max(_size(entry), BLOCK) for entry in found if entry.name[0] != "." and entry.is_file())
        return 0


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat().st_size
    except FileNotFoundError:  # taken in meanwhile
        return 0


def _is_letter(name: str) -> bool:
    return name[0].isdigit() and not name.endswith(HALF)


def kind_of(name: str) -> str:
    return name.rpartition(".")[2]


def mark_of(name: str) -> str:
    return name.rpartition(".")[0].rpartition("-")[2]


def came_at(name: str) -> datetime:
    return datetime.fromtimestamp(int(name.partition("-")[0]) / 1e9, UTC)
