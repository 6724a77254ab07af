"""What help is called and which national services there are: `flows/services/needs.yml` and `national.yml`.

Knows nothing of who is given which, nor of services that an agency has entered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.errors import FlowInvalid
from hub.safety import Helplines
from hub.texts import DEFAULT_LANGUAGE
from hub.words import Side
from hub.yaml_file import read_yaml

NATIONAL = "national:"  # begins the key of such a service; an agency's own has a number


@dataclass(frozen=True, slots=True)
class National:
    """`where`: in which part of the country; empty: everywhere we know."""

    key: str
    name: str
    line: str  # of flows/safety/helplines.yml
    phone: str
    hours: str
    needs: tuple[str, ...]
    sides: frozenset[Side]
    where: str
    source: str
    calls_back: bool  # takes a request from us to call somebody


@dataclass(frozen=True, slots=True)
class SupportData:
    needs: Mapping[str, Mapping[str, str]]  # name → language → words, in the order of the file
    national: tuple[National, ...]

    def need_in_words(self, need: str, language: str) -> str:
        words = self.needs[need]
        return words.get(language, words[DEFAULT_LANGUAGE])

    @classmethod
    def from_flows(cls, flows: Path, helplines: Helplines) -> "SupportData":
        """Raises `FlowInvalid` naming what is wrong."""
        folder = flows / "services"
        needs: dict[str, dict[str, str]] = read_yaml(folder / "needs.yml")
        for name, words in needs.items():
            if not {"en", "cy"} <= words.keys():
                raise FlowInvalid(f"{folder / 'needs.yml'}: `{name}` needs words in en and cy.")
        file = folder / "national.yml"
        entries: dict[str, dict[str, Any]] = read_yaml(file)
        return cls(needs, tuple(_national(file, name, each, needs, helplines) for name, each in entries.items()))


def _national(
    file: Path, name: str, entry: dict[str, Any], needs: Mapping[str, object], helplines: Helplines
) -> National:
    line = helplines.by_name.get(entry["line"])
    strange = [need for need in entry["needs"] if need not in needs]
    if line is None or strange:
        raise FlowInvalid(f"{file}: `{name}` names a line or a need that is not known: {entry['line']}, {strange}.")
    return National(
        key=f"{NATIONAL}{name}",
        name=entry["name"],
        line=entry["line"],
        phone=line.number,
        hours=line.hours,
        needs=tuple(entry["needs"]),
        sides=frozenset(map(Side, entry["sides"])),
        where=entry.get("where", ""),
        source=line.source,
        calls_back=bool(entry.get("calls_back")),
    )
