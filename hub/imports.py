"""What pages ask of whoever reads the files of case systems: look first, then import whole or not at all.

A port like those of `hub/ports.py`; it stands apart because it names a worker. Knows no file format.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hub.store.tables import Worker


class Kind(StrEnum):
    PEOPLE = "people"
    APPOINTMENTS = "appointments"
    SERVICES = "services"


@dataclass(frozen=True, slots=True)
class SeenRow:
    """One row of the file. `wrong`: sentences by column; "" is the whole row."""

    number: int
    cells: Mapping[str, str]
    wrong: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """A file that was looked at. With a problem anywhere, nothing of it is imported."""

    columns: Sequence[str]
    rows: Sequence[SeenRow]  # the first ones, and those with problems
    total: int
    created: int
    changed: int
    unchanged: int
    problems: int
    about_file: Sequence[str]  # what is wrong with the file as a whole


class Imports(Protocol):
    async def look(self, worker: Worker, kind: Kind, content: bytes) -> Seen:
        """What importing it would do. Nothing is changed."""
        ...

    async def run(self, worker: Worker, kind: Kind, content: bytes) -> Seen:
        """Import all of it, or nothing when there is a problem."""
        ...
