"""The helplines that our texts name: one file, `flows/safety/helplines.yml`, with source and day of review each.

Knows nothing of who is given which number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hub.errors import FlowInvalid
from hub.yaml_file import read_yaml

REVIEW_AFTER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Helpline:
    """`number` as it stands in a text: a phone number, a key to press, or an address."""

    number: str
    what: str
    hours: str
    cost: str
    source: str
    reviewed: date


@dataclass(frozen=True, slots=True)
class Helplines:
    by_name: Mapping[str, Helpline]

    @classmethod
    def from_flows(cls, flows: Path) -> "Helplines":
        """Raises `FlowInvalid` naming the entry that lacks something."""
        file = flows / "safety" / "helplines.yml"
        content: dict[str, dict[str, Any]] = read_yaml(file)
        return cls({name: _helpline(file, name, entry) for name, entry in content.items()})

    def numbers(self) -> dict[str, str]:
        """The facts of a text: name → number."""
        return {name: helpline.number for name, helpline in self.by_name.items()}

    def to_review(self, today: date) -> list[str]:
        """Names of those that nobody has compared with their source for a year."""
        return [name for name, helpline in self.by_name.items() if today - helpline.reviewed > REVIEW_AFTER]


def _helpline(file: Path, name: str, entry: dict[str, Any]) -> Helpline:
    wanted = {field.name for field in fields(Helpline)}
    if set(entry) != wanted or not all(entry.values()) or not isinstance(entry["reviewed"], date):
        raise FlowInvalid(f"{file}: `{name}` needs {', '.join(sorted(wanted))}, and a day for `reviewed`.")
    return Helpline(**{**entry, "number": str(entry["number"])})
